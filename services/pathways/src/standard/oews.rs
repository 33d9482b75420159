//! The wage survey's tables: regions, wages and jobs by occupation.
//!
//! Only rows of detailed occupations are read: totals and groups would count work twice. `-`, `*`
//! and `**` mean that a figure was not released. A yearly median is published for work that is done
//! the year round, whether paid by the hour or by the year; where it is missing (footnote 4, paid by
//! the hour and not year-round) it stays missing: the hourly wage times 2,080 would be wrong.

use std::collections::BTreeMap;

use northstar_pathways_domain::{Median, Region, RegionCode, RegionKind, SocCode, Wage};

use super::problem::{Problem, Problems};
use super::table::{Layout, Row, Table};

const COLUMNS: [&str; 8] = [
    "area_type",
    "area_code",
    "area_title",
    "occ_code",
    "o_group",
    "tot_emp",
    "a_median",
    "wage_footnotes",
];

/// The footnote that marks a wage above the highest figure that is published.
const TOP_CODED: &str = "5";

struct Draft {
    line: u64,
    name: String,
    kind: RegionKind,
    wages: BTreeMap<SocCode, Wage>,
}

/// Reads one table; `top` is the yearly wage above which no figures are published, in dollars.
pub(crate) fn regions(
    (file, bytes): (&str, &[u8]),
    release: &str,
    top: Option<u32>,
    problems: &mut Problems,
) -> Vec<Region> {
    let Some(table) = problems.keep(Table::open(file, bytes, Layout::Commas, &COLUMNS)) else {
        return Vec::new();
    };
    let mut drafts: BTreeMap<RegionCode, Draft> = BTreeMap::new();
    table.each(problems, |row| take(row, top, &mut drafts));
    let finished = drafts.into_iter().filter_map(|(code, draft)| {
        let wages = draft.wages.into_values().collect();
        let region = Region::new(code, draft.name, draft.kind, release.to_owned(), wages);
        problems.keep(region.map_err(|refusal| Problem::refused(file, draft.line, refusal)))
    });
    finished.collect()
}

fn take(
    row: &Row<'_>,
    top: Option<u32>,
    drafts: &mut BTreeMap<RegionCode, Draft>,
) -> Result<(), Problem> {
    if row.text("o_group")? != "detailed" {
        return Ok(());
    }
    let code: RegionCode = row.code("area_code")?;
    let kind = RegionKind::parse(row.text("area_type")?)
        .map_err(|refusal| row.refused("area_type", refusal))?;
    let name = row.text("area_title")?.to_owned();
    let wage = wage(row, top)?;
    let draft = drafts.entry(code).or_insert_with(|| Draft {
        line: row.line(),
        name,
        kind,
        wages: BTreeMap::new(),
    });
    if draft.wages.contains_key(&wage.soc) {
        return Err(row.problem("occ_code", "REPEATED", "the area has this occupation already"));
    }
    draft.wages.insert(wage.soc, wage);
    Ok(())
}

fn wage(row: &Row<'_>, top: Option<u32>) -> Result<Wage, Problem> {
    let mut footnotes = row.text("wage_footnotes")?.split(|c: char| !c.is_ascii_digit());
    let top_coded = footnotes.any(|footnote| footnote == TOP_CODED);
    let median = match released(row, "a_median")? {
        Some(dollars) => Some(Median::Dollars(dollars)),
        None if top_coded || row.text("a_median")? == "#" => top.map(Median::AtLeast),
        None => None,
    };
    Ok(Wage { soc: row.code("occ_code")?, median, employment: released(row, "tot_emp")? })
}

/// A whole number, or nothing where it was not released or not asked.
fn released(row: &Row<'_>, column: &str) -> Result<Option<u32>, Problem> {
    if ["", "-", "*", "**", "#"].contains(&row.text(column)?) {
        return Ok(None);
    }
    let figure = u32::try_from(row.number(column, 0)?);
    figure.map(Some).map_err(|_| row.problem(column, "OUT_OF_BOUNDS", "the figure is too large"))
}

/// The yearly wage above which the survey publishes no figures, as its list of footnotes says:
/// "… equal to or greater than $115.00 per hour or $239,200 per year."
pub(crate) fn top_wage(file: &str, bytes: &[u8]) -> Result<u32, Problem> {
    let columns = ["footnote_code", "footnote_text"];
    let table = Table::open(file, bytes, Layout::Commas, &columns)?;
    let (mut found, mut unread) = (None, Problems::default());
    table.each(&mut unread, |row| {
        if row.text("footnote_code")? == TOP_CODED {
            found = row.text("footnote_text")?.split(" per year").next().and_then(dollars);
        }
        Ok(())
    });
    found.ok_or_else(|| {
        let message = "footnote 5 does not say a wage per year; top-coded wages are left out";
        Problem::of_file(file, "BOUND_MISSING", message)
    })
}

/// The dollars at the end of a text: `$239,200`.
fn dollars(text: &str) -> Option<u32> {
    text.rsplit_once('$')?.1.replace(',', "").parse().ok()
}

#[cfg(test)]
mod tests;
