//! Occupations in the order in which they suit a learner.

use std::cmp::Ordering;

use crate::coverage::Coverage;
use crate::held::Holdings;
use crate::occupation::Occupation;
use crate::region::{Region, Wage};

/// An occupation as one learner meets it.
#[derive(Debug, Clone, Copy)]
pub struct Ranked<'a> {
    /// The occupation.
    pub occupation: &'a Occupation,
    /// How far it is covered.
    pub coverage: Coverage,
    /// The region's figures for it; `None` without a region, or if it published none.
    pub wage: Option<&'a Wage>,
}

/// All occupations that something can be said about, best first.
#[derive(Debug, Clone)]
pub struct Ranking<'a> {
    /// Best first.
    pub ranked: Vec<Ranked<'a>>,
    /// How many occupations were considered.
    pub considered: usize,
    /// How many were left out, since nothing of their requirement is known of the learner.
    pub unknown: usize,
}

/// Ranks occupations for a learner, with a region's wages beside them.
///
/// The order is total: assured coverage, coverage, known share, jobs in the region (a figure that
/// was not released comes after every figure), then the occupation's code.
pub fn rank<'a>(
    occupations: impl IntoIterator<Item = &'a Occupation>,
    holdings: &Holdings,
    region: Option<&'a Region>,
) -> Ranking<'a> {
    let mut ranking = Ranking { ranked: Vec::new(), considered: 0, unknown: 0 };
    for occupation in occupations {
        ranking.considered += 1;
        match Coverage::of(occupation, holdings) {
            None => ranking.unknown += 1,
            Some(coverage) => {
                let wage = region.and_then(|region| region.wage(occupation.code().soc()));
                ranking.ranked.push(Ranked { occupation, coverage, wage });
            }
        }
    }
    ranking.ranked.sort_by(best_first);
    ranking
}

fn best_first(a: &Ranked<'_>, b: &Ranked<'_>) -> Ordering {
    let jobs = |ranked: &Ranked<'_>| ranked.wage.and_then(|wage| wage.employment);
    b.coverage
        .compare(&a.coverage)
        .then_with(|| jobs(b).cmp(&jobs(a))) // None is the least, so it comes last
        .then_with(|| a.occupation.code().cmp(&b.occupation.code()))
}
