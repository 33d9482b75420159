//! One row of a table, and what may be wrong with it.

use csv::ByteRecord;
use northstar_pathways_domain::ReferenceRefusal;

use crate::standard::decimal::scaled;
use crate::standard::problem::Problem;

/// One row.
pub(crate) struct Row<'a> {
    file: &'a str,
    columns: &'a [String],
    record: &'a ByteRecord,
    line: u64,
}

impl<'a> Row<'a> {
    pub(super) const fn new(
        file: &'a str,
        columns: &'a [String],
        record: &'a ByteRecord,
        line: u64,
    ) -> Self {
        Self { file, columns, record, line }
    }

    /// Its line, from 1.
    pub(crate) const fn line(&self) -> u64 {
        self.line
    }

    /// The text in a column; empty if the table has no such column.
    pub(crate) fn text(&self, column: &str) -> Result<&str, Problem> {
        let place = self.columns.iter().position(|name| name == column);
        let bytes = place.and_then(|place| self.record.get(place)).unwrap_or_default();
        std::str::from_utf8(bytes).map(str::trim).map_err(|_| {
            self.problem(column, "NOT_UTF8", "the text is not UTF-8; save it as UTF-8")
        })
    }

    /// A code of some kind in a column.
    pub(crate) fn code<T>(&self, column: &str) -> Result<T, Problem>
    where
        T: std::str::FromStr<Err = ReferenceRefusal>,
    {
        self.text(column)?.parse().map_err(|refusal| self.refused(column, refusal))
    }

    /// A decimal in a column as an integer scaled by 10 to the power of `places`.
    pub(crate) fn number(&self, column: &str, places: usize) -> Result<i64, Problem> {
        let text = self.text(column)?;
        scaled(text, places).ok_or_else(|| {
            let message = format!(
                "{text:?} is not an unsigned number with at most {places} digits after the point"
            );
            self.problem(column, "NOT_A_NUMBER", message)
        })
    }

    /// A whole number in a column, or nothing where the field is empty.
    pub(crate) fn optional(&self, column: &str) -> Result<Option<i64>, Problem> {
        if self.text(column)?.is_empty() { Ok(None) } else { self.number(column, 0).map(Some) }
    }

    /// What is wrong with a column of this row.
    pub(crate) fn problem(
        &self,
        column: &str,
        reason: &'static str,
        message: impl Into<String>,
    ) -> Problem {
        let (file, field, message) = (self.file.to_owned(), column.to_owned(), message.into());
        Problem { file, line: self.line(), field, reason, message }
    }

    /// A rule of the domain that a column of this row breaks.
    pub(crate) fn refused(&self, column: &str, refusal: ReferenceRefusal) -> Problem {
        let problem = Problem::refused(self.file, self.line(), refusal);
        Problem { field: column.to_owned(), ..problem }
    }

    /// Whether it has a field for every column, and no more.
    pub(super) fn complete(&self) -> Result<(), Problem> {
        let (wanted, found) = (self.columns.len(), self.record.len());
        if wanted == found {
            return Ok(());
        }
        let message = format!("the row has {found} fields, the header {wanted}");
        Err(self.problem("", "FIELD_COUNT", message))
    }
}
