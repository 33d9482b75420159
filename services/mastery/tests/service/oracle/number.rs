//! A fraction, as simple as can be.

/// Numerator over denominator, which is above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fraction(i128, i128);

impl Fraction {
    pub(crate) fn new(above: i128, below: i128) -> Self {
        let mut divisor = (above.abs(), below);
        while divisor.1 != 0 {
            divisor = (divisor.1, divisor.0 % divisor.1);
        }
        Self(above / divisor.0, below / divisor.0)
    }

    pub(crate) fn whole(number: i64) -> Self {
        Self(number.into(), 1)
    }

    /// The sum over the number; `None` of nothing.
    pub(crate) fn mean(numbers: &[i64]) -> Option<Self> {
        let sum = numbers.iter().map(|number| i128::from(*number)).sum();
        (!numbers.is_empty()).then(|| Self::new(sum, numbers.len() as i128))
    }

    /// Half of this and half of that.
    pub(crate) fn halfway(self, number: i64) -> Self {
        Self::new(self.0 + i128::from(number) * self.1, 2 * self.1)
    }

    /// To the nearest multiple of `step`; from the middle, away from zero.
    pub(crate) fn rounded(self, step: i64) -> i64 {
        let below = self.1 * i128::from(step);
        let (times, rest) = (self.0.abs() / below, self.0.abs() % below);
        let times = if 2 * rest >= below { times + 1 } else { times };
        let size = i64::try_from(times).expect("small") * step;
        if self.0 < 0 { -size } else { size }
    }
}
