//! Compact tables in, entries to publish out.

mod crosswalks;
mod occupations;
mod regions;

use std::collections::BTreeMap;

use northstar_pathways_domain::Entry;

use super::{CROSSWALK, FILES, OCCUPATIONS, RATINGS, REGIONS, WAGES};
use crate::standard::problem::{Problem, Problems};
use crate::standard::table::{Layout, Table};

/// Tables by file name.
type Files = BTreeMap<String, Vec<u8>>;

/// Reads the tables that are there; occupations need their ratings beside them, regions their wages.
///
/// A row that is refused is a problem, and the rest is read. An occupation whose row is refused
/// stays as it was published before; a wage or a link whose row is refused is unknown from then on.
pub fn read(files: &Files) -> (Vec<Entry>, Problems) {
    let mut problems = Problems::default();
    for name in files.keys().filter(|name| !FILES.contains(&name.as_str())) {
        let message = format!("no such table; send {}", FILES.join(", "));
        problems.add(Problem::of_file(name, "UNKNOWN_FILE", message));
    }
    let mut entries = Vec::new();
    if let Some((titles, ratings)) = pair(files, OCCUPATIONS, RATINGS, &mut problems) {
        entries.extend(occupations::read(titles, ratings, &mut problems));
    }
    if let Some((names, wages)) = pair(files, REGIONS, WAGES, &mut problems) {
        entries.extend(regions::read(names, wages, &mut problems));
    }
    if let Some(links) = files.get(CROSSWALK) {
        entries.extend(crosswalks::read(links, &mut problems));
    }
    (entries, problems)
}

/// Two tables that make sense together only; `None` if neither or one is there.
fn pair<'a>(
    files: &'a Files,
    one: &str,
    other: &str,
    problems: &mut Problems,
) -> Option<(&'a [u8], &'a [u8])> {
    match (files.get(one), files.get(other)) {
        (Some(first), Some(second)) => Some((first, second)),
        (None, None) => None,
        (Some(_), None) => {
            let message = format!("{one} needs this table beside it; send both");
            problems.add(Problem::of_file(other, "FILE_MISSING", message));
            None
        }
        (None, Some(_)) => {
            let message = format!("{other} needs this table beside it; send both");
            problems.add(Problem::of_file(one, "FILE_MISSING", message));
            None
        }
    }
}

fn open<'a>(file: &'a str, bytes: &'a [u8], columns: &[&str]) -> Result<Table<'a>, Problem> {
    Table::open(file, bytes, Layout::Commas, columns)
}
