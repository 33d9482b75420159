//! Points that add up.

use super::mark::values;
use super::parameter::{Given, Parameter};
use super::{HIGHEST_MILLI, Mark, Step};
use crate::Exact;

/// How points are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Points {
    per_mark_milli: i64,
    cap_milli: i64,
}

impl Points {
    /// `per_mark_milli` for every mark whatever its value, or 0 to add up the values; never more
    /// than `cap_milli`. Both in thousandths and up to a million; `None` if out of range.
    pub fn new(per_mark_milli: i64, cap_milli: i64) -> Option<Self> {
        let valid = (0..=HIGHEST_MILLI).contains(&per_mark_milli)
            && (1..=HIGHEST_MILLI).contains(&cap_milli);
        valid.then_some(Self { per_mark_milli, cap_milli })
    }

    pub(super) fn read(given: &mut Given<'_>) -> Option<Self> {
        let per_mark = given.number("per_mark_milli", [0, HIGHEST_MILLI]);
        let cap = given.number("cap_milli", [1, HIGHEST_MILLI]);
        Self::new(per_mark?, cap?)
    }

    pub(super) fn parameters(self) -> Vec<(&'static str, Parameter)> {
        let numbers = [("per_mark_milli", self.per_mark_milli), ("cap_milli", self.cap_milli)];
        numbers.map(|(name, number)| (name, Parameter::Number(number))).to_vec()
    }

    fn sum(self, marks: &[Mark<'_>]) -> i128 {
        match self.per_mark_milli {
            0 => values(marks).map(i128::from).sum(),
            each => i128::from(each) * marks.len() as i128,
        }
    }

    /// The sum, capped.
    pub(super) fn apply(self, marks: &[Mark<'_>]) -> Option<Exact> {
        let capped = self.sum(marks).min(self.cap_milli.into());
        if marks.is_empty() { None } else { Exact::ratio(capped, 1) }
    }

    pub(super) fn steps(self, marks: &[Mark<'_>]) -> Vec<Step> {
        vec![Step::new("sum", self.sum(marks))]
    }
}
