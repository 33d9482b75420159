//! The functions from values to one value.
//!
//! All take the values oldest first, say nothing about no values, and say the value itself about
//! one. A zero is a value like any other; a missing judgement is no value and never gets here.

use crate::Exact;

/// The weight of the newest value of a decaying average: 1 to 99 percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NewestWeight(u8);

impl NewestWeight {
    /// `None` unless `percent` is from 1 to 99: at 0 nothing new would count, at 100 nothing old.
    pub fn new(percent: u32) -> Option<Self> {
        u8::try_from(percent).ok().filter(|percent| (1..=99).contains(percent)).map(Self)
    }

    /// In percent.
    pub const fn percent(self) -> u8 {
        self.0
    }

    /// The weight as a fraction in lowest terms, which keeps the exact numbers short.
    const fn fraction(self) -> (u8, u8) {
        let (mut a, mut b) = (100, self.0);
        while b > 0 {
            (a, b) = (b, a % b);
        }
        (self.0 / a, 100 / a)
    }
}

/// How many values become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// The highest value.
    Highest,
    /// The latest value.
    Latest,
    /// The arithmetic mean.
    Mean,
    /// A1 = s1; Ai = A(i-1) · (100 - d)/100 + si · d/100, with d the newest weight.
    ///
    /// This is the recursive form; the field has another of the same name that weighs the newest
    /// value against the plain mean of the rest.
    DecayingAverage(NewestWeight),
}

impl Method {
    /// The name in a policy's canonical form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Highest => "highest",
            Self::Latest => "latest",
            Self::Mean => "mean",
            Self::DecayingAverage(_) => "decaying_average",
        }
    }

    /// The newest weight, for the method that has one.
    pub const fn newest_weight(self) -> Option<NewestWeight> {
        match self {
            Self::DecayingAverage(weight) => Some(weight),
            Self::Highest | Self::Latest | Self::Mean => None,
        }
    }

    /// The exact result over `values` in thousandths, oldest first; `None` for no values.
    pub fn apply(self, values: impl IntoIterator<Item = i64>) -> Option<Exact> {
        let mut values = values.into_iter();
        match self {
            Self::Highest => values.max().map(Exact::whole),
            Self::Latest => values.last().map(Exact::whole),
            Self::Mean => {
                let (sum, count) = values
                    .fold((0_i128, 0_u32), |(sum, n), value| (sum + i128::from(value), n + 1));
                Exact::mean(sum, count)
            }
            Self::DecayingAverage(weight) => {
                let (new, base) = weight.fraction();
                let first = Exact::whole(values.next()?);
                Some(values.fold(first, |held, value| held.step(value, new, base)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decaying(percent: u32) -> Method {
        Method::DecayingAverage(NewestWeight::new(percent).expect("from 1 to 99"))
    }

    #[test]
    fn no_values_give_no_result_and_one_gives_itself() {
        for method in [Method::Highest, Method::Latest, Method::Mean, decaying(65)] {
            assert_eq!(method.apply([]), None);
            assert_eq!(method.apply([2_125]), Some(Exact::whole(2_125)));
        }
    }

    #[test]
    fn each_method_weighs_the_same_values_its_own_way() {
        let values = [2_000, 4_000, 3_000];
        let results = [Method::Highest, Method::Latest, Method::Mean, decaying(65)]
            .map(|method| method.apply(values).map(|exact| exact.milli()));
        // 2 · .35² + 4 · .65 · .35 + 3 · .65 = 3.105
        assert_eq!(results, [4_000, 3_000, 3_000, 3_105].map(Some));
    }

    #[test]
    fn a_zero_counts() {
        assert_eq!(Method::Mean.apply([0, 4_000]).map(|e| e.milli()), Some(2_000));
        assert_eq!(Method::Latest.apply([4_000, 0]).map(|e| e.milli()), Some(0));
    }

    #[test]
    fn weights_outside_1_to_99_do_not_exist() {
        assert!([0, 100, 256 + 65].into_iter().all(|percent| NewestWeight::new(percent).is_none()));
        assert_eq!(NewestWeight::new(65).map(NewestWeight::fraction), Some((13, 20)));
        assert_eq!(NewestWeight::new(51).map(NewestWeight::fraction), Some((51, 100)));
    }
}
