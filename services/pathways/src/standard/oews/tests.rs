//! The traps of the wage survey, on small tables of the same layout.

use super::{regions, top_wage};
use crate::standard::problem::Problems;
use northstar_pathways_domain::{Median, Region};

const HEADER: &str =
    "area_type,area_code,area_title,occ_code,o_group,tot_emp,h_median,a_median,wage_footnotes\r\n";

fn read(rows: &str, top: Option<u32>) -> (Vec<Region>, Problems) {
    let (table, mut problems) = (format!("{HEADER}{rows}"), Problems::default());
    let read = regions(("oews_2025_x.csv", table.as_bytes()), "oews-2025", top, &mut problems);
    (read, problems)
}

/// (occupation, median, jobs) of the first region.
fn figures(regions: &[Region]) -> Vec<(String, Option<Median>, Option<u32>)> {
    let wages = regions[0].wages().iter();
    wages.map(|wage| (wage.soc.to_string(), wage.median, wage.employment)).collect()
}

#[test]
fn a_figure_that_was_not_released_is_missing_and_a_bound_stays_a_bound() {
    let (regions, problems) = read(
        "S,0800000,Colorado,11-1011,detailed,1200,75.00,156000,\r\n\
         S,0800000,Colorado,11-9032,detailed,5760,-,110530,4\r\n\
         S,0800000,Colorado,11-9171,detailed,-,-,-,8\r\n\
         S,0800000,Colorado,27-2042,detailed,420,46.27,-,4\r\n\
         S,0800000,Colorado,29-1212,detailed,200,-,-,5\r\n\
         S,0800000,Colorado,29-1214,detailed,780,#,#,\r\n",
        Some(239_200),
    );
    assert_eq!(problems.listed(), []);
    let expected = [
        ("11-1011".to_owned(), Some(Median::Dollars(156_000)), Some(1_200)),
        ("11-9032".to_owned(), Some(Median::Dollars(110_530)), Some(5_760)),
        ("11-9171".to_owned(), None, None),
        ("27-2042".to_owned(), None, Some(420)),
        ("29-1212".to_owned(), Some(Median::AtLeast(239_200)), Some(200)),
        ("29-1214".to_owned(), Some(Median::AtLeast(239_200)), Some(780)),
    ];
    assert_eq!(figures(&regions), expected);
}

#[test]
fn without_the_bound_a_top_coded_wage_is_missing_rather_than_made_up() {
    let (regions, _) = read("S,0800000,Colorado,29-1212,detailed,200,-,-,5\r\n", None);
    assert_eq!(figures(&regions), [("29-1212".to_owned(), None, Some(200))]);
}

#[test]
fn totals_and_groups_are_left_out() {
    let (regions, problems) = read(
        "S,0800000,Colorado,00-0000,total,2873900,28.75,59800,\r\n\
         S,0800000,Colorado,11-0000,major,157850,72.00,149760,\r\n\
         M,0019740,\"Denver-Aurora, CO\",11-1011,detailed,900,80.00,166400,\r\n",
        None,
    );
    assert_eq!(problems.listed(), []);
    assert_eq!(regions.len(), 1, "an area of groups alone has no wages");
    assert_eq!((regions[0].name(), regions[0].kind().letter()), ("Denver-Aurora, CO", 'M'));
}

#[test]
fn bad_rows_are_named_and_good_ones_kept() {
    let (regions, problems) = read(
        "S,0800000,Colorado,11-1011,detailed,many,75.00,156000,\r\n\
         S,8000,Colorado,11-1011,detailed,10,75.00,156000,\r\n\
         state,0800000,Colorado,11-1011,detailed,10,75.00,156000,\r\n\
         S,0800000,Colorado,11-1011,detailed,10,75.00,99999999999,\r\n\
         S,0800000,Colorado,11-1021,detailed,10,75.00,156000,\r\n\
         S,0800000,Colorado,11-1021,detailed,11,75.00,156000,\r\n",
        None,
    );
    let listed: Vec<_> =
        problems.listed().iter().map(|p| (p.line, p.field.as_str(), p.reason)).collect();
    let expected = [
        (2, "tot_emp", "NOT_A_NUMBER"),
        (3, "area_code", "INVALID_CODE"),
        (4, "area_type", "OUT_OF_BOUNDS"),
        (5, "a_median", "OUT_OF_BOUNDS"),
        (7, "occ_code", "REPEATED"),
    ];
    assert_eq!(listed, expected);
    assert_eq!(figures(&regions), [("11-1021".into(), Some(Median::Dollars(156_000)), Some(10))]);
}

#[test]
fn the_bound_is_read_from_the_footnotes() {
    let notes = |text: &str| format!("footnote_code,footnote_text\r\n4,x\r\n5,\"{text}\"\r\n");
    let said = notes("Equal to or greater than $115.00 per hour or $239,200 per year.");
    assert_eq!(top_wage("f.csv", said.as_bytes()), Ok(239_200));
    let silent = top_wage("f.csv", notes("Top-coded.").as_bytes()).expect_err("no bound");
    assert_eq!(silent.reason, "BOUND_MISSING");
}
