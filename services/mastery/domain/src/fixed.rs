//! Logarithms and powers without floating point: the same bits on every machine.
//!
//! A number is a whole number of 2^-56 (about 1.4 · 10^-17). Errors, which the tests hold it to:
//! a logarithm is within 2^-56 of the true one; `e^x` is within 2^-58 of its own size of the true
//! one, before it is rounded to millionths.

use std::fmt;
use std::num::NonZeroU64;

mod tables;

use tables::{CELLS, INVERSE_LN_2, LN_2, LN_CELLS, LN_SMALL, POWERS, SMALL};

/// Bits after the point.
const POINT: u32 = 56;
/// Bits after the point inside a calculation.
const INNER: u32 = 62;
/// Bits after the point of `LN_2`.
const LONG: u32 = 100;
const MILLION: i128 = 1_000_000;

/// A number in units of 2^-56.
///
/// Sums must stay below 2^70 and the factors of a product below 2^63 taken together with their
/// units, which all that is made of logarithms of 64-bit numbers does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Fixed(i128);

impl Fixed {
    /// The natural logarithm.
    pub(crate) fn ln(number: NonZeroU64) -> Self {
        match LN_SMALL.get(number.get() as usize) {
            Some(known) if number.get() < SMALL as u64 => Self((*known).into()),
            _ => Self(ln(number.get())),
        }
    }

    /// `self · other`, rounded.
    #[must_use]
    pub(crate) const fn times(self, other: Self) -> Self {
        Self(shifted(self.0 * other.0, POINT))
    }

    /// `self / count`, rounded towards zero.
    #[must_use]
    pub(crate) fn over(self, count: u32) -> Self {
        Self(self.0 / i128::from(count.max(1)))
    }

    /// `self / other`, rounded towards zero; 0 if `other` is.
    #[must_use]
    pub(crate) fn per(self, other: Self) -> Self {
        Self((self.0 << POINT).checked_div(other.0).unwrap_or(0))
    }

    /// `e^self` in millionths, halves up; 2^64 where it would be more.
    pub(crate) fn exp_micro(self) -> i128 {
        let x = self.0.min((64 * LN_2) >> (LONG - POINT));
        // x = k · ln 2 + r with |r| at most a little over half of ln 2.
        let k = shifted(x * INVERSE_LN_2, 2 * POINT);
        let r = (x << (INNER - POINT)) - shifted(k * LN_2, LONG - INNER);
        let power = POWERS.iter().rev().fold(0, |sum, term| shifted(sum * r, INNER) + term);
        match u32::try_from(i128::from(INNER) - k) {
            Ok(bits) if bits > 120 => 0,
            Ok(0) => power * MILLION,
            Ok(bits) => shifted(power * MILLION, bits),
            // At most 2, since x is at most 64 · ln 2.
            Err(_) => (power * MILLION) << (k - i128::from(INNER)),
        }
    }
}

impl std::ops::Add for Fixed {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::ops::Sub for Fixed {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

/// With fifteen decimals, halves up.
impl fmt::Display for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DECIMALS: i128 = 1_000_000_000_000_000;
        let sign = if self.0 < 0 { "-" } else { "" };
        let all = shifted(self.0.abs() * DECIMALS, POINT);
        write!(f, "{sign}{}.{:015}", all / DECIMALS, all % DECIMALS)
    }
}

/// Without the last `bits`, at least one, halves up.
const fn shifted(number: i128, bits: u32) -> i128 {
    (number + (1 << (bits - 1))) >> bits
}

/// `ln n = k · ln 2 + ln c + 2 · atanh((m - c)/(m + c))`, where `n = m · 2^k`, `m` is from 1 to 2,
/// and `c` the middle of the cell of 1/128 that `m` is in.
const fn ln(number: u64) -> i128 {
    let zeros = number.leading_zeros();
    // m and c in units of 2^-63.
    let m = (number << zeros) as i128;
    let cell = (m >> POINT) as usize - CELLS;
    let c = ((2 * (CELLS + cell) + 1) as i128) << (POINT - 1);
    // w = 2 · (m - c)/(m + c), at most 2^-8 either way: w^9 is below 2^-72.
    let w = ((m - c) << INNER) / ((m + c) >> 1);
    let w2 = shifted(w * w, INNER);
    let tail =
        w2 / 12 + shifted(w2 * w2, INNER) / 80 + w2 * shifted(w2 * w2, INNER) / (448 << INNER);
    let inner = LN_CELLS[cell] + w + shifted(w * tail, INNER);
    let whole = shifted((63 - zeros) as i128 * LN_2, LONG - INNER);
    shifted(whole + inner, INNER - POINT)
}

#[cfg(test)]
mod tests;
