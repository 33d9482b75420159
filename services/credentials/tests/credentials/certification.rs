//! The checklist of certification names tests that exist, for every line that can be shown here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The lines that there must be, by letter and how many.
const LINES: [(char, usize); 4] = [('I', 8), ('D', 7), ('H', 10), ('C', 5)];

/// What a line without a test must begin with.
const EXCUSES: [&str; 2] = ["Not offline: ", "Open: "];

fn crate_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every line's name, and what it is shown by.
fn lines() -> BTreeMap<String, String> {
    let text = fs::read_to_string(crate_folder().join("CERTIFICATION.md")).expect("the checklist");
    let rows = text.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let rows = rows.map(|row| row.split(" | ").collect::<Vec<_>>());
    rows.filter(|cells| !["line", "---"].contains(&cells[0]))
        .map(|cells| {
            let [name, _, shown] = cells[..] else { panic!("three cells in {cells:?}") };
            (name.to_owned(), shown.to_owned())
        })
        .collect()
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// `file.rs::function` of every test of this crate, its libraries, the program and the journeys.
fn tests() -> BTreeSet<String> {
    let root = crate_folder().join("../..");
    let mut files = Vec::new();
    for folder in ["services/credentials", "services/northstar", "tests/tests"] {
        rust_files(&root.join(folder), &mut files);
    }
    let mut tests = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a text");
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        let mut marked = false;
        for line in text.lines().map(str::trim) {
            let declared = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
            match declared.and_then(|rest| rest.split_once('(')) {
                Some((function, _)) if marked => drop(tests.insert(format!("{name}::{function}"))),
                _ => {}
            }
            let attribute = line.starts_with("#[");
            marked = line == "#[test]" || line.starts_with("#[tokio::test") || marked && attribute;
        }
    }
    tests
}

#[test]
fn every_line_is_there() {
    let found: BTreeSet<String> = lines().into_keys().collect();
    let wanted = LINES
        .into_iter()
        .flat_map(|(letter, count)| (1..=count).map(move |number| format!("{letter}{number}")));
    assert_eq!(found, wanted.collect());
}

#[test]
fn every_line_names_tests_that_exist_or_says_why_not() {
    let tests = tests();
    assert!(tests.len() > 200, "{}", tests.len());
    for (line, shown) in lines() {
        let named: Vec<&str> = shown.split('`').skip(1).step_by(2).collect();
        if named.is_empty() {
            let excuse = EXCUSES.iter().find_map(|excuse| shown.strip_prefix(excuse));
            assert!(excuse.is_some_and(|why| !why.is_empty()), "{line} shows nothing: {shown}");
        }
        for test in named {
            assert!(tests.contains(test), "{line} names {test}, which is no test");
        }
    }
}
