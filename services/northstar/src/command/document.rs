//! Documents that are published from a file.

use std::path::Path;

use anyhow::{Context as _, anyhow};
use northstar_mastery::standard::DocumentRefusal;

/// The text of a file.
pub(super) fn read(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))
}

/// All that is wrong with a document, a line each.
#[expect(clippy::needless_pass_by_value, reason = "made to be passed to map_err")]
pub(super) fn problems(refusal: DocumentRefusal) -> anyhow::Error {
    let lines = refusal.problems.iter().map(|it| format!("\n  {} {}", it.path, it.what));
    anyhow!("the document cannot be read:{}", lines.collect::<String>())
}
