//! Regions from their list and the table of their wages.

use std::collections::{BTreeMap, BTreeSet};

use northstar_pathways_domain::{
    Entry, Median, ReferenceRefusal, Region, RegionCode, RegionKind, SocCode, Wage,
};

use super::open;
use crate::standard::problem::{Problem, Problems};
use crate::standard::reference::{REGION_COLUMNS, REGIONS, WAGE_COLUMNS, WAGES};
use crate::standard::table::Row;

type Paid = BTreeMap<RegionCode, BTreeMap<SocCode, Wage>>;

/// A region is published whole, with those of its wages that could be read.
pub(super) fn read(names: &[u8], wages: &[u8], problems: &mut Problems) -> Vec<Entry> {
    let mut entries = Vec::new();
    let Some(mut paid) = paid(wages, problems) else { return entries };
    let Some(table) = problems.keep(open(REGIONS, names, &REGION_COLUMNS)) else { return entries };
    let mut listed = BTreeSet::new();
    table.each(problems, |row| {
        let code: RegionCode = row.code("region_code")?;
        if !listed.insert(code) {
            return Err(row.problem("region_code", "REPEATED", "the region is listed already"));
        }
        let wages = paid.remove(&code).unwrap_or_default().into_values().collect();
        entries.push(Entry::Region(region(row, code, wages)?));
        Ok(())
    });
    for code in paid.keys().filter(|code| !listed.contains(code)) {
        let message = format!("{code} has wages but {REGIONS} does not list it");
        problems.add(Problem::of_file(WAGES, "UNKNOWN_REGION", message));
    }
    entries
}

fn paid(bytes: &[u8], problems: &mut Problems) -> Option<Paid> {
    let table = problems.keep(open(WAGES, bytes, &WAGE_COLUMNS))?;
    let mut paid = Paid::new();
    table.each(problems, |row| {
        let (region, wage) = (row.code("region_code")?, wage(row)?);
        let wages = paid.entry(region).or_default();
        if wages.contains_key(&wage.soc) {
            return Err(row.problem(
                "soc_code",
                "REPEATED",
                "the region has this occupation already",
            ));
        }
        wages.insert(wage.soc, wage);
        Ok(())
    });
    Some(paid)
}

fn wage(row: &Row<'_>) -> Result<Wage, Problem> {
    let figure = |column: &str| {
        let figure = row.optional(column)?.map(u32::try_from).transpose();
        figure.map_err(|_| row.problem(column, "OUT_OF_BOUNDS", "the figure is too large"))
    };
    let median = figure("annual_median_dollars")?;
    let median = match row.text("median_is_lower_bound")? {
        "" => median.map(Median::Dollars),
        "1" => median.map(Median::AtLeast),
        _ => {
            let message = "1 for a lower bound, empty for a figure";
            return Err(row.problem("median_is_lower_bound", "UNKNOWN_FLAG", message));
        }
    };
    Ok(Wage { soc: row.code("soc_code")?, median, employment: figure("employment")? })
}

fn region(row: &Row<'_>, code: RegionCode, wages: Vec<Wage>) -> Result<Region, Problem> {
    let refused = |refusal: ReferenceRefusal| row.refused(refusal.field(), refusal);
    let kind = RegionKind::parse(row.text("kind")?).map_err(refused)?;
    let (name, release) = (row.text("name")?.to_owned(), row.text("release")?.to_owned());
    Region::new(code, name, kind, release, wages).map_err(refused)
}
