//! What goes into a method, and what comes out with its working.

use crate::Exact;

/// One judgement as a method sees it: what does not count was left out before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark<'a> {
    /// The judgement in thousandths.
    pub value_milli: i64,
    /// The kind of evidence, for the methods that treat kinds differently.
    pub kind: &'a str,
}

/// A result and how it came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worked {
    /// The same value as without the working.
    pub value: Exact,
    /// Intermediate values in the order they are needed.
    pub steps: Vec<Step>,
}

/// One intermediate value of a derivation.
///
/// Quantities are in thousandths unless the method says otherwise: exact ones as a fraction in
/// lowest terms (`3105` or `7/2`), those of fixed-point arithmetic as a decimal (`0.936426`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it is, as the method's description calls it: `A3`.
    pub name: String,
    /// The value as text.
    pub value: String,
}

impl Step {
    pub(super) fn new(name: impl Into<String>, value: impl ToString) -> Self {
        Self { name: name.into(), value: value.to_string() }
    }
}

/// The values alone, oldest first.
pub(super) fn values<'a>(
    marks: &'a [Mark<'_>],
) -> impl DoubleEndedIterator<Item = i64> + ExactSizeIterator + Clone + 'a {
    marks.iter().map(|mark| mark.value_milli)
}

/// The newest `count` marks, or all if there are fewer.
pub(super) fn recent<'a, 'k>(marks: &'a [Mark<'k>], count: usize) -> &'a [Mark<'k>] {
    &marks[marks.len().saturating_sub(count)..]
}
