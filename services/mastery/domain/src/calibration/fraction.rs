//! Exact fractions of any length, for the few numbers at the end of a count.

use num_bigint::BigInt;

/// Roots are cut off after so many decimals; everything else is exact.
const ROOT_DECIMALS: u32 = 12;

/// A fraction whose denominator is above zero.
#[derive(Debug, Clone)]
pub(crate) struct Fraction {
    over: BigInt,
    under: BigInt,
}

impl Fraction {
    /// `None` if `under` is zero.
    pub(crate) fn new(over: impl Into<BigInt>, under: impl Into<BigInt>) -> Option<Self> {
        let (over, under): (BigInt, BigInt) = (over.into(), under.into());
        match under.cmp(&BigInt::ZERO) {
            std::cmp::Ordering::Greater => Some(Self { over, under }),
            std::cmp::Ordering::Less => Some(Self { over: -over, under: -under }),
            std::cmp::Ordering::Equal => None,
        }
    }

    pub(crate) fn whole(number: impl Into<BigInt>) -> Self {
        Self { over: number.into(), under: BigInt::from(1) }
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        let over = &self.over * &other.under + &other.over * &self.under;
        Self { over, under: &self.under * &other.under }
    }

    pub(crate) fn minus(&self, other: &Self) -> Self {
        self.plus(&Self { over: -&other.over, under: other.under.clone() })
    }

    pub(crate) fn times(&self, other: &Self) -> Self {
        Self { over: &self.over * &other.over, under: &self.under * &other.under }
    }

    /// `None` of zero.
    pub(crate) fn inverse(&self) -> Option<Self> {
        Self::new(self.under.clone(), self.over.clone())
    }

    /// The square root, cut off after twelve decimals; exact where the root is a fraction. What is
    /// below zero has the root zero.
    pub(crate) fn root(&self) -> Self {
        let shift = BigInt::from(10).pow(ROOT_DECIMALS);
        let inside = (&self.over * &self.under * &shift * &shift).max(BigInt::ZERO);
        Self { over: inside.sqrt(), under: &self.under * shift }
    }

    /// In thousandths, rounded once, halves away from zero; what does not fit is the nearest
    /// number that does.
    pub(crate) fn milli(&self) -> i64 {
        let negative = self.over < BigInt::ZERO;
        let over = if negative { -&self.over } else { self.over.clone() };
        let nearest: BigInt = (over * 2_000 + &self.under) / (&self.under * 2);
        let milli = i64::try_from(nearest).unwrap_or(i64::MAX);
        if negative { -milli } else { milli }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fraction(over: i64, under: i64) -> Fraction {
        Fraction::new(over, under).expect("the denominator is not zero")
    }

    #[test]
    fn thousandths_round_halves_away_from_zero() {
        for (over, under, milli) in [(1, 2_000, 1), (-1, 2_000, -1), (1, 3, 333), (2, -3, -667)] {
            assert_eq!(fraction(over, under).milli(), milli, "{over}/{under}");
        }
        assert_eq!(Fraction::whole(i64::MAX).milli(), i64::MAX);
        assert!(Fraction::new(1, 0).is_none());
    }

    #[test]
    fn sums_and_products_are_exact() {
        let (third, half) = (fraction(1, 3), fraction(1, 2));
        assert_eq!(third.plus(&half).minus(&fraction(5, 6)).over, BigInt::ZERO);
        assert_eq!(third.times(&half).minus(&fraction(1, 6)).over, BigInt::ZERO);
    }

    #[test]
    fn a_root_that_is_a_fraction_is_exact_and_others_are_close() {
        assert_eq!(fraction(18, 8).root().minus(&fraction(3, 2)).over, BigInt::ZERO);
        assert_eq!(fraction(2_000_000, 1).root().milli(), 1_414_214);
        assert_eq!(fraction(-4, 1).root().milli(), 0);
    }
}
