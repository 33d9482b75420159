//! The records of a CSV file, found so that one broken record cannot swallow the rest.
//!
//! A quoted field may hold line breaks, so a quote that is never closed would make everything after
//! it one field. Here a record that does not come out right is given up at its first line, and
//! reading goes on with the next.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read as _};

/// The most lines a record may span.
const MOST_LINES: usize = 64;
/// The longest line, in bytes.
const MOST_BYTES: u64 = 65_536;

/// One physical line with its number, from 1, and its bytes with the line break.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) number: u64,
    pub(super) bytes: Vec<u8>,
    /// The line was longer than allowed; its bytes were dropped.
    pub(super) too_long: bool,
}

/// Physical lines, some of which may be put back to be read again.
pub(super) struct Lines<R> {
    source: R,
    read: u64,
    put_back: VecDeque<Line>,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, read: 0, put_back: VecDeque::new() }
    }

    /// The next line; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.put_back.pop_front() {
            return Ok(Some(line));
        }
        let mut bytes = Vec::new();
        let count = self.source.by_ref().take(MOST_BYTES).read_until(b'\n', &mut bytes)?;
        if count == 0 {
            return Ok(None);
        }
        self.read += 1;
        let too_long = count as u64 == MOST_BYTES && bytes.last() != Some(&b'\n');
        if too_long {
            bytes.clear();
            self.skip_line()?;
        }
        Ok(Some(Line { number: self.read, bytes, too_long }))
    }

    /// The next line and, while a quote is open in it, the lines after it; `None` at the end.
    pub(super) fn next_record(&mut self) -> io::Result<Option<Vec<Line>>> {
        let Some(first) = self.next()? else { return Ok(None) };
        let mut quotes = Quotes::FieldStart.after(&first.bytes);
        let mut lines = vec![first];
        while quotes == Quotes::Open && lines.len() < MOST_LINES {
            let Some(line) = self.next()? else { break };
            quotes = quotes.after(&line.bytes);
            lines.push(line);
        }
        if quotes == Quotes::Open {
            let rest = lines.split_off(1);
            self.put_back(rest);
        }
        Ok(Some(lines))
    }

    /// Lets lines be read again, before all others.
    pub(super) fn put_back(&mut self, lines: Vec<Line>) {
        lines.into_iter().rev().for_each(|line| self.put_back.push_front(line));
    }

    fn skip_line(&mut self) -> io::Result<()> {
        let mut rest = Vec::new();
        loop {
            rest.clear();
            let count = self.source.by_ref().take(MOST_BYTES).read_until(b'\n', &mut rest)?;
            if count == 0 || rest.last() == Some(&b'\n') {
                return Ok(());
            }
        }
    }
}

/// Where a run of CSV bytes stands with its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// No quote is open, and a field begins.
    FieldStart,
    /// Within a field without quotes.
    Plain,
    /// Within quotes: line breaks and commas belong to the field.
    Open,
    /// After a quote that ends the field, unless it is doubled.
    Closing,
    /// Something follows a closed quote.
    Misplaced,
}

impl Quotes {
    /// Where it stands after `bytes`.
    pub(super) fn after(self, bytes: &[u8]) -> Self {
        bytes.iter().fold(self, |state, byte| match (state, byte) {
            (Self::Misplaced, _) => Self::Misplaced,
            (Self::Open, b'"') => Self::Closing,
            (Self::Open, _) | (Self::FieldStart | Self::Closing, b'"') => Self::Open,
            (_, b',' | b'\n') => Self::FieldStart,
            (Self::Closing, b'\r') => Self::Closing,
            (Self::Closing, _) => Self::Misplaced,
            (Self::FieldStart | Self::Plain, _) => Self::Plain,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &str) -> Vec<(u64, usize)> {
        let mut lines = Lines::new(text.as_bytes());
        let mut found = Vec::new();
        while let Some(record) = lines.next_record().expect("memory can be read") {
            found.push((record[0].number, record.len()));
        }
        found
    }

    #[test]
    fn a_quoted_line_break_belongs_to_its_record() {
        assert_eq!(records("a,b\n\"x\ny\",2\nlast"), [(1, 1), (2, 2), (4, 1)]);
    }

    #[test]
    fn an_open_quote_costs_one_line() {
        assert_eq!(records("a\n\"open\nc\nd\n"), [(1, 1), (2, 1), (3, 1), (4, 1)]);
    }

    #[test]
    fn an_open_quote_costs_one_line_in_a_long_file_too() {
        let text = format!("\"open\n{}", "x\n".repeat(500));
        assert_eq!(records(&text).len(), 501);
    }

    #[test]
    fn quotes_open_at_the_start_of_a_field_only() {
        let after = |text: &str| Quotes::FieldStart.after(text.as_bytes());
        assert_eq!(after("5\" pipe"), Quotes::Plain);
        assert_eq!(after("a,\"b"), Quotes::Open);
        assert_eq!(after("\"a \"\"b\"\" c\",d"), Quotes::Plain);
        assert_eq!(after("\"a\"\r\n"), Quotes::FieldStart);
        assert_eq!(after("\"a\"b,c"), Quotes::Misplaced);
    }

    #[test]
    fn a_line_without_end_is_dropped_and_counted() {
        let text = format!("{}\nnext\n", "x".repeat(200_000));
        let mut lines = Lines::new(text.as_bytes());
        let first = lines.next().expect("readable").expect("there is one");
        assert!(first.too_long && first.bytes.is_empty());
        let second = lines.next().expect("readable").expect("there is one");
        assert_eq!((second.number, second.bytes.as_slice()), (2, b"next\n".as_slice()));
    }
}
