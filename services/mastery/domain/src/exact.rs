//! Fractions without error.

use std::fmt;

use num_bigint::BigInt;

/// So many steps are made one by one: that is what nearly all levels need.
const FEW_STEPS: usize = 64;
/// So many steps fit two machine words, whatever the values.
const SHORT_STEPS: usize = 8;

/// An exact fraction of thousandths, rounded only when somebody asks for a number to show.
///
/// Two machine words carry it as long as they can; beyond that it moves to numbers of any length.
/// Both give the same answer: moving is a matter of speed alone.
#[derive(Debug, Clone)]
pub struct Exact(Repr);

#[derive(Debug, Clone)]
enum Repr {
    /// Denominator above zero.
    Small(i128, i128),
    /// Denominator above zero.
    Big(BigInt, BigInt),
}

impl Exact {
    /// A whole number of thousandths.
    pub const fn whole(milli: i64) -> Self {
        Self(Repr::Small(milli as i128, 1))
    }

    /// `n / d` thousandths; `None` unless `d` is above zero.
    pub fn ratio(n: i128, d: i128) -> Option<Self> {
        (d > 0).then_some(Self(Repr::Small(n, d)))
    }

    /// `self · (base - new)/base + milli · new/base`: the step of a decaying average.
    ///
    /// `new` must be below `base`, both above zero.
    #[must_use]
    pub fn step(self, milli: i64, new: u8, base: u8) -> Self {
        let old = base - new;
        match self.0 {
            Repr::Small(n, d) => match small_step(n, d, milli, [old, new, base]) {
                Some((n, d)) => Self(Repr::Small(n, d)),
                None => big_step(n.into(), d.into(), milli, [old, new, base]),
            },
            Repr::Big(n, d) => big_step(n, d, milli, [old, new, base]),
        }
    }

    /// The same as a [`Exact::step`] for each of the values, but joined by halves: step by step, the
    /// work on ever longer numbers would grow with the square of how many there are.
    #[must_use]
    pub fn steps(
        self,
        values_milli: impl ExactSizeIterator<Item = i64>,
        new: u8,
        base: u8,
    ) -> Self {
        if values_milli.len() <= FEW_STEPS {
            return values_milli.fold(self, |held, milli| held.step(milli, new, base));
        }
        let (n, d) = self.parts();
        let values: Vec<_> = values_milli.collect();
        let Steps { kept, added, below } = Steps::of(&values, new, base);
        Self(Repr::Big(n * kept + &d * added, d * below))
    }

    /// The nearest multiple of `step_milli` thousandths, halves away from zero: 1 rounds to
    /// thousandths, 10 to hundredths; 0 is taken as 1.
    ///
    /// What does not fit is the nearest number that does; results of the methods always fit, since
    /// they lie between the smallest and the largest value.
    pub fn rounded_to(&self, step_milli: u32) -> i64 {
        let step = i128::from(step_milli.max(1));
        if let Repr::Small(n, d) = &self.0
            && let Some(unit) = d.checked_mul(step)
        {
            return clamped(half_away(*n, unit).saturating_mul(step));
        }
        let (n, d) = self.parts();
        let quotient = big_half_away(&n, &(d * step)) * step;
        i64::try_from(&quotient).unwrap_or(if n < BigInt::ZERO { i64::MIN } else { i64::MAX })
    }

    /// The nearest whole thousandth, halves away from zero.
    pub fn milli(&self) -> i64 {
        self.rounded_to(1)
    }

    fn parts(&self) -> (BigInt, BigInt) {
        match &self.0 {
            Repr::Small(n, d) => ((*n).into(), (*d).into()),
            Repr::Big(n, d) => (n.clone(), d.clone()),
        }
    }
}

/// As a fraction in lowest terms: `7/2`, and `3` for a whole number.
impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (n, d) = self.parts();
        let common = common_divisor(&n, &d);
        let (n, d) = (n / &common, d / &common);
        if d == BigInt::from(1) { write!(f, "{n}") } else { write!(f, "{n}/{d}") }
    }
}

/// By value: 1/2 equals 2/4.
impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        let ((n, d), (m, e)) = (self.parts(), other.parts());
        n * e == m * d
    }
}

impl Eq for Exact {}

/// Several steps as one: what was held is multiplied by `kept / below`, and `added / below` comes to
/// it.
struct Steps {
    kept: BigInt,
    added: BigInt,
    below: BigInt,
}

impl Steps {
    fn of(values_milli: &[i64], new: u8, base: u8) -> Self {
        if values_milli.len() <= SHORT_STEPS {
            return Self::short(values_milli, new, base);
        }
        let (older, newer) = values_milli.split_at(values_milli.len() / 2);
        let (older, newer) = (Self::of(older, new, base), Self::of(newer, new, base));
        Self {
            added: older.added * &newer.kept + newer.added * &older.below,
            kept: older.kept * newer.kept,
            below: older.below * newer.below,
        }
    }

    /// Two machine words carry so few: what is added is at most the largest value times `below`, which
    /// is at most 100 to the power of eight.
    fn short(values_milli: &[i64], new: u8, base: u8) -> Self {
        let (mut kept, mut added, mut below) = (1_i128, 0_i128, 1_i128);
        for milli in values_milli {
            added = added * i128::from(base - new) + below * i128::from(new) * i128::from(*milli);
            kept *= i128::from(base - new);
            below *= i128::from(base);
        }
        Self { kept: kept.into(), added: added.into(), below: below.into() }
    }
}

