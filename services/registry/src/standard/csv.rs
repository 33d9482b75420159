//! Comma-separated values (RFC 4180) that survive a forgotten quote.
//!
//! A quote that is opened and never properly closed would swallow the rest of a file. Here it costs
//! one line: the line it stands on is reported, and reading goes on with the next one.

use std::borrow::Cow;
use std::ops::Range;

/// A quoted value may span so many lines; longer, and its closing quote was forgotten.
const VALUE_LINES_MAX: u64 = 50;

/// Reads records one by one.
pub struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

/// One record: where its cells are. A cell becomes text only when it is asked for.
#[derive(Debug)]
pub struct Record<'a> {
    bytes: &'a [u8],
    /// The line it starts on, from 1.
    pub line: u64,
    /// How many lines it spans.
    pub lines: u64,
    cells: Vec<Range<usize>>,
}

/// A line that is no record: a quote on it is not closed, or followed by something else than a
/// comma.
#[derive(Debug, PartialEq, Eq)]
pub struct Unbalanced {
    /// The line, from 1.
    pub line: u64,
}

impl<'a> Records<'a> {
    /// Starts at the first line.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, line: 1 }
    }

    /// Goes back to the line after the one on which `record` starts, when a record of several lines
    /// turns out to be none.
    pub fn reread_after_first_line(&mut self, record: &Record<'_>) {
        let start = record.cells.first().map_or(self.at, |cell| cell.start);
        self.skip_line(start, record.line);
    }

    fn skip_line(&mut self, from: usize, line: u64) {
        let rest = &self.bytes[from..];
        let length = rest.iter().position(|&byte| byte == b'\n').map_or(rest.len(), |end| end + 1);
        self.at = from + length;
        self.line = line + 1;
    }

    fn skip_blank_lines(&mut self) {
        while let Some(byte @ (b'\r' | b'\n')) = self.bytes.get(self.at) {
            self.line += u64::from(*byte == b'\n');
            self.at += 1;
        }
    }

    /// Takes one cell off; `None` if its quotes do not fit.
    fn cell(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        if self.bytes.get(start) != Some(&b'"') {
            let rest = &self.bytes[start..];
            let end = rest.iter().position(|byte| matches!(byte, b',' | b'\n'));
            self.at = start + end.unwrap_or(rest.len());
            return Some(start..self.at);
        }
        self.quoted()?;
        let closed = matches!(self.bytes[self.at..], [] | [b',' | b'\n', ..] | [b'\r', b'\n', ..]);
        let end = self.at;
        if self.bytes[end..].starts_with(b"\r\n") {
            self.at += 1;
        }
        closed.then_some(start..end)
    }

    /// Moves behind the closing quote.
    fn quoted(&mut self) -> Option<()> {
        let last_line = self.line + VALUE_LINES_MAX;
        self.at += 1;
        loop {
            match self.bytes.get(self.at)? {
                b'"' if self.bytes.get(self.at + 1) == Some(&b'"') => self.at += 1,
                b'"' => break,
                b'\n' if self.line == last_line => return None,
                b'\n' => self.line += 1,
                _ => {}
            }
            self.at += 1;
        }
        self.at += 1;
        Some(())
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, Unbalanced>;

    fn next(&mut self) -> Option<Self::Item> {
        self.skip_blank_lines();
        if self.at >= self.bytes.len() {
            return None;
        }
        let (start, line) = (self.at, self.line);
        let mut cells = Vec::new();
        loop {
            let Some(cell) = self.cell() else {
                self.skip_line(start, line);
                return Some(Err(Unbalanced { line }));
            };
            cells.push(cell);
            if self.bytes.get(self.at) != Some(&b',') {
                break;
            }
            self.at += 1;
        }
        self.at += 1;
        self.line += 1;
        Some(Ok(Record { bytes: self.bytes, line, lines: self.line - line, cells }))
    }
}

impl<'a> Record<'a> {
    /// How many cells it has.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether it has none; a record that was read has at least one.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The text of a cell, without quotes and surrounding blanks; empty beyond the last cell.
    /// `None` if it is not UTF-8.
    pub fn text(&self, column: usize) -> Option<Cow<'a, str>> {
        let Some(cell) = self.cells.get(column) else { return Some(Cow::Borrowed("")) };
        let text = std::str::from_utf8(&self.bytes[cell.clone()]).ok()?.trim();
        let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        Some(match inner {
            Some(inner) if inner.contains("\"\"") => {
                Cow::Owned(inner.replace("\"\"", "\"").trim().to_owned())
            }
            Some(inner) => Cow::Borrowed(inner.trim()),
            None => Cow::Borrowed(text),
        })
    }
}

#[cfg(test)]
mod tests;
