//! What is compared, and how near in time.

use northstar_kernel::{CompetencyId, LearnerId};

use crate::Day;

/// One judgement that stands, as calibration sees it.
///
/// Judgements of oneself, of tools, or of whoever else is no rater in question are for the caller
/// to leave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Judgement<'a> {
    /// Of whom.
    pub learner: LearnerId,
    /// In what.
    pub competency: CompetencyId,
    /// When it was observed.
    pub day: Day,
    /// Against which rubric or criterion; empty where a competency has but one.
    pub rubric: &'a str,
    /// By whom.
    pub assessor: &'a str,
    /// At which school; `None` for a judge who belongs to none, as an employer.
    pub school: Option<&'a str>,
    /// The rung of the rubric's scale: neighbouring levels are one apart.
    pub level: u8,
}

impl Judgement<'_> {
    /// Whether both are of the same learner in the same competency.
    pub(crate) fn same_work(&self, other: &Self) -> bool {
        (self.learner, self.competency) == (other.learner, other.competency)
    }
}

/// How calibration is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    window_days: u16,
    minimum: u32,
    bar_milli: i64,
}

impl Terms {
    /// Judgements at most `window_days` apart are compared (up to 3,650; 0 is the same day), nothing
    /// is said below `minimum` pairs or comparisons (10 to 1,000,000), and a rubric is to reach a
    /// quadratic-weighted kappa of `bar_milli` thousandths (1 to 1,000).
    ///
    /// `None` outside these bounds. Ten, because the intervals are those of large samples.
    pub const fn new(window_days: u16, minimum: u32, bar_milli: i64) -> Option<Self> {
        let sound = window_days <= 3_650
            && minimum >= 10
            && minimum <= 1_000_000
            && bar_milli >= 1
            && bar_milli <= 1_000;
        if sound { Some(Self { window_days, minimum, bar_milli }) } else { None }
    }

    /// At most so many days lie between two judgements that are compared.
    pub const fn window_days(&self) -> u16 {
        self.window_days
    }

    /// Nothing is said below so many pairs or comparisons.
    pub const fn minimum(&self) -> u32 {
        self.minimum
    }

    /// The quadratic-weighted kappa that a rubric is to reach, in thousandths.
    pub const fn bar_milli(&self) -> i64 {
        self.bar_milli
    }
}

/// Thirty days, thirty pairs, and the usual bar of 0.70.
impl Default for Terms {
    fn default() -> Self {
        Self { window_days: 30, minimum: 30, bar_milli: 700 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_have_bounds() {
        let given = Terms::default();
        let (window, least, bar) = (given.window_days(), given.minimum(), given.bar_milli());
        assert_eq!(Terms::new(window, least, bar), Some(given));
        for (window, least, bar) in
            [(3_651, 30, 700), (30, 9, 700), (30, 1_000_001, 700), (30, 30, 0), (30, 30, 1_001)]
        {
            assert_eq!(Terms::new(window, least, bar), None, "{window} {least} {bar}");
        }
    }
}
