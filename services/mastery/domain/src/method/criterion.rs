//! Rules that ask for something to be shown often enough: so many times at mastery, `m` of the
//! last `n`, so many in a row.

use super::mark::{recent, values};
use super::parameter::{Count, Given, Parameter};
use super::{Mark, MethodFlaw, Step, sorted};
use crate::Exact;

/// So many marks at mastery are asked for: 1 to 10.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Times(u8);

impl Times {
    /// The most that can be asked for, as in the field.
    pub const MOST: u8 = 10;

    /// `None` unless `times` is from 1 to 10.
    pub fn new(times: u32) -> Option<Self> {
        u8::try_from(times).ok().filter(|times| (1..=Self::MOST).contains(times)).map(Self)
    }

    /// As a number.
    pub const fn get(self) -> u8 {
        self.0
    }

    pub(super) fn read(given: &mut Given<'_>) -> Option<Self> {
        given.small("times", [1, Self::MOST.into()]).and_then(Self::new)
    }

    pub(super) fn parameters(self) -> Vec<(&'static str, Parameter)> {
        vec![("times", Parameter::Number(self.0.into()))]
    }

    /// The mean of all marks at mastery, once there are enough of them.
    pub(super) fn apply(self, marks: &[Mark<'_>], mastery_milli: i64) -> Option<Exact> {
        let (sum, count) = at_mastery(marks, mastery_milli);
        if count < self.0.into() { None } else { Exact::ratio(sum, count) }
    }

    pub(super) fn steps(marks: &[Mark<'_>], mastery_milli: i64) -> Vec<Step> {
        let (sum, count) = at_mastery(marks, mastery_milli);
        vec![Step::new("sum", sum), Step::new("count", count)]
    }
}

/// The sum and number of the marks at mastery.
fn at_mastery(marks: &[Mark<'_>], mastery_milli: i64) -> (i128, i128) {
    values(marks)
        .filter(|value| *value >= mastery_milli)
        .fold((0, 0), |(sum, count), value| (sum + i128::from(value), count + 1))
}

/// At least `m` of the last `n`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MOfLast {
    m: Count,
    n: Count,
}

impl MOfLast {
    /// `None` if `m` is above `n`: that could never be reached.
    pub fn new(m: Count, n: Count) -> Option<Self> {
        (m <= n).then_some(Self { m, n })
    }

    /// So many are asked for.
    pub const fn m(self) -> Count {
        self.m
    }

    /// So many of the newest are looked at.
    pub const fn n(self) -> Count {
        self.n
    }

    pub(super) fn read(given: &mut Given<'_>) -> Option<Self> {
        let (m, n) = (given.count("m"), given.count("n"));
        let (m, n) = (m?, n?);
        let rule = Self::new(m, n);
        rule.or_else(|| {
            given.flaw(MethodFlaw::MoreThanLast { m: m.get().into(), n: n.get().into() })
        })
    }

    pub(super) fn parameters(self) -> Vec<(&'static str, Parameter)> {
        let number = |count: Count| Parameter::Number(count.get().into());
        vec![("m", number(self.m)), ("n", number(self.n))]
    }

    /// The `m`-th highest of the last `n`.
    pub(super) fn apply(self, marks: &[Mark<'_>]) -> Option<Exact> {
        sorted(values(recent(marks, self.n.size())), |sorted| {
            let place = sorted.len().checked_sub(self.m.size())?;
            sorted.get(place).copied().map(Exact::whole)
        })
    }
}

/// The lowest of the last `count`.
pub(super) fn in_a_row(marks: &[Mark<'_>], count: Count) -> Option<Exact> {
    let enough = marks.len() >= count.size();
    values(recent(marks, count.size())).min().filter(|_| enough).map(Exact::whole)
}
