//! The checker as a program.

use std::io::Write as _;
use std::process::{Command, Stdio};

const CHECKER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/checker.py");

/// What the checker made of some derivations.
pub(crate) struct Said {
    pub(crate) agrees: bool,
    /// All that it wrote.
    pub(crate) words: String,
}

/// Lets the checker read `derivations`.
pub(crate) fn check(derivations: impl IntoIterator<Item = String>) -> Said {
    let mut program = Command::new("python3")
        .arg(CHECKER)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Python 3 is on the PATH: the tests need it");
    let lines = derivations.into_iter().map(|line| line + "\n").collect::<String>();
    // It reads all before it writes. If it ends before that, what it said is of more use than that
    // a pipe broke.
    let _ = program.stdin.take().map(|mut input| input.write_all(lines.as_bytes()));
    let ended = program.wait_with_output().expect("the checker ends");
    let words = [ended.stdout, ended.stderr].concat();
    Said { agrees: ended.status.success(), words: String::from_utf8_lossy(&words).into_owned() }
}
