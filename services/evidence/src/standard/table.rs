//! A CSV file with a header, read one record at a time.

use std::io::BufRead;
use std::sync::Arc;

use crate::standard::problem::Problem;
use crate::standard::record_lines::{Line, Lines, Quotes};

const NOT_UTF8: &str = "this is not UTF-8; save the file as UTF-8";

/// The records of a CSV file (RFC 4180, UTF-8 with or without a mark), named by its header.
pub struct Table<R> {
    file: Arc<str>,
    header: Arc<[String]>,
    lines: Lines<R>,
    ended: bool,
}

/// One record.
#[derive(Debug, Clone)]
pub struct Record {
    file: Arc<str>,
    header: Arc<[String]>,
    line: u64,
    fields: Vec<String>,
}

impl Record {
    /// A record of a file in another form, which names each of its fields: what reads rows of tables
    /// reads it too.
    pub fn named(
        file: &str,
        line: u64,
        fields: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let (header, fields): (Vec<_>, Vec<_>) = fields.into_iter().unzip();
        Self { file: file.into(), header: header.into(), line, fields }
    }

    /// The line it starts on, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Where it stands: `judgements.csv:12`.
    pub fn place(&self) -> String {
        match self.line {
            0 => self.file.to_string(),
            line => format!("{}:{line}", self.file),
        }
    }

    /// The field of a column, without blanks around it; empty if there is no such column.
    pub fn get(&self, column: &str) -> &str {
        let place = self.header.iter().position(|name| name == column);
        place.and_then(|place| self.fields.get(place)).map_or("", |field| field.trim())
    }

    /// The field of a column that must not be empty.
    ///
    /// # Errors
    /// It is empty.
    pub fn required(&self, column: &str) -> Result<&str, Problem> {
        match self.get(column) {
            "" => Err(self.problem(column, "FIELD_MISSING", format!("{column} must not be empty"))),
            field => Ok(field),
        }
    }

    /// A problem with a field of this record.
    pub fn problem(&self, column: &str, reason: &str, message: impl Into<String>) -> Problem {
        problem(&self.file, self.line, column, reason, message)
    }
}

impl<R: BufRead> Table<R> {
    /// Reads the header of `source`; `file` is how problems call it.
    ///
    /// # Errors
    /// Everything that is wrong with the header: no header, wrong encoding, columns that are missing
    /// or named twice.
    pub fn open(file: &str, source: R, required: &[&str]) -> Result<Self, Vec<Problem>> {
        let mut lines = Lines::new(source);
        let header = read_header(file, &mut lines).map_err(|problem| vec![problem])?;
        let problems = check_header(file, &header, required);
        if problems.is_empty() {
            Ok(Self { file: file.into(), header: header.into(), lines, ended: false })
        } else {
            Err(problems)
        }
    }

    /// The names of all columns.
    pub fn columns(&self) -> &[String] {
        &self.header
    }

    fn record(&mut self, mut lines: Vec<Line>) -> Result<Record, Problem> {
        let line = lines[0].number;
        match self.fields(&lines) {
            Ok(fields) => {
                let (file, header) = (Arc::clone(&self.file), Arc::clone(&self.header));
                Ok(Record { file, header, line, fields })
            }
            Err((column, reason, message)) => {
                // Perhaps two stray quotes tied lines together that have nothing to do with one
                // another: all but the first are read again, each as a record of its own.
                self.lines.put_back(lines.split_off(1));
                Err(problem(&self.file, line, &column, reason, message))
            }
        }
    }

