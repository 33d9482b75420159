//! One file of a set: a header, and lines whose cells are asked for by column.

use std::collections::BTreeMap;

use super::{Place, Problem, utf8};
use crate::standard::csv::{Record, Records};

/// Longest text of a cell that is taken, in characters; the standard allows 255 for an id.
const TEXT_MAX_CHARS: usize = 255;

/// An open file.
pub(super) struct Table<'a> {
    file: &'static str,
    columns: BTreeMap<String, usize>,
    width: usize,
    records: Records<'a>,
}

impl<'a> Table<'a> {
    /// Reads the header.
    ///
    /// # Errors
    /// When the file as a whole is in another encoding, or lacks a required column.
    pub(super) fn open(
        file: &'static str,
        bytes: &'a [u8],
        required: &[&str],
    ) -> Result<Self, Problem> {
        let mut records = Records::new(utf8::unmarked(file, bytes)?);
        let Some(Ok(header)) = records.next() else {
            let message = "the first line must name the columns";
            return Err(Problem::new(file, 1, "", "HEADER_MISSING", message));
        };
        let name = |column| Some((header.text(column)?.into_owned(), column));
        let columns: BTreeMap<_, _> = (0..header.len()).rev().filter_map(name).collect();
        for &column in required {
            if !columns.contains_key(column) {
                let message =
                    format!("the file has no column {column}; nothing of it can be read without");
                return Err(Problem::new(file, header.line, column, "MISSING_COLUMN", message));
            }
        }
        Ok(Self { file, columns, width: header.len(), records })
    }

    /// The next line, or why it cannot be read; `None` at the end.
    pub(super) fn next_line(&mut self) -> Option<Result<Line<'_>, Problem>> {
        let record = match self.records.next()? {
            Ok(record) => record,
            Err(unbalanced) => {
                let message = "a quote on this line is not closed, or text follows a closing quote";
                let place = Place { file: self.file, line: unbalanced.line };
                return Some(Err(place.problem("", "QUOTES_UNBALANCED", message)));
            }
        };
        let place = Place { file: self.file, line: record.line };
        if record.len() != self.width {
            if record.lines > 1 {
                self.records.reread_after_first_line(&record);
            }
            let (has, wants) = (record.len(), self.width);
            let message = format!("the line has {has} fields where the header has {wants}");
            return Some(Err(place.problem("", "FIELD_COUNT", message)));
        }
        Some(Ok(Line { place, columns: &self.columns, record }))
    }
}

/// One line with as many cells as the header.
pub(super) struct Line<'t> {
    pub(super) place: Place,
    columns: &'t BTreeMap<String, usize>,
    record: Record<'t>,
}

impl Line<'_> {
    /// The text of a cell; empty if there is no such column.
    pub(super) fn text(&self, column: &str) -> Result<String, Problem> {
        let Some(&index) = self.columns.get(column) else { return Ok(String::new()) };
        let text = self.record.text(index).ok_or_else(|| {
            let message = "the value is not UTF-8; save the file as UTF-8";
            self.place.problem(column, "WRONG_ENCODING", message)
        })?;
        if text.chars().count() > TEXT_MAX_CHARS {
            let message = "the value may have at most 255 characters";
            return Err(self.place.problem(column, "TEXT_TOO_LONG", message));
        }
        Ok(text.into_owned())
    }

    /// A text that must not be empty.
    pub(super) fn required(&self, column: &str) -> Result<String, Problem> {
        let text = self.text(column)?;
        if text.is_empty() {
            return Err(self.place.problem(column, "MISSING_VALUE", "a value is required here"));
        }
        Ok(text)
    }

    /// The values of a comma-separated list inside a cell.
    pub(super) fn list(&self, column: &str) -> Result<Vec<String>, Problem> {
        let values = self.text(column)?;
        let values = values.split(',').map(str::trim).filter(|value| !value.is_empty());
        Ok(values.map(str::to_owned).collect())
    }

    /// One of the standard's words, or a word of the publisher's own that starts with `ext:`.
    pub(super) fn word(&self, column: &str, words: &[&str]) -> Result<String, Problem> {
        let text = self.required(column)?;
        if words.contains(&text.as_str()) || text.starts_with("ext:") {
            return Ok(text);
        }
        let message = format!("must be one of {}, or start with ext:", words.join(", "));
        Err(self.place.problem(column, "WORD_UNKNOWN", message))
    }

    /// `true` or `false`.
    pub(super) fn truth(&self, column: &str) -> Result<bool, Problem> {
        match self.required(column)?.to_ascii_lowercase().as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(self.place.problem(column, "NOT_TRUE_OR_FALSE", "must be true or false")),
        }
    }

    /// A day of the calendar as `YYYY-MM-DD`; empty if none is given.
    pub(super) fn date(&self, column: &str) -> Result<String, Problem> {
        let text = self.text(column)?;
        if text.is_empty() || is_date(&text) {
            return Ok(text);
        }
        Err(self.place.problem(column, "NOT_A_DATE", "must be a day as YYYY-MM-DD, or empty"))
    }

    /// Whether the line takes its subject out of the roster.
    pub(super) fn to_be_deleted(&self) -> Result<bool, Problem> {
        match self.text("status")?.to_ascii_lowercase().as_str() {
            "" | "active" => Ok(false),
            "tobedeleted" => Ok(true),
            _ => {
                let message = "must be active, tobedeleted or empty";
                Err(self.place.problem("status", "WORD_UNKNOWN", message))
            }
        }
    }
}

fn is_date(text: &str) -> bool {
    let number = |range| text.get(range).and_then(|part: &str| part.parse::<u32>().ok());
    let digits = |(at, byte): (usize, u8)| {
        if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() }
    };
    if text.len() != 10 || !text.bytes().enumerate().all(digits) {
        return false;
    }
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => 31,
    };
    (1..=12).contains(&month) && (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_a_day_of_the_calendar() {
        for good in ["2025-08-18", "2024-02-29", "2000-02-29", "1999-12-31"] {
            assert!(is_date(good), "{good}");
        }
        for bad in [
            "2025-02-29",
            "1900-02-29",
            "2025-13-01",
            "2025-00-01",
            "2025-04-31",
            "2025-01-00",
            "08/18/2025",
            "2025-8-18",
            "20250818",
            "2025-08-18T00:00:00Z",
            "+025-08-18",
            "2025-é-1",
        ] {
            assert!(!is_date(bad), "{bad}");
        }
    }

    #[test]
    fn a_missing_column_costs_the_whole_file() {
        let problem = Table::open("orgs.csv", b"sourcedId,name\na,b", &["sourcedId", "type"]);
        let problem = problem.err().expect("type is missing");
        assert_eq!((problem.line, problem.field.as_str()), (1, "type"));
        assert_eq!(problem.reason, "MISSING_COLUMN");
        assert!(Table::open("orgs.csv", b"", &[]).is_err());
    }

    #[test]
    fn a_line_with_too_few_or_too_many_fields_is_refused_alone() {
        let mut table = Table::open("orgs.csv", b"a,b\n1\n1,2\n1,2,3\n", &[]).expect("a header");
        let mut reasons = Vec::new();
        while let Some(line) = table.next_line() {
            reasons.push(line.map_or_else(
                |problem| (problem.line, problem.reason),
                |line| (line.place.line, ""),
            ));
        }
        assert_eq!(reasons, [(2, "FIELD_COUNT"), (3, ""), (4, "FIELD_COUNT")]);
    }
}
