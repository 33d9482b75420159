//! How far a learner covers what an occupation requires.
//!
//! Over the known elements K (a level is required, released, and known of the learner):
//!
//! - coverage       Cov = Σ_K w · min(1, l/r) / Σ_K w
//! - known share    κ = Σ_K w / Σ w over everything required
//! - assured        Cov · κ / (κ + 1/10)
//!
//! Unknown elements stand in neither sum of Cov: they are not zero. They lower κ instead, and with
//! it the *assured coverage*, which ranking goes by: a fixed reserve, one tenth of the whole
//! requirement, is counted as asked and not met. The more is known, the less the reserve matters;
//! a perfect score on one lucky element cannot outrank a good score on many.

use std::cmp::Ordering;

use crate::code::ElementId;
use crate::held::{HeldLevel, Holdings};
use crate::occupation::Occupation;
use crate::rating::Rating;

/// The three numbers of one learner and one occupation, as exact sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// Σ_K w · min(1, l/r), in billionths of a weight.
    met_ppb: u64,
    /// Σ_K w, above 0.
    known: u64,
    /// Σ w over everything required; at least `known`.
    whole: u64,
}

impl Coverage {
    /// The reserve is the whole requirement divided by this.
    const RESERVE_DIVISOR: u64 = 10;

    /// Of one learner and occupation; `None` if nothing of the requirement is known.
    pub fn of(occupation: &Occupation, holdings: &Holdings) -> Option<Self> {
        let mut sums = Self { met_ppb: 0, known: 0, whole: 0 };
        for rating in occupation.ratings() {
            let Some(weight) = rating.weight() else { continue };
            sums.whole += weight;
            let Some((required, held)) = known(rating, holdings) else { continue };
            sums.known += weight;
            sums.met_ppb += weight * held.met_ppb(required);
        }
        Some(sums).filter(|sums| sums.known > 0)
    }

    /// Cov in thousandths, rounded down: 1000 means that all that is known is met.
    pub const fn coverage_milli(&self) -> u32 {
        (self.met_ppb / (self.known * (HeldLevel::WHOLE_PPB / 1_000))) as u32
    }

    /// κ in thousandths, rounded down.
    pub const fn known_milli(&self) -> u32 {
        (self.known * 1_000 / self.whole) as u32
    }

    /// Assured coverage in thousandths, rounded down.
    pub const fn assured_milli(&self) -> u32 {
        let (above, below) = self.assured();
        (above / (below * (HeldLevel::WHOLE_PPB / 1_000))) as u32
    }

    /// Assured coverage as a fraction of billionths: Cov · κ / (κ + 1/d) = met · d / (d · known + whole).
    const fn assured(&self) -> (u64, u64) {
        (self.met_ppb * Self::RESERVE_DIVISOR, self.known * Self::RESERVE_DIVISOR + self.whole)
    }

    /// By assured coverage, then coverage, then known share; exact, with the better one greater.
    pub fn compare(&self, other: &Self) -> Ordering {
        fractions(self.assured(), other.assured())
            .then_with(|| fractions((self.met_ppb, self.known), (other.met_ppb, other.known)))
            .then_with(|| fractions((self.known, self.whole), (other.known, other.whole)))
    }
}

/// Compares two fractions with denominators above 0.
fn fractions(left: (u64, u64), right: (u64, u64)) -> Ordering {
    let cross = |a: u64, b: u64| u128::from(a) * u128::from(b);
    cross(left.0, right.1).cmp(&cross(right.0, left.1))
}

/// The required level (above 0, in hundredths) and the held one, where both are known.
fn known(rating: &Rating, holdings: &Holdings) -> Option<(u16, HeldLevel)> {
    let required = rating.level?.centi();
    holdings.level(rating.element).map(|held| (required, held)).filter(|_| required > 0)
}

/// One requirement of an occupation and where the learner stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requirement {
    /// The element.
    pub element: ElementId,
    /// Required level, in hundredths, above 0.
    pub required_centi: u16,
    /// The learner's level, in hundredths.
    pub held_centi: u32,
    /// Normalised importance, in thousandths.
    pub weight_milli: u16,
}

/// The known requirements of an occupation, heaviest first, then by element.
pub fn requirements(occupation: &Occupation, holdings: &Holdings) -> Vec<Requirement> {
    let mut requirements: Vec<Requirement> = occupation
        .ratings()
        .iter()
        .filter(|rating| rating.weight().is_some())
        .filter_map(|rating| {
            let (required_centi, held) = known(rating, holdings)?;
            Some(Requirement {
                element: rating.element,
                required_centi,
                held_centi: held.centi(),
                weight_milli: rating.importance?.weight_milli(),
            })
        })
        .collect();
    requirements
        .sort_by(|a, b| b.weight_milli.cmp(&a.weight_milli).then(a.element.cmp(&b.element)));
    requirements
}
