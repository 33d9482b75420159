//! `northstar evaluate`, as somebody with a spreadsheet meets it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// How the program ended, and what it wrote.
struct Ended {
    code: Option<i32>,
    said: String,
    complained: String,
}

fn northstar(folder: &Path, arguments: &[&str]) -> Ended {
    let mut program = Command::new(env!("CARGO_BIN_EXE_northstar"));
    let ended = program.current_dir(folder).args(arguments).output().expect("the program runs");
    let [said, complained] =
        [ended.stdout, ended.stderr].map(|bytes| String::from_utf8(bytes).expect("UTF-8"));
    Ended { code: ended.status.code(), said, complained }
}

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/evaluate")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn evaluate(evidence: &str, more: &[&str]) -> Ended {
    let arguments =
        ["evaluate", "--policy", "rule.json", "--evidence", evidence, "--as-of", "2026-03-02"];
    northstar(&here(), &[&arguments, more].concat())
}

/// A file beside this one.
fn expected(name: &str) -> String {
    std::fs::read_to_string(here().join(name)).expect("the file is there")
}

/// Without the blanks that fill the last column of a table.
fn trimmed(text: &str) -> String {
    text.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

#[test]
fn of_a_spreadsheet_the_good_rows_count_and_the_bad_ones_are_named() {
    for file in ["classroom.csv", "classroom.json", "classroom.jsonl"] {
        let ended = evaluate(file, &["--scale", "1,2,3,4"]);
        assert_eq!(trimmed(&ended.said), expected(&format!("{file}.table.txt")), "{file}");
        assert_eq!(ended.complained, expected(&format!("{file}.problems.txt")), "{file}");
        assert_eq!(ended.code, Some(1), "{file}: some rows were refused");
    }
}

#[test]
fn for_programs_it_is_one_document_with_every_derivation() {
    let ended = evaluate("classroom.jsonl", &["-o", "json"]);
    let said: Value = serde_json::from_str(&ended.said).expect("JSON");
    let document: Value =
        serde_json::from_str(&expected("classroom.jsonl.document.json")).expect("JSON");
    assert_eq!(said, document);
    assert_eq!(ended.code, Some(1), "a row was refused");
}

#[test]
fn the_checker_reads_the_document() {
    let ended = evaluate("classroom.csv", &["--scale", "1,2,3,4", "-o", "json"]);
    let mut checker = Command::new("python3")
        .arg(root().join("tests/checker.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python 3 is on the PATH: the tests need it");
    let input = checker.stdin.take().expect("its input is a pipe");
    std::io::Write::write_all(&mut { input }, ended.said.as_bytes()).expect("it reads all");
    let checked = checker.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&checked.stdout), "5 checked, 0 disagreements\n");
    assert!(checked.status.success());
}

#[test]
fn a_rule_that_is_not_valid_is_refused_with_all_that_is_wrong() {
    let arguments = ["evaluate", "--policy", "no_rule.json", "--evidence", "classroom.csv"];
    let ended = northstar(&here(), &arguments);
    assert_eq!((ended.code, ended.said.as_str()), (Some(2), ""));
    assert_eq!(ended.complained, expected("no_rule.json.problems.txt"));
}

#[test]
fn a_file_that_is_not_there_is_an_error_and_a_misspelt_day_a_misspelt_command() {
    let missing = evaluate("nowhere.csv", &[]);
    assert_eq!(missing.code, Some(1));
    assert!(missing.complained.contains("nowhere.csv"), "{}", missing.complained);
    for wrong in [["--as-of", "02.03.2026"], ["--scale", "4,3"], ["--scale", "one"]] {
        let arguments = ["evaluate", "--policy", "rule.json", "--evidence", "classroom.csv"];
        let ended = northstar(&here(), &[&arguments[..], &wrong[..]].concat());
        assert_eq!(ended.code, Some(2), "{wrong:?}");
        assert!(ended.complained.contains(wrong[0]), "{}", ended.complained);
    }
}

#[test]
fn what_the_readme_says_to_type_works() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("it is there");
    let line = readme.lines().find(|line| line.contains("northstar evaluate ")).expect("a line");
    let words: Vec<&str> = line.split('#').next().unwrap_or_default().split_whitespace().collect();
    let ended = northstar(&root(), &words[1..]);
    assert_eq!(trimmed(&ended.said), expected("readme.table.txt"), "{}", ended.complained);
    assert_eq!((ended.code, ended.complained.as_str()), (Some(0), ""));
}
