//! Rows as JSON: one list of objects, or one object a line.

use std::collections::BTreeMap;

use northstar_evidence::standard::Problem;
use serde_json::value::RawValue;

use super::rows::{Record, Rows};

/// All rows; each name of a field goes to `notice`.
///
/// A row of a list is called by its place, `judgements.json[3]`, for a list may stand on one line.
///
/// # Errors
/// The file is a list that is no JSON. Of lines, each stands for itself.
pub(super) fn json_rows(
    file: &str,
    bytes: &[u8],
    notice: &mut impl FnMut(&str),
) -> Result<Rows, Vec<Problem>> {
    if bytes.trim_ascii_start().starts_with(b"[") {
        return list(file, bytes, notice).map_err(|problem| vec![problem]);
    }
    let lines = (1..).zip(bytes.split(|byte| *byte == b'\n'));
    let filled = lines.filter(|(_, line)| !line.trim_ascii().is_empty());
    let row = |(number, line): (u64, &[u8])| match serde_json::from_slice(line) {
        Ok(object) => row(file, number, object, notice),
        Err(error) => Err(no_json(file, number, &error)),
    };
    Ok(filled.map(row).collect())
}

fn list(file: &str, bytes: &[u8], notice: &mut impl FnMut(&str)) -> Result<Rows, Problem> {
    let broken = |error: serde_json::Error| no_json(file, error.line() as u64, &error);
    let objects: Vec<&RawValue> = serde_json::from_slice(bytes).map_err(broken)?;
    let placed = objects.into_iter().enumerate();
    Ok(placed.map(|(at, object)| row(&format!("{file}[{at}]"), 0, object, notice)).collect())
}

/// The fields keep their text, so that no number passes through a float.
fn row(
    file: &str,
    line: u64,
    object: &RawValue,
    notice: &mut impl FnMut(&str),
) -> Result<Record, Problem> {
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(object.get())
        .map_err(|_| problem(file, line, "", "NO_OBJECT", "a row must be an object"))?;
    let mut named = Vec::new();
    for (name, value) in fields {
        notice(&name);
        let message = "must be a text, a number, true or false";
        let refused = || problem(file, line, &name, "FIELD_INVALID", message);
        let text = text(value).ok_or_else(refused)?;
        named.push((name, text));
    }
    Ok(Record::named(file, line, named))
}

/// A field as a table would have it; `None` for a list or an object.
fn text(value: &RawValue) -> Option<String> {
    match value.get() {
        "null" => Some(String::new()),
        list if list.starts_with(['[', '{']) => None,
        quoted if quoted.starts_with('"') => serde_json::from_str(quoted).ok(),
        plain => Some(plain.to_owned()),
    }
}

fn no_json(file: &str, line: u64, error: &serde_json::Error) -> Problem {
    // The reader's own line is one of the text it was given, not of the file.
    let (said, column) = (error.to_string(), error.column());
    let what = said.split(" at line ").next().unwrap_or_default();
    problem(file, line, "", "NO_JSON", &format!("{what}, at column {column}"))
}

fn problem(file: &str, line: u64, field: &str, reason: &str, message: &str) -> Problem {
    let [file, field, reason, message] = [file, field, reason, message].map(str::to_owned);
    Problem { file, line, field, reason, message }
}
