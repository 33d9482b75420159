//! One thing of an import that was refused, and why.

/// What is wrong, where, and what to do. It never repeats personal data: the place is enough.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// Line, from 1; 0 if the whole file is meant.
    pub line: u64,
    /// Column of a table, or path in a JSON document; empty if the whole line is meant.
    pub field: String,
    /// Stable reason, `UPPER_SNAKE_CASE`.
    pub reason: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

impl Problem {
    /// A problem of one field.
    pub fn new(
        file: &str,
        line: u64,
        field: impl Into<String>,
        reason: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self { file: file.into(), line, field: field.into(), reason, message: message.into() }
    }

    /// A problem of a whole file.
    pub fn of_file(file: &str, reason: &'static str, message: impl Into<String>) -> Self {
        Self::new(file, 0, "", reason, message)
    }
}
