//! The straight line of least squares.

use crate::Exact;

/// Sums over `s1..sN` that a line at `i = 1..N` follows from.
///
/// With at most 10,000 values of 64 bits, nothing here comes near 128 bits.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Line {
    count: u32,
    /// `S`, the sum of `si`.
    sum: i128,
    /// The sum of `i · si`.
    moment: i128,
}

impl Line {
    pub(super) fn through(values: impl Iterator<Item = i64>) -> Self {
        let mut line = Self::default();
        values.for_each(|value| line.add(value));
        line
    }

    pub(super) fn add(&mut self, value: i64) {
        self.count += 1;
        self.sum += i128::from(value);
        self.moment += i128::from(value) * i128::from(self.count);
    }

    pub(super) const fn count(&self) -> u32 {
        self.count
    }

    /// `T`, the sum of `(2i - N - 1) · si`, so that the slope is `6T / (N(N² - 1))`.
    fn tilt(&self) -> i128 {
        2 * self.moment - (i128::from(self.count) + 1) * self.sum
    }

    pub(super) fn mean(&self) -> Option<Exact> {
        Exact::ratio(self.sum, self.count.into())
    }

    /// 0 for a single value.
    pub(super) fn slope(&self) -> Option<Exact> {
        let n = i128::from(self.count);
        Exact::ratio(6 * self.tilt(), n * (n * n - 1).max(1))
    }

    /// The mean as a fraction; the denominator is 0 if there are no values.
    pub(super) fn mean_parts(&self) -> (i128, i128) {
        (self.sum, self.count.into())
    }

    /// `S/N + 3(2x - N - 1)T / (N(N² - 1))`, the line at `x`, as a fraction; the mean while there
    /// is a single value.
    pub(super) fn parts(&self, x: u32) -> (i128, i128) {
        if self.count < 2 {
            return self.mean_parts();
        }
        let n = i128::from(self.count);
        let square = n * n - 1;
        let from_middle = 2 * i128::from(x) - n - 1;
        (self.sum * square + 3 * from_middle * self.tilt(), n * square)
    }

    /// The line at `x`.
    pub(super) fn at(&self, x: u32) -> Option<Exact> {
        let (n, d) = self.parts(x);
        Exact::ratio(n, d)
    }
}
