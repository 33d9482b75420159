//! What a file asks for, line by line, and what is wrong with it.

use std::fmt;

use northstar_wire::evidence::v1::{
    RecordEvidenceBatchRequest, Refused, record_evidence_batch_request::Command,
};

/// A row that could be read: one item for `RecordEvidenceBatch`.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The line its record starts on, from 1; the header counts.
    pub line: u64,
    /// What it asks for.
    pub command: Command,
}

impl Row {
    /// The request, numbered by line, so that a reply leads back to the file.
    pub fn into_request(self) -> RecordEvidenceBatchRequest {
        RecordEvidenceBatchRequest { item_number: self.line, command: Some(self.command) }
    }
}

/// Something in a file that was not taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file's name as the caller gave it.
    pub file: String,
    /// The line its record starts on, from 1; 0 if it is about the whole file.
    pub line: u64,
    /// The column, or the field of the request; may be empty.
    pub field: String,
    /// Stable, `UPPER_SNAKE_CASE`; those of the service's refusals and some of a file's own.
    pub reason: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl Problem {
    /// The service refused what stood in a line.
    pub fn refused(file: &str, line: u64, refused: Refused) -> Self {
        let Refused { reason, message, field, .. } = refused;
        Self { file: file.to_owned(), line, field, reason, message }
    }
}

/// `results.csv:12: score: FIELD_INVALID: …`.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if !self.field.is_empty() {
            write!(f, ": {}", self.field)?;
        }
        write!(f, ": {}: {}", self.reason, self.message)
    }
}
