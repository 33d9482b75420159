//! What is held of a learner in a competency.

use crate::{Mark, Observation, Observations, Policy, Scale};

/// Whether something can be said, and what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing {
    /// Nothing was observed, or no policy says what to make of it.
    #[default]
    NotObserved,
    /// Fewer observations count than the policy asks for.
    NotEnoughEvidence,
    /// Something is held, below the policy's threshold.
    BelowMastery,
    /// At or above the threshold.
    AtMastery,
}

/// The outcome of a policy over the evidence; the default is "nothing".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Held {
    /// Whether something can be said.
    pub standing: Standing,
    /// The method's value in thousandths, rounded once, halves away from zero; 0 while nothing can
    /// be said. The threshold and the scale are read against this number, the one people see.
    pub value_milli: i64,
    /// The highest rung of the scale at or below the value, from 1; 0 if none.
    pub level: u32,
}

/// The observations that count under `policy`, oldest first.
pub fn counted<'a>(
    policy: &'a Policy,
    observations: &'a Observations,
) -> impl Iterator<Item = &'a Observation> + Clone {
    observations.iter().filter(|observation| policy.counts(observation.role))
}

/// Applies `policy` to all that was observed.
pub fn evaluate(policy: &Policy, scale: &Scale, observations: &Observations) -> Held {
    if observations.is_empty() {
        return Held::default();
    }
    let counting = counted(policy, observations);
    let enough = counting.clone().count() >= usize::from(policy.minimum_observations());
    let marks: Vec<_> = counting
        .map(|observation| Mark { value_milli: observation.value_milli, kind: "" })
        .collect();
    let value = policy.method().apply(&marks, policy.threshold_milli());
    match value.filter(|_| enough) {
        None => Held { standing: Standing::NotEnoughEvidence, ..Held::default() },
        Some(exact) => {
            let value_milli = exact.milli();
            let mastered = value_milli >= policy.threshold_milli();
            let standing = if mastered { Standing::AtMastery } else { Standing::BelowMastery };
            Held { standing, value_milli, level: scale.level(value_milli) }
        }
    }
}
