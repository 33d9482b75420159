//! What people and programs read.

use std::io::{self, Write as _};

use anyhow::Context as _;
use clap::ValueEnum;
use comfy_table::{ContentArrangement, ContentLineStyle, LineStyle, Table, TableStyle};
use northstar_kernel::Timestamp;
use serde::Serialize;

/// For whom a command prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Tables, for people.
    Table,
    /// One JSON document (or one a line, for streams), for programs.
    Json,
}

/// A line to standard output; a reader that has gone away is no error worth a word.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// A line to standard error.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// One JSON document, indented.
pub(crate) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    say(&serde_json::to_string_pretty(value).context("writing JSON")?);
    Ok(())
}

/// One JSON document on one line.
pub(crate) fn json_line(value: &impl Serialize) -> anyhow::Result<()> {
    say(&serde_json::to_string(value).context("writing JSON")?);
    Ok(())
}

/// A line under the header, and nothing else: a row of figures is easy to copy.
const LINES: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none().junction(' '))
    .header_separator(LineStyle::none().fill('-').junction('-'))
    .content_lines(ContentLineStyle::none().junction(' '));

/// A table with a heading.
pub(crate) fn table<const N: usize>(
    header: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) {
    let mut table = Table::new();
    table.load_style(LINES);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header);
    table.add_rows(rows);
    say(&table.to_string());
}

/// Thousandths as people write them: 3210 is `3.21`, 3000 is `3`.
pub(crate) fn milli(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let (whole, rest) = (value.unsigned_abs() / 1_000, value.unsigned_abs() % 1_000);
    let decimals = format!("{rest:03}");
    match decimals.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        decimals => format!("{sign}{whole}.{decimals}"),
    }
}

/// An instant as the API has it.
pub(crate) fn instant(at: Timestamp) -> prost_types::Timestamp {
    let (seconds, nanos) = at.parts();
    prost_types::Timestamp { seconds, nanos }
}

/// Thousandths of a whole as percent: 875 is `87.5 %`.
pub(crate) fn percent(value: i32) -> String {
    format!("{}.{} %", value / 10, value % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_people_write_them() {
        let milli_cases = [(3_210, "3.21"), (3_000, "3"), (5, "0.005"), (-1_500, "-1.5"), (0, "0")];
        for (value, text) in milli_cases {
            assert_eq!(milli(value), text);
        }
        assert_eq!(percent(875), "87.5 %");
        assert_eq!(percent(1_000), "100.0 %");
    }
}
