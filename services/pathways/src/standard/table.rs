//! Delimited text with a header, read row by row with the place of every field.

mod lines;
mod row;

use csv::{ByteRecord, ReaderBuilder};

use super::problem::{Problem, Problems};
use lines::Lines;
pub(crate) use row::Row;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Commas, with quotes around fields that need them.
    Commas,
    /// Tabs; quotes are ordinary characters.
    Tabs,
}

/// A table whose header has been read.
pub(crate) struct Table<'a> {
    file: &'a str,
    columns: Vec<String>,
    reader: csv::Reader<&'a [u8]>,
    lines: Lines<'a>,
}

impl<'a> Table<'a> {
    /// Reads the header and checks that the `required` columns are there; others may be too.
    ///
    /// # Errors
    /// An unreadable header or a missing column.
    pub(crate) fn open(
        file: &'a str,
        bytes: &'a [u8],
        layout: Layout,
        required: &[&str],
    ) -> Result<Self, Problem> {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes); // a byte order mark
        let (delimiter, quoting) = match layout {
            Layout::Commas => (b',', true),
            Layout::Tabs => (b'\t', false),
        };
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .quoting(quoting)
            .flexible(true)
            .from_reader(text);
        let unreadable = |_| Problem::of_file(file, "HEADER_UNREADABLE", "the header is not UTF-8");
        let columns: Vec<String> =
            reader.headers().map_err(unreadable)?.iter().map(str::to_owned).collect();
        if let Some(missing) = required.iter().find(|name| !columns.iter().any(|c| c == **name)) {
            let message = format!("the header has no column {missing}; the file was not read");
            let problem = Problem::of_file(file, "COLUMN_MISSING", message);
            return Err(Problem { field: (*missing).to_owned(), ..problem });
        }
        let lines = Lines::of(text);
        Ok(Self { file, columns, reader, lines })
    }

    /// The header.
    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Hands over each row; a row that is refused becomes a problem and the next one is read.
    pub(crate) fn each(
        mut self,
        problems: &mut Problems,
        mut take: impl FnMut(&Row<'_>) -> Result<(), Problem>,
    ) {
        let mut record = ByteRecord::new();
        loop {
            match self.reader.read_byte_record(&mut record) {
                Ok(false) => return,
                Ok(true) => {
                    let byte = record.position().map_or(0, csv::Position::byte);
                    let line = self.lines.at(usize::try_from(byte).unwrap_or(usize::MAX));
                    let (file, columns) = (self.file, &self.columns);
                    let row = Row::new(file, columns, &record, line);
                    problems.keep(row.complete().and_then(|()| take(&row)));
                }
                Err(_) => {
                    let message = "the file breaks off here; nothing after this line was read";
                    problems.add(Problem::of_file(self.file, "UNREADABLE", message));
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], layout: Layout) -> (Vec<(u64, String)>, Problems) {
        let (mut rows, mut problems) = (Vec::new(), Problems::default());
        let table = Table::open("a.csv", bytes, layout, &["name"]).expect("a header");
        table.each(&mut problems, |row| {
            rows.push((row.line(), row.text("name")?.to_owned()));
            Ok(())
        });
        (rows, problems)
    }

    #[test]
    fn a_bad_row_is_named_and_the_rest_is_read() {
        let (rows, problems) = read(b"name,n\r\na,1\r\nb\r\n\xff,3\r\nd,4\r\n", Layout::Commas);
        assert_eq!(rows, [(2, "a".to_owned()), (5, "d".to_owned())]);
        let listed: Vec<_> = problems.listed().iter().map(|p| (p.line, p.reason)).collect();
        assert_eq!(listed, [(3, "FIELD_COUNT"), (4, "NOT_UTF8")]);
    }

    #[test]
    fn lines_are_counted_through_quoted_and_blank_ones() {
        let (rows, _) = read(b"name\r\n\"a\r\nb\"\r\n\r\nc\r\nd", Layout::Commas);
        let lines: Vec<u64> = rows.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 5, 6]);
    }

    #[test]
    fn quotes_are_ordinary_between_tabs_and_a_byte_order_mark_is_not_part_of_a_name() {
        let (rows, _) = read(b"\xef\xbb\xbfname\tn\n\"a\t1\n", Layout::Tabs);
        assert_eq!(rows, [(2, "\"a".to_owned())]);
        let (rows, _) = read(b"name,n\n\"a, b\",1\n", Layout::Commas);
        assert_eq!(rows, [(2, "a, b".to_owned())]);
    }

    #[test]
    fn a_missing_column_is_named() {
        for bytes in [&b""[..], b"title\nx\n"] {
            let problem =
                Table::open("a.csv", bytes, Layout::Commas, &["name"]).err().expect("none");
            assert_eq!((problem.field.as_str(), problem.reason), ("name", "COLUMN_MISSING"));
        }
    }
}
