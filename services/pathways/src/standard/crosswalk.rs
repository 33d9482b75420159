//! The authored list of links from a framework's competencies to O*NET's elements.

use std::collections::BTreeSet;

use northstar_kernel::CompetencyId;
use northstar_pathways_domain::{Crosswalk, ElementId, Link};

use super::problem::{Problem, Problems};
use super::table::{Layout, Row, Table};

const COLUMNS: [&str; 4] =
    ["competency_case_identifier", "onet_element_id", "onet_element_name", "weight"];

/// Reads one list. Links to elements that no occupation is rated on are refused: they would look
/// like coverage and be none.
pub(crate) fn crosswalk(
    (file, bytes): (&str, &[u8]),
    key: &str,
    elements: &BTreeSet<ElementId>,
    problems: &mut Problems,
) -> Option<Crosswalk> {
    let table = problems.keep(Table::open(file, bytes, Layout::Commas, &COLUMNS))?;
    let mut links = Vec::new();
    table.each(problems, |row| {
        links.push(link(row, elements)?);
        Ok(())
    });
    let crosswalk = Crosswalk::new(key.to_owned(), links);
    problems.keep(crosswalk.map_err(|refusal| Problem::refused(file, 1, refusal)))
}

fn link(row: &Row<'_>, elements: &BTreeSet<ElementId>) -> Result<Link, Problem> {
    let column = "competency_case_identifier";
    let competency: CompetencyId = row
        .text(column)?
        .parse()
        .map_err(|_| row.problem(column, "INVALID_ID", "a CASE identifier is a UUID"))?;
    let element: ElementId = row.code("onet_element_id")?;
    if !elements.contains(&element) {
        let message = "no occupation is rated on this element";
        return Err(row.problem("onet_element_id", "UNKNOWN_ELEMENT", message));
    }
    let (name, weight) = (row.text("onet_element_name")?, row.number("weight", 3)?);
    Link::new(competency, element, name.to_owned(), weight)
        .map_err(|refusal| row.refused(refusal.field(), refusal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_links_are_named_and_good_ones_kept() {
        let id = "63250779-73d0-5546-a341-e14def2c59ef";
        let table = format!(
            "competency_case_identifier,onet_element_id,onet_element_name,weight\n\
             {id},2.A.1.a,Reading,0.6\nx,2.A.1.a,Reading,1\n{id},2.Z.9.z,None,1\n\
             {id},2.A.1.b,Listening,1.5\n"
        );
        let elements = ["2.A.1.a", "2.A.1.b"].map(|id| id.parse().expect("an element"));
        let mut problems = Problems::default();
        let file = ("x.csv", table.as_bytes());
        let read = crosswalk(file, "x", &BTreeSet::from(elements), &mut problems).expect("links");
        assert_eq!(read.links().len(), 1);
        assert_eq!(read.links()[0].weight_milli(), 600);
        let listed: Vec<_> = problems.listed().iter().map(|p| (p.line, p.reason)).collect();
        let expected = [(3, "INVALID_ID"), (4, "UNKNOWN_ELEMENT"), (5, "OUT_OF_BOUNDS")];
        assert_eq!(listed, expected);
    }
}
