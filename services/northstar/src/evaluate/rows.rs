//! The rows of a file, whichever form it has.

use std::collections::BTreeSet;

use northstar_evidence::standard::Problem;
use northstar_evidence::standard::table::Table;

use super::json_rows::json_rows;

pub(super) use northstar_evidence::standard::table::Record;

/// Rows in the order of their file, each read or refused.
pub(super) type Rows = Vec<Result<Record, Problem>>;

const REQUIRED: [&str; 4] = ["learner", "competency", "observed_at", "value"];
const OPTIONAL: [&str; 6] = ["recorded_at", "evidence", "assessor", "role", "kind", "validated"];

/// All rows; the names that mean nothing go to `unread`.
///
/// A file that begins with `[` or `{` is JSON, any other CSV.
///
/// # Errors
/// What keeps the file from being read at all.
pub(super) fn rows(
    file: &str,
    bytes: &[u8],
    unread: &mut BTreeSet<String>,
) -> Result<Rows, Vec<Problem>> {
    let marked = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut notice = |name: &str| {
        if !REQUIRED.contains(&name) && !OPTIONAL.contains(&name) {
            unread.insert(name.to_owned());
        }
    };
    if let b'[' | b'{' = marked.trim_ascii_start().first().unwrap_or(&0) {
        return json_rows(file, marked, &mut notice);
    }
    let table = Table::open(file, bytes, &REQUIRED)?;
    table.columns().iter().for_each(|name| notice(name));
    Ok(table.collect())
}
