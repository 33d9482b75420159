//! What is held of a learner in a competency.

use northstar_kernel::Timestamp;

use crate::{Observation, Observations, Policy, Scale};

pub(crate) mod counted;
mod left_out;
mod settle;

pub(crate) use counted::Counted;
pub use counted::Minimum;
pub use left_out::LeftOut;
use left_out::{expiry, may_count};
pub use settle::{Confidence, Outlook, settle};

/// Whether something can be said, and what; the lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Standing {
    /// Nothing was observed, or no policy says what to make of it.
    #[default]
    NotObserved,
    /// Less counts than the policy, or its method, asks for.
    NotEnoughEvidence,
    /// Something is held, below the policy's threshold of mastery.
    BelowMastery,
    /// At or above the threshold of mastery.
    AtMastery,
    /// At or above the threshold of exceeding.
    Exceeds,
}

impl Standing {
    /// All of them, the lowest first.
    pub const ALL: [Self; 5] = [
        Self::NotObserved,
        Self::NotEnoughEvidence,
        Self::BelowMastery,
        Self::AtMastery,
        Self::Exceeds,
    ];

    /// The name in a derivation: `at_mastery`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotObserved => "not_observed",
            Self::NotEnoughEvidence => "not_enough_evidence",
            Self::BelowMastery => "below_mastery",
            Self::AtMastery => "at_mastery",
            Self::Exceeds => "exceeds",
        }
    }

    /// Whether the competency is mastered.
    pub const fn is_mastered(self) -> bool {
        matches!(self, Self::AtMastery | Self::Exceeds)
    }
}

/// The outcome of a policy over the evidence; the default is "nothing".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Held {
    /// Whether something can be said.
    pub standing: Standing,
    /// The method's value in thousandths, rounded once, halves away from zero; 0 while nothing can
    /// be said. The thresholds and the scale are read against this number, the one people see.
    pub value_milli: i64,
    /// The highest rung of the scale at or below the value, from 1; 0 if none.
    pub level: u32,
    /// Whether there is a value, but a second person signed off none of the judgements it is made
    /// of.
    pub provisional: bool,
}

/// The observations that count under `policy` at `at`, oldest first in the policy's order.
///
/// An observation counts if it was made by `at`, its assessor's role is not excluded, it is signed
/// off where the policy asks for that, and it has not expired.
pub fn counted<'a>(
    policy: &Policy,
    observations: &'a Observations,
    at: Timestamp,
) -> Vec<&'a Observation> {
    Counted::of(policy, observations, at).0
}

/// Applies `policy` to all that was observed, as it stands at `at`.
///
/// What was observed after `at` is not there yet; apart from that, `at` matters only if judgements
/// expire. Under a monotone policy the result is the best that any beginning of the judgements
/// that count gives; the method is then applied once for each of them, so that n judgements cost
/// about n²/2 steps.
pub fn evaluate(
    policy: &Policy,
    scale: &Scale,
    observations: &Observations,
    at: Timestamp,
) -> Held {
    if observations.until(at).is_empty() {
        return Held::default();
    }
    Counted::of(policy, observations, at).held(policy, scale)
}

/// The next instant after `at` at which, without anything being recorded, other judgements count
/// than do at `at`: the first of them expires, or one that lies ahead is due. `None` if never.
///
/// What is held may be the same after that; [`evaluate`] at that instant tells.
pub fn next_change(
    policy: &Policy,
    observations: &Observations,
    at: Timestamp,
) -> Option<Timestamp> {
    // Where nothing expires, only those ahead matter.
    let passed = policy.lifetime_micros().map_or_else(|| observations.until(at).len(), |_| 0);
    let may_count = observations.iter().skip(passed).filter(|seen| may_count(policy, seen));
    let begins_and_ends = may_count.flat_map(|seen| [Some(seen.observed_at), expiry(policy, seen)]);
    begins_and_ends.flatten().filter(|change| *change > at).min()
}
