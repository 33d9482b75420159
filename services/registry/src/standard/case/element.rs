//! One JSON object of a package, with its place. Only what is asked for is ever looked at, so a
//! wrong value costs the element it stands in and no other.

use std::collections::BTreeMap;

use northstar_kernel::InvalidId;
use serde_json::value::RawValue;

use super::decimal::{Finer, NotThousandths, thousandths};
use crate::standard::Problem;

/// Longest text that is taken, in bytes; statements in use have a few thousand.
const TEXT_MAX: usize = 65_536;

/// A JSON document whose parts know their lines.
pub(super) struct Source<'a> {
    pub(super) file: &'a str,
    text: &'a str,
    line_ends: Vec<usize>,
}

impl<'a> Source<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Self {
        let line_ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self { file, text, line_ends: line_ends.map(|(at, _)| at).collect() }
    }

    /// The line, from 1, on which a part of the document starts.
    fn line(&self, part: &RawValue) -> u64 {
        let offset = (part.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        self.line_ends.partition_point(|&end| end < offset) as u64 + 1
    }

    /// The whole document as one element.
    pub(super) fn root(&'a self) -> Result<Element<'a>, Problem> {
        let fields = serde_json::from_str(self.text).map_err(|error| self.malformed(&error))?;
        Ok(Element { source: self, path: String::new(), line: 1, fields })
    }

    fn malformed(&self, error: &serde_json::Error) -> Problem {
        use serde_json::error::Category;
        let (reason, message) = match error.classify() {
            Category::Eof => {
                ("JSON_TRUNCATED", "the file ends in the middle of the document; fetch it again")
            }
            Category::Data => ("NOT_A_PACKAGE", "the document must be a JSON object"),
            Category::Syntax | Category::Io => (
                "JSON_MALFORMED",
                "the document is no JSON from here on; correct or fetch it again",
            ),
        };
        Problem::new(self.file, error.line() as u64, "", reason, message)
    }
}

/// An object, its path and its line.
pub(super) struct Element<'a> {
    source: &'a Source<'a>,
    pub(super) path: String,
    pub(super) line: u64,
    fields: BTreeMap<String, &'a RawValue>,
}

impl<'a> Element<'a> {
    fn new(source: &'a Source<'a>, path: String, raw: &'a RawValue) -> Result<Self, Problem> {
        let line = source.line(raw);
        match serde_json::from_str(raw.get()) {
            Ok(fields) => Ok(Self { source, path, line, fields }),
            Err(_) => {
                let message = "must be an object";
                Err(Problem::new(source.file, line, path, "WRONG_TYPE", message))
            }
        }
    }

    /// A problem of one of its fields.
    pub(super) fn problem(&self, field: &str, reason: &'static str, message: &str) -> Problem {
        let line = self.fields.get(field).map_or(self.line, |raw| self.source.line(raw));
        Problem::new(self.source.file, line, self.path_of(field), reason, message)
    }

    fn path_of(&self, field: &str) -> String {
        match (self.path.as_str(), field) {
            ("", field) => field.to_owned(),
            (path, "") => path.to_owned(),
            (path, field) => format!("{path}.{field}"),
        }
    }

    /// A field that is there and not null.
    fn raw(&self, field: &str) -> Option<&'a RawValue> {
        self.fields.get(field).copied().filter(|raw| raw.get() != "null")
    }

    /// A text without surrounding blanks; empty if it is absent or null.
    pub(super) fn text(&self, field: &str) -> Result<String, Problem> {
        let Some(raw) = self.raw(field) else { return Ok(String::new()) };
        let text: String = serde_json::from_str(raw.get())
            .map_err(|_| self.problem(field, "WRONG_TYPE", "must be a text"))?;
        if text.len() > TEXT_MAX {
            return Err(self.problem(field, "TEXT_TOO_LONG", "must have at most 65,536 bytes"));
        }
        Ok(text.trim().to_owned())
    }

    /// A text that must say something.
    pub(super) fn required_text(&self, field: &str) -> Result<String, Problem> {
        let text = self.text(field)?;
        if text.is_empty() {
            return Err(self.problem(field, "MISSING_VALUE", "is required and must not be empty"));
        }
        Ok(text)
    }

    /// An identifier; CASE allows UUIDs only.
    pub(super) fn id<T>(&self, field: &str) -> Result<T, Problem>
    where
        T: std::str::FromStr<Err = InvalidId>,
    {
        let text = self.text(field)?;
        if text.is_empty() {
            return Err(self.problem(field, "MISSING_IDENTIFIER", "every part needs a UUID"));
        }
        text.parse().map_err(|_| {
            self.problem(field, "IDENTIFIER_NOT_A_UUID", "CASE identifiers are UUIDs; give it one")
        })
    }

    /// A number, or the same written as a text, in thousandths; `None` if absent, null or empty.
    pub(super) fn thousandths(&self, field: &str, finer: Finer) -> Result<Option<i64>, Problem> {
        let Some(raw) = self.raw(field) else { return Ok(None) };
        let text = if raw.get().starts_with('"') { self.text(field)? } else { raw.get().into() };
        if text.is_empty() {
            return Ok(None);
        }
        thousandths(&text, finer).map(Some).map_err(|why| match why {
            NotThousandths::NotANumber => self.problem(field, "WRONG_TYPE", "must be a number"),
            NotThousandths::TooFine => {
                self.problem(field, "NUMBER_TOO_FINE", "must have at most three decimals")
            }
            NotThousandths::TooLarge => {
                self.problem(field, "NUMBER_TOO_LARGE", "must be at most a million millions")
            }
        })
    }

    /// A whole number, or the same written as a text; `None` if absent, null or empty.
    pub(super) fn whole(&self, field: &str) -> Result<Option<i64>, Problem> {
        match self.thousandths(field, Finer::Refuse)? {
            Some(milli) if milli % 1000 != 0 => {
                Err(self.problem(field, "WRONG_TYPE", "must be a whole number"))
            }
            milli => Ok(milli.map(|milli| milli / 1000)),
        }
    }

    /// An object inside; `None` if absent or null.
    pub(super) fn object(&self, field: &str) -> Result<Option<Self>, Problem> {
        let child = |raw| Self::new(self.source, self.path_of(field), raw);
        self.raw(field).map(child).transpose()
    }

    /// The objects of a list, each by itself; none if it is absent or null.
    ///
    /// # Errors
    /// When it is no list.
    pub(super) fn list(
        &self,
        field: &str,
    ) -> Result<impl ExactSizeIterator<Item = Result<Self, Problem>> + use<'a>, Problem> {
        let items: Vec<&'a RawValue> = match self.raw(field) {
            None => Vec::new(),
            Some(raw) => serde_json::from_str(raw.get())
                .map_err(|_| self.problem(field, "WRONG_TYPE", "must be a list"))?,
        };
        let (source, path) = (self.source, self.path_of(field));
        let item = move |(index, raw)| Self::new(source, format!("{path}[{index}]"), raw);
        Ok(items.into_iter().enumerate().map(item))
    }
}
