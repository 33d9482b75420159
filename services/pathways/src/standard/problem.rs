//! What was refused of a table, so that a person can find and mend it.

use std::fmt;

use northstar_kernel::Refusal;
use northstar_pathways_domain::ReferenceRefusal;

/// One row, or one file, that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file's name.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// Column; empty if it is about the row or the file.
    pub field: String,
    /// Stable reason, `UPPER_SNAKE_CASE`.
    pub reason: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

/// `wages.csv:12: employment: FIELD_INVALID: …`.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, field, reason, message } = self;
        write!(f, "{file}:{line}: ")?;
        if !field.is_empty() {
            write!(f, "{field}: ")?;
        }
        write!(f, "{reason}: {message}")
    }
}

impl Problem {
    /// About a whole file.
    pub(crate) fn of_file(file: &str, reason: &'static str, message: impl Into<String>) -> Self {
        let (file, message) = (file.to_owned(), message.into());
        Self { file, line: 1, field: String::new(), reason, message }
    }

    /// A rule of the domain that a row at `line` breaks.
    pub(crate) fn refused(file: &str, line: u64, refusal: ReferenceRefusal) -> Self {
        Self {
            file: file.to_owned(),
            line,
            field: refusal.field().to_owned(),
            reason: refusal.reason(),
            message: refusal.to_string(),
        }
    }
}

/// Problems in the order in which they were met. A file that is wrong throughout does not fill
/// memory: beyond [`Problems::MOST`] they are counted only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    listed: Vec<Problem>,
    unlisted: u64,
}

impl Problems {
    /// Most problems that are kept in full.
    pub const MOST: usize = 1_000;

    /// Adds one.
    pub fn add(&mut self, problem: Problem) {
        if self.listed.len() < Self::MOST {
            self.listed.push(problem);
        } else {
            self.unlisted += 1;
        }
    }

    /// Those that are kept in full.
    pub fn listed(&self) -> &[Problem] {
        &self.listed
    }

    /// How many there were in all.
    pub const fn count(&self) -> u64 {
        self.listed.len() as u64 + self.unlisted
    }

    /// Adds the problem of a result, if it has one, and gives what is good.
    pub(crate) fn keep<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.add(problem)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_counted_but_not_kept() {
        let mut problems = Problems::default();
        for _ in 0..Problems::MOST + 5 {
            problems.add(Problem::of_file("a.csv", "BAD", "bad"));
        }
        assert_eq!(problems.listed().len(), Problems::MOST);
        assert_eq!(problems.count(), Problems::MOST as u64 + 5);
    }
}
