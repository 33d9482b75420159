//! How much is to be reached, and between which days.

use std::fmt;

use crate::Day;

/// The longest a plan may run: a hundred years.
const LONGEST_DAYS: i64 = 36_525;
/// The most competencies a plan may want.
const MOST: u32 = 100_000;

/// So many competencies between two days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    begin: Day,
    end: Day,
    wanted: u32,
    buffer_milli: u16,
}

/// Why a plan cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanFlaw {
    /// The end is not after the beginning, or more than a hundred years later.
    Days {
        /// The first day.
        begin: Day,
        /// The last day.
        end: Day,
    },
    /// Nothing is wanted, or more than 100,000 competencies.
    Wanted(u32),
    /// The buffer is a whole, 1,000 thousandths, or more.
    Buffer(u16),
}

impl fmt::Display for PlanFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days { begin, end } => write!(
                f,
                "the last day must be after the first and within a hundred years of it; \
                 they are {end} and {begin}"
            ),
            Self::Wanted(given) => {
                write!(f, "a plan wants from 1 to {MOST} competencies, not {given}")
            }
            Self::Buffer(given) => {
                write!(f, "the buffer must be from 0 to 999 thousandths, not {given}")
            }
        }
    }
}

impl std::error::Error for PlanFlaw {}

impl Plan {
    /// `wanted` competencies from `begin` to `end`; a learner is on pace while the share reached is
    /// within `buffer_milli` thousandths of the share of time gone by.
    ///
    /// # Errors
    /// [`PlanFlaw`], the first there is.
    pub fn new(begin: Day, end: Day, wanted: u32, buffer_milli: u16) -> Result<Self, PlanFlaw> {
        if !(1..=LONGEST_DAYS).contains(&end.since(begin)) {
            return Err(PlanFlaw::Days { begin, end });
        }
        if !(1..=MOST).contains(&wanted) {
            return Err(PlanFlaw::Wanted(wanted));
        }
        if buffer_milli >= 1_000 {
            return Err(PlanFlaw::Buffer(buffer_milli));
        }
        Ok(Self { begin, end, wanted, buffer_milli })
    }

    /// The day it begins.
    pub const fn begin(&self) -> Day {
        self.begin
    }

    /// The day by which all is to be reached.
    pub const fn end(&self) -> Day {
        self.end
    }

    /// How many competencies are to be reached, at least one.
    pub const fn wanted(&self) -> u32 {
        self.wanted
    }

    /// How far a learner may be off and still be on pace, in thousandths of the whole.
    pub const fn buffer_milli(&self) -> u16 {
        self.buffer_milli
    }

    /// Days from the beginning to the end, at least one.
    pub(crate) const fn days(&self) -> i64 {
        self.end.since(self.begin)
    }

    /// Days from the beginning to `day`, none before and all after.
    pub(crate) fn days_gone(&self, day: Day) -> i64 {
        day.since(self.begin).clamp(0, self.days())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_that_cannot_be_says_why() {
        let plan = |begin, end, wanted, buffer| {
            Plan::new(Day::new(begin), Day::new(end), wanted, buffer)
                .map_err(|flaw| flaw.to_string())
        };
        assert!(plan(0, 1, 1, 0).is_ok() && plan(0, 36_525, 100_000, 999).is_ok());
        for (begin, end) in [(1, 1), (2, 1), (0, 36_526), (i32::MIN, i32::MAX)] {
            let flaw = plan(begin, end, 1, 0).expect_err("the days are wrong");
            assert!(flaw.starts_with("the last day must be after the first"), "{flaw}");
        }
        assert_eq!(
            plan(0, 1, 0, 0).expect_err("nothing is wanted"),
            "a plan wants from 1 to 100000 competencies, not 0"
        );
        assert!(plan(0, 1, 100_001, 0).is_err());
        assert_eq!(
            plan(0, 1, 1, 1_000).expect_err("a buffer of the whole"),
            "the buffer must be from 0 to 999 thousandths, not 1000"
        );
    }
}
