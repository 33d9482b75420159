//! Differences over time: their mean, their trend, and what they were early and late.

use std::collections::BTreeMap;
use std::ops::{Add, RangeBounds};

use super::finding::Estimate;
use super::fraction::Fraction;
use crate::Day;

/// Differences are kept in millionths of a level.
pub(crate) const MICRO: i128 = 1_000_000;
/// A trend is told for so many days.
const TREND_DAYS: i128 = 30;

/// Count, sum and sum of squares of differences in millionths.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Moments {
    count: i128,
    sum: i128,
    squares: i128,
}

impl Add for Moments {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            count: self.count + other.count,
            sum: self.sum + other.sum,
            squares: self.squares + other.squares,
        }
    }
}

impl Moments {
    pub(crate) fn count(self) -> u64 {
        self.count as u64
    }

    /// The mean with its standard error s/√n: s² = (n Σd² - (Σd)²) / n(n - 1). `None` below two.
    pub(crate) fn mean(self) -> Option<Estimate> {
        let (mean, variance) = self.mean_and_variance()?;
        Estimate::around(&mean, &variance)
    }

    /// How much higher the mean of `later` is; the two are independent.
    pub(crate) fn rise_to(self, later: Self) -> Option<Estimate> {
        let ((before, spread), (after, more)) =
            (self.mean_and_variance()?, later.mean_and_variance()?);
        Estimate::around(&after.minus(&before), &spread.plus(&more))
    }

    fn mean_and_variance(self) -> Option<(Fraction, Fraction)> {
        let Self { count: n, sum, squares } = self;
        let scatter = Fraction::whole(n).times(&Fraction::whole(squares));
        let scatter = scatter.minus(&Fraction::whole(sum).times(&Fraction::whole(sum)));
        let share = Fraction::new(1, n * n * (n - 1) * MICRO)?.times(&Fraction::new(1, MICRO)?);
        Some((Fraction::new(sum, n * MICRO)?, scatter.times(&share)))
    }
}

/// The differences of each day. What arrives in another order gives the same series.
#[derive(Debug, Clone, Default)]
pub(crate) struct Series(BTreeMap<Day, Moments>);

impl Series {
    pub(crate) fn add(&mut self, day: Day, micro: i64) {
        let sum = i128::from(micro);
        let held = self.0.entry(day).or_default();
        *held = *held + Moments { count: 1, sum, squares: sum * sum };
    }

    pub(crate) fn all(&self) -> Moments {
        self.over(..)
    }

    /// Those up to the middle of the time they span, and those after it.
    pub(crate) fn halves(&self) -> (Moments, Moments) {
        let (Some((first, _)), Some((last, _))) =
            (self.0.first_key_value(), self.0.last_key_value())
        else {
            return Default::default();
        };
        let middle = first.after(last.since(*first) / 2).unwrap_or(*last);
        let early = self.over(..=middle);
        let all = self.all();
        let late = Moments {
            count: all.count - early.count,
            sum: all.sum - early.sum,
            squares: all.squares - early.squares,
        };
        (early, late)
    }

    fn over(&self, days: impl RangeBounds<Day>) -> Moments {
        self.0.range(days).fold(Moments::default(), |sum, (_, moments)| sum + *moments)
    }

    /// The least-squares slope in levels per 30 days, with its usual standard error.
    ///
    /// With Sxx = n Σt² - (Σt)², Sxy = n Σtd - Σt Σd and Syy = n Σd² - (Σd)² the slope is Sxy/Sxx
    /// and its variance (Syy Sxx - Sxy²) / (n - 2) Sxx². `None` below three differences or two days.
    pub(crate) fn slope(&self) -> Option<Estimate> {
        let (first, _) = self.0.first_key_value()?;
        let [mut t, mut tt, mut td] = [0_i128; 3];
        for (day, moments) in &self.0 {
            let at = i128::from(day.since(*first));
            t += at * moments.count;
            tt += at * at * moments.count;
            td += at * moments.sum;
        }
        let Moments { count: n, sum: d, squares: dd } = self.all();
        let product = |a: i128, b: i128| Fraction::whole(a).times(&Fraction::whole(b));
        let sxx = product(n, tt).minus(&product(t, t));
        let sxy = product(n, td).minus(&product(t, d));
        let syy = product(n, dd).minus(&product(d, d));
        let unit = Fraction::new(TREND_DAYS, MICRO)?;
        let per = sxx.inverse()?;
        let slope = sxy.times(&per).times(&unit);
        let scatter = syy.times(&sxx).minus(&sxy.times(&sxy));
        let freedom = Fraction::new(1, (n > 2).then_some(n - 2)?)?;
        let variance = scatter.times(&per).times(&per).times(&freedom).times(&unit).times(&unit);
        Estimate::around(&slope, &variance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(differences: &[(i32, i64)]) -> Series {
        let mut series = Series::default();
        for (day, milli) in differences {
            series.add(Day::new(*day), milli * 1_000);
        }
        series
    }

    #[test]
    fn a_mean_has_the_standard_error_of_a_mean() {
        // Mean 3, s² = 2.5, error √(2.5/5) = 0.7071, margin 1.386.
        let five = series(&[(0, 1_000), (0, 2_000), (1, 3_000), (2, 4_000), (9, 5_000)]);
        let expected = Estimate { value_milli: 3_000, low_milli: 1_614, high_milli: 4_386 };
        assert_eq!(five.all().mean(), Some(expected));
        assert_eq!(five.all().count(), 5);
    }

    #[test]
    fn a_slope_is_told_for_thirty_days() {
        // Hand calculation on (0, 0), (1, 1), (2, 1), (3, 2): slope 0.6 a day, error √0.02.
        let steps = series(&[(100, 0), (101, 1_000), (102, 1_000), (103, 2_000)]);
        let expected = Estimate { value_milli: 18_000, low_milli: 9_684, high_milli: 26_316 };
        assert_eq!(steps.slope(), Some(expected));
    }

    #[test]
    fn a_straight_line_leaves_no_doubt() {
        let line = series(&[(-10, 100), (0, 200), (20, 400)]);
        let certain = Estimate { value_milli: 300, low_milli: 300, high_milli: 300 };
        assert_eq!(line.slope(), Some(certain));
    }

    #[test]
    fn without_time_or_numbers_there_is_no_trend() {
        assert_eq!(series(&[(5, 1), (5, 2), (5, 3)]).slope(), None);
        assert_eq!(series(&[(5, 1), (6, 2)]).slope(), None);
        assert_eq!(series(&[]).slope(), None);
        assert_eq!(series(&[(5, 1)]).all().mean(), None);
        assert_eq!(series(&[]).all().mean(), None);
    }

    #[test]
    fn halves_part_at_the_middle_of_the_time() {
        let (early, late) = series(&[(0, 100), (1, 300), (10, 0), (11, 900), (20, 1_100)]).halves();
        assert_eq!((early.count(), late.count()), (3, 2));
        assert_eq!(early.rise_to(late).map(|rise| rise.value_milli), Some(867));
        assert_eq!(series(&[]).halves().0.count(), 0);
    }
}
