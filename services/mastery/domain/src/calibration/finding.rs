//! A number with what it is worth, or why there is none.

use super::fraction::Fraction;

/// The square of 1.96: so many standard errors either way hold 95 of 100 estimates. A margin is the
/// root of this times the variance.
const Z_SQUARED: (i128, i128) = (49 * 49, 25 * 25);

/// A number between two bounds that hold the true one in about 95 of 100 cases.
///
/// In thousandths, each rounded once, halves away from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// The estimate itself.
    pub value_milli: i64,
    /// The lower bound.
    pub low_milli: i64,
    /// The upper bound.
    pub high_milli: i64,
}

impl Estimate {
    /// Whether `milli` lies outside the bounds: it would be odd if it were the true number.
    pub const fn excludes(&self, milli: i64) -> bool {
        milli < self.low_milli || milli > self.high_milli
    }

    /// The value, and 1.96 standard errors either way.
    pub(crate) fn around(value: &Fraction, variance: &Fraction) -> Option<Self> {
        let margin = Fraction::new(Z_SQUARED.0, Z_SQUARED.1)?.times(variance).root();
        Some(Self {
            value_milli: value.milli(),
            low_milli: value.minus(&margin).milli(),
            high_milli: value.plus(&margin).milli(),
        })
    }

    /// The same with bounds that no true number can be beyond.
    pub(crate) fn within(self, low_milli: i64, high_milli: i64) -> Self {
        Self {
            low_milli: self.low_milli.max(low_milli),
            high_milli: self.high_milli.min(high_milli),
            ..self
        }
    }

    /// `hits` of `of` as a share, with Wilson's interval (1927): unlike the plain one it stays
    /// within 0 to 1 and does not shrink to nothing at either end. `None` of nothing.
    pub(crate) fn share(hits: u64, of: u64) -> Option<Self> {
        let (over, under) = Z_SQUARED;
        let (hit, all) = (i128::from(hits), i128::from(of));
        // (2h + z²) / 2(n + z²) and z·√(4h(n - h)/n + z²) / 2(n + z²), with z² as over/under.
        let scale = Fraction::new(under, 2 * (under * all + over))?;
        let middle = Fraction::new(2 * hit * under + over, under)?.times(&scale);
        let spread = Fraction::new(4 * hit * (all - hit), all)?.plus(&Fraction::new(over, under)?);
        let margin = Fraction::new(over, under)?.times(&spread).root().times(&scale);
        Some(Self {
            value_milli: Fraction::new(hits, of)?.milli(),
            low_milli: middle.minus(&margin).milli(),
            high_milli: middle.plus(&margin).milli(),
        })
    }
}

/// What can be said of a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// Too little to say a number.
    TooFew {
        /// How many there are.
        have: u64,
        /// How many it takes.
        need: u64,
    },
    /// The measure has no value here, however much there is: all agree by necessity since only one
    /// level was ever given, or everything falls on one day and there is no slope.
    Undefined,
    /// A number and its bounds.
    Known(Estimate),
}

impl Finding {
    /// The estimate, where there is one.
    pub const fn known(&self) -> Option<Estimate> {
        match self {
            Self::Known(estimate) => Some(*estimate),
            Self::TooFew { .. } | Self::Undefined => None,
        }
    }

    /// Asks for `need` of `have` before it looks.
    pub(crate) fn of(have: u64, need: u64, look: impl FnOnce() -> Option<Estimate>) -> Self {
        if have < need {
            return Self::TooFew { have, need };
        }
        look().map_or(Self::Undefined, Self::Known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Newcombe, Two-sided confidence intervals for the single proportion (1998), table I,
    /// method 3, in ten-thousandths.
    #[test]
    fn published_intervals_of_shares() {
        for (hits, of, low, high) in
            [(81, 263, 2_553, 3_662), (15, 148, 624, 1_605), (0, 20, 0, 1_611), (1, 29, 61, 1_718)]
        {
            let share = Estimate::share(hits, of).expect("of something");
            let near = (share.low_milli * 10 - low).abs() <= 5
                && (share.high_milli * 10 - high).abs() <= 5;
            assert!(near, "{hits}/{of}: {share:?}");
        }
    }

    #[test]
    fn all_or_none_leaves_room_on_one_side_only() {
        let all = Estimate::share(20, 20).expect("of something");
        assert_eq!((all.value_milli, all.low_milli, all.high_milli), (1_000, 839, 1_000));
        assert_eq!(Estimate::share(0, 0), None);
        assert!(all.excludes(838) && !all.excludes(839) && !all.excludes(1_000));
    }

    #[test]
    fn too_few_are_not_even_looked_at() {
        let found = Finding::of(29, 30, || unreachable!("29 are too few"));
        assert_eq!(found, Finding::TooFew { have: 29, need: 30 });
        assert_eq!(found.known(), None);
        assert_eq!(Finding::of(30, 30, || None), Finding::Undefined);
    }
}