fn small_step(n: i128, d: i128, milli: i64, [old, new, base]: [u8; 3]) -> Option<(i128, i128)> {
    let kept = n.checked_mul(old.into())?;
    let added = d.checked_mul(new.into())?.checked_mul(milli.into())?;
    Some((kept.checked_add(added)?, d.checked_mul(base.into())?))
}

fn big_step(n: BigInt, d: BigInt, milli: i64, [old, new, base]: [u8; 3]) -> Exact {
    let added = &d * new * milli;
    Exact(Repr::Big(n * old + added, d * base))
}

/// Compares the rest with what is missing to the next whole, so that nothing is doubled and
/// nothing can overflow.
pub(crate) fn half_away(n: i128, d: i128) -> i128 {
    let quotient = match (i64::try_from(n), i64::try_from(d)) {
        // In one machine word where it fits: that takes a tenth of the time.
        (Ok(n), Ok(d)) => (n / d).into(),
        _ => n / d,
    };
    let rest = (n - quotient * d).abs();
    if rest >= d - rest { quotient + n.signum() } else { quotient }
}

fn big_half_away(n: &BigInt, d: &BigInt) -> BigInt {
    let (quotient, rest) = (n / d, n % d);
    let rest = if rest < BigInt::ZERO { -rest } else { rest };
    if &rest + &rest < *d {
        quotient
    } else if *n < BigInt::ZERO {
        quotient - 1
    } else {
        quotient + 1
    }
}

/// The greatest number that divides both; `d` must be above zero, as the result is.
fn common_divisor(n: &BigInt, d: &BigInt) -> BigInt {
    let (mut a, mut b) = (d.clone(), n % d);
    while b != BigInt::ZERO {
        (a, b) = (b.clone(), a % b);
    }
    if a < BigInt::ZERO { -a } else { a }
}

fn clamped(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn big(exact: &Exact) -> Exact {
        let (n, d) = exact.parts();
        Exact(Repr::Big(n, d))
    }

    #[test]
    fn halves_go_away_from_zero() {
        for (sum, count, milli) in [(5, 2, 3), (-5, 2, -3), (7, 3, 2), (8, 3, 3), (-7, 3, -2)] {
            let mean = Exact::ratio(sum, count).expect("there are values");
            assert_eq!(mean.milli(), milli, "{sum}/{count}");
            assert_eq!(big(&mean).milli(), milli, "{sum}/{count}, any length");
        }
    }

    #[test]
    fn rounds_the_exact_value_and_not_a_rounded_one() {
        // 2.4449 is 2.44 in hundredths; going through thousandths (2.445) would say 2.45.
        let exact = Exact::ratio(24_449, 10).expect("there are values");
        assert_eq!((exact.rounded_to(10), exact.milli()), (2_440, 2_445));
    }

    #[test]
    fn a_denominator_is_above_zero() {
        assert!([0, -1, i128::MIN].into_iter().all(|d| Exact::ratio(1, d).is_none()));
    }

    #[test]
    fn a_fraction_is_shown_in_lowest_terms() {
        let shown = [(7, 2), (-14, 4), (6_210, 2), (0, 9), (5, 10)]
            .map(|(n, d)| Exact::ratio(n, d).map(|exact| exact.to_string()).unwrap_or_default());
        assert_eq!(shown, ["7/2", "-7/2", "3105", "0", "1/2"]);
    }

    #[test]
    fn moving_to_long_numbers_changes_nothing() {
        let (mut short, mut long) = (Exact::whole(1_000), big(&Exact::whole(1_000)));
        for step in 0..60_i64 {
            let value = 1_000 + step * 37 % 4_000;
            (short, long) = (short.step(value, 33, 50), long.step(value, 33, 50));
            assert_eq!(short, long, "after {step}");
            assert_eq!(short.milli(), long.milli(), "after {step}");
        }
        assert!(matches!(short.0, Repr::Big(..)), "sixty steps do not fit two machine words");
    }

    #[test]
    fn many_steps_at_once_are_the_same_as_one_by_one() {
        let values: Vec<i64> = (0..700_i64).map(|step| step * 37 % 4_000 - 1_000).collect();
        for count in [0, 1, 2, 63, 64, 65, 66, 127, 130, 700] {
            for (new, base) in [(13, 20), (1, 100), (99, 100), (1, 2)] {
                let one_by_one = values[..count]
                    .iter()
                    .fold(Exact::whole(7), |held, milli| held.step(*milli, new, base));
                let at_once = Exact::whole(7).steps(values[..count].iter().copied(), new, base);
                assert_eq!(at_once, one_by_one, "{count} steps of {new}/{base}");
                assert_eq!(at_once.milli(), one_by_one.milli(), "{count} steps of {new}/{base}");
            }
        }
    }

    #[test]
    fn the_largest_values_do_not_overflow() {
        for extreme in [i64::MIN, i64::MAX] {
            let held = (0..40).fold(Exact::whole(extreme), |held, _| held.step(extreme, 1, 100));
            assert_eq!(held.milli(), extreme);
            let many = Exact::whole(extreme).steps([extreme; 200].into_iter(), 99, 100);
            assert_eq!(many.milli(), extreme);
        }
        assert_eq!(Exact::whole(i64::MAX).rounded_to(1_000), i64::MAX);
    }
}
