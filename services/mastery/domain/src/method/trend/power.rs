//! The power law of least squares on logarithms.

use std::num::NonZeroU64;

use super::super::Step;
use super::best::micro;
use crate::fixed::Fixed;

/// Means and sums of products of `ln i` and `ln si`, kept while values are added.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Power {
    count: u32,
    sum_x: Fixed,
    sum_y: Fixed,
    /// The sum of `(ln i - mean)²`.
    square: Fixed,
    /// The sum of `(ln i - mean)(ln si - mean)`.
    product: Fixed,
}

impl Power {
    /// `None` if a value is not above zero and so has no logarithm.
    pub(super) fn through(mut values: impl Iterator<Item = i64>) -> Option<Self> {
        values.try_fold(Self::default(), |power, value| power.with(value))
    }

    /// With one more value; `None` if it is not above zero.
    pub(super) fn with(mut self, value: i64) -> Option<Self> {
        let y = Fixed::ln(NonZeroU64::new(u64::try_from(value).ok()?)?);
        let before = self.mean_x();
        self.count += 1;
        let x = ln(self.count);
        self.sum_x = self.sum_x + x;
        self.sum_y = self.sum_y + y;
        let new = x - before;
        self.square = self.square + new.times(x - self.mean_x());
        self.product = self.product + new.times(y - self.mean_y());
        Some(self)
    }

    pub(super) const fn count(&self) -> u32 {
        self.count
    }

    fn mean_x(&self) -> Fixed {
        self.sum_x.over(self.count)
    }

    fn mean_y(&self) -> Fixed {
        self.sum_y.over(self.count)
    }

    /// The curve through all values so far.
    pub(super) fn curve(&self) -> Curve {
        // Both sums are divided by their number to keep them short. A single value has no slope.
        let slope = self.product.over(self.count).per(self.square.over(self.count));
        Curve { mean_x: self.mean_x(), mean_y: self.mean_y(), slope }
    }
}

/// `ln y = mean_y + b · (ln x - mean_x)`, which is `y = a · x^b`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Curve {
    mean_x: Fixed,
    mean_y: Fixed,
    slope: Fixed,
}

impl Curve {
    /// `a · x^b` in millionths of a thousandth.
    pub(super) fn at(&self, x: u32) -> i128 {
        (self.mean_y + self.slope.times(ln(x) - self.mean_x)).exp_micro()
    }

    pub(super) fn steps(&self, newest: u32) -> Vec<Step> {
        let ln_a = self.mean_y - self.slope.times(self.mean_x);
        vec![
            Step::new("mean_ln_i", self.mean_x),
            Step::new("mean_ln_s", self.mean_y),
            Step::new("b", self.slope),
            Step::new("ln_a", ln_a),
            Step::new("at_N", micro(self.at(newest))),
        ]
    }
}

fn ln(number: u32) -> Fixed {
    Fixed::ln(NonZeroU64::new(number.into()).unwrap_or(NonZeroU64::MIN))
}
