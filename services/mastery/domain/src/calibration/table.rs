//! How often one rater's level met another's.

use std::collections::BTreeMap;

use num_bigint::BigInt;

use super::finding::Estimate;
use super::fraction::Fraction;

/// How far two levels are apart, as a kappa counts it.
type Distance = fn(u8, u8) -> i64;

/// Counts of pairs by the level of the one and of the other.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table(BTreeMap<(u8, u8), u64>);

impl Table {
    pub(crate) fn add(&mut self, one: u8, other: u8) {
        *self.0.entry((one, other)).or_default() += 1;
    }

    pub(crate) fn pairs(&self) -> u64 {
        self.0.values().sum()
    }

    /// The share of pairs at most `apart` levels apart; `None` without pairs.
    pub(crate) fn agreement(&self, apart: u8) -> Option<Estimate> {
        let near = self.0.iter().filter(|((one, other), _)| one.abs_diff(*other) <= apart);
        Estimate::share(near.map(|(_, count)| count).sum(), self.pairs())
    }

    /// Cohen's kappa (1960): agreement beyond what the raters' habits alone would give.
    pub(crate) fn kappa(&self) -> Option<Estimate> {
        self.chance_corrected(|one, other| i64::from(one != other))
    }

    /// Cohen's weighted kappa (1968), a miss counting as the square of the levels it is off by.
    pub(crate) fn quadratic_kappa(&self) -> Option<Estimate> {
        self.chance_corrected(|one, other| i64::from(one.abs_diff(other)).pow(2))
    }

    /// 1 - (observed distance)/(distance expected by chance), with the large-sample variance of
    /// Fleiss, Cohen and Everitt (1969); `None` where chance alone leaves no distance.
    ///
    /// With v the distances, n the counts, N their sum, r and c the sums of rows and columns,
    /// A = Σ v n, B = Σ v r c, R = Σⱼ v c, C = Σᵢ v r and H = v B - (R + C) A, all whole:
    /// kappa = (B - N A)/B and its variance = N (N Σ n H² - A² B²)/B⁴.
    fn chance_corrected(&self, distance: Distance) -> Option<Estimate> {
        let (rows, columns) = self.margins();
        let pairs = BigInt::from(self.pairs());
        let misses = self.cells().map(|(one, other, n)| BigInt::from(n) * distance(one, other));
        let observed: BigInt = misses.sum();
        let from_row: BTreeMap<u8, BigInt> =
            rows.keys().map(|one| (*one, reach(&columns, |c| distance(*one, c)))).collect();
        let from_column: BTreeMap<u8, BigInt> =
            columns.keys().map(|c| (*c, reach(&rows, |one| distance(one, *c)))).collect();
        let expected: BigInt = rows.iter().map(|(one, n)| &from_row[one] * *n).sum();
        let squares: BigInt = self
            .cells()
            .map(|(one, other, n)| {
                let reach = &from_row[&one] + &from_column[&other];
                let h = &expected * distance(one, other) - reach * &observed;
                n * &h * &h
            })
            .sum();
        let spread = &pairs * squares - observed.pow(2) * expected.pow(2);
        let kappa = Fraction::new(&expected - &pairs * observed, expected.clone())?;
        let variance = Fraction::new(pairs * spread, expected.pow(4))?;
        Estimate::around(&kappa, &variance).map(|estimate| estimate.within(-1_000, 1_000))
    }

    fn cells(&self) -> impl Iterator<Item = (u8, u8, u64)> {
        self.0.iter().map(|((one, other), n)| (*one, *other, *n))
    }

    fn margins(&self) -> (BTreeMap<u8, u64>, BTreeMap<u8, u64>) {
        let (mut rows, mut columns) = (BTreeMap::new(), BTreeMap::new());
        for (one, other, n) in self.cells() {
            *rows.entry(one).or_default() += n;
            *columns.entry(other).or_default() += n;
        }
        (rows, columns)
    }
}

/// The sum of the distances to all of `margin`.
fn reach(margin: &BTreeMap<u8, u64>, distance: impl Fn(u8) -> i64) -> BigInt {
    margin.iter().map(|(level, n)| BigInt::from(*n) * distance(*level)).sum()
}

#[cfg(test)]
mod tests;