    /// The fields of a record, as many as the header has; else column, reason and message.
    fn fields(&self, lines: &[Line]) -> Result<Vec<String>, (String, &'static str, String)> {
        let whole = |reason, message: String| Err((String::new(), reason, message));
        if lines.iter().any(|line| line.too_long) {
            return whole("LINE_TOO_LONG", "a line may have 65,536 bytes".into());
        }
        let bytes = lines.iter().map(|line| line.bytes.as_slice()).collect::<Vec<_>>().concat();
        match Quotes::FieldStart.after(&bytes) {
            Quotes::Open => {
                return whole("QUOTE_NOT_CLOSED", "a quote is opened and never closed".into());
            }
            Quotes::Misplaced => {
                return whole("QUOTE_MISPLACED", "write quotes within quotes twice".into());
            }
            Quotes::FieldStart | Quotes::Plain | Quotes::Closing => {}
        }
        let wanted = self.header.len();
        match split(&bytes) {
            Ok(fields) if fields.len() == wanted => Ok(fields),
            Ok(fields) => {
                let message = format!("{} fields, but the header has {wanted}", fields.len());
                whole("WRONG_COLUMN_COUNT", message)
            }
            Err(place) => {
                let column = self.header.get(place).cloned().unwrap_or_default();
                Err((column, "WRONG_ENCODING", NOT_UTF8.to_owned()))
            }
        }
    }
}

impl<R: BufRead> Iterator for Table<R> {
    type Item = Result<Record, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            match self.lines.next_record() {
                Ok(Some(lines)) if lines.iter().all(is_blank) => {}
                Ok(Some(lines)) => return Some(self.record(lines)),
                Ok(None) => self.ended = true,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(unreadable(&self.file, &error)));
                }
            }
        }
        None
    }
}

fn is_blank(line: &Line) -> bool {
    !line.too_long && line.bytes.iter().all(u8::is_ascii_whitespace)
}

fn read_header<R: BufRead>(file: &str, lines: &mut Lines<R>) -> Result<Vec<String>, Problem> {
    let first = lines.next().map_err(|error| unreadable(file, &error))?;
    let Some(first) = first.filter(|line| !is_blank(line)) else {
        return Err(problem(file, 0, "", "HEADER_MISSING", "the file starts with no header"));
    };
    let bytes = first.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&first.bytes);
    if bytes.contains(&0) || bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(problem(file, 1, "", "WRONG_ENCODING", NOT_UTF8));
    }
    let names = split(bytes).map_err(|_| problem(file, 1, "", "WRONG_ENCODING", NOT_UTF8))?;
    Ok(names.iter().map(|name| name.trim().to_owned()).collect())
}

fn check_header(file: &str, header: &[String], required: &[&str]) -> Vec<Problem> {
    let missing =
        required.iter().filter(|name| !header.iter().any(|has| has == *name)).map(|name| {
            problem(file, 1, name, "COLUMN_MISSING", format!("the header has no column {name}"))
        });
    let twice = header.iter().enumerate().filter(|(place, name)| header[..*place].contains(name));
    let twice = twice.map(|(_, name)| {
        problem(file, 1, name, "COLUMN_TWICE", format!("the header has the column {name} twice"))
    });
    missing.chain(twice).collect()
}

/// The fields of one record; the place of the first field that is not UTF-8 otherwise.
fn split(bytes: &[u8]) -> Result<Vec<String>, usize> {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        // A carriage return of its own ends nothing, or what follows it would be lost.
        .terminator(csv::Terminator::Any(b'\n'))
        .buffer_capacity(bytes.len().max(1))
        .from_reader(bytes);
    let mut record = csv::ByteRecord::new();
    // Memory cannot fail to be read, and a flexible reader takes any number of fields.
    let _ = reader.read_byte_record(&mut record);
    let text = |(place, field): (usize, &[u8])| {
        std::str::from_utf8(field).map(str::to_owned).map_err(|_| place)
    };
    record.iter().enumerate().map(text).collect()
}

fn unreadable(file: &str, error: &std::io::Error) -> Problem {
    problem(file, 0, "", "FILE_UNREADABLE", error.to_string())
}

fn problem(
    file: &str,
    line: u64,
    field: &str,
    reason: &str,
    message: impl Into<String>,
) -> Problem {
    Problem {
        file: file.to_owned(),
        line,
        field: field.to_owned(),
        reason: reason.to_owned(),
        message: message.into(),
    }
}
