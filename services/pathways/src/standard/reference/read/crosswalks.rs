//! Crosswalks from the table of their links.

use std::collections::BTreeMap;

use northstar_kernel::CompetencyId;
use northstar_pathways_domain::{Crosswalk, Entry, Link};

use super::open;
use crate::standard::problem::{Problem, Problems};
use crate::standard::reference::{CROSSWALK, CROSSWALK_COLUMNS};
use crate::standard::table::Row;

/// A crosswalk is published whole, with those of its links that could be read.
pub(super) fn read(bytes: &[u8], problems: &mut Problems) -> Vec<Entry> {
    let table = open(CROSSWALK, bytes, &CROSSWALK_COLUMNS);
    let Some(table) = problems.keep(table) else { return Vec::new() };
    let mut keyed: BTreeMap<String, Vec<Link>> = BTreeMap::new();
    table.each(problems, |row| {
        let link = link(row)?;
        keyed.entry(row.text("crosswalk")?.to_owned()).or_default().push(link);
        Ok(())
    });
    let mut entries = Vec::new();
    for (key, links) in keyed {
        let crosswalk = Crosswalk::new(key, links);
        let crosswalk = crosswalk.map_err(|refusal| Problem::refused(CROSSWALK, 1, refusal));
        entries.extend(problems.keep(crosswalk).map(Entry::Crosswalk));
    }
    entries
}

fn link(row: &Row<'_>) -> Result<Link, Problem> {
    let competency: CompetencyId = row
        .text("competency_id")?
        .parse()
        .map_err(|_| row.problem("competency_id", "INVALID_ID", "a CASE identifier is a UUID"))?;
    let name = row.text("element_name")?.to_owned();
    Link::new(competency, row.code("element_id")?, name, row.number("weight_milli", 0)?)
        .map_err(|refusal| row.refused(refusal.field(), refusal))
}
