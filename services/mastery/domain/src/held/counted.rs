//! The judgements that count, and what the policy's method makes of them.

use std::collections::BTreeSet;

use northstar_kernel::Timestamp;

use super::{Held, LeftOut, Standing};
use crate::{Mark, Observation, Observations, Order, Policy, Scale};

/// So many of something that a policy asks for, and how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minimum {
    /// Of what: `observation`, `assessor` or `kind`.
    pub what: &'static str,
    /// How many the policy asks for.
    pub needed: usize,
    /// How many there are among the judgements that count.
    pub had: usize,
}

impl Minimum {
    /// Whether there are enough.
    pub const fn is_met(&self) -> bool {
        self.had >= self.needed
    }
}

/// The judgements that count, oldest first in the policy's order.
#[derive(Debug, Clone)]
pub(crate) struct Counted<'a>(pub(crate) Vec<&'a Observation>);

impl<'a> Counted<'a> {
    pub(crate) fn of(policy: &Policy, observations: &'a Observations, at: Timestamp) -> Self {
        let made = observations.until(at);
        let mut counted = Vec::with_capacity(made.len());
        counted.extend(made.iter().filter(|seen| LeftOut::why(policy, seen, at).is_none()));
        if policy.order() == Order::Recorded {
            counted.sort_unstable_by_key(|seen| (seen.recorded_at, seen.evidence));
        }
        Self(counted)
    }

    /// What is held by them.
    pub(crate) fn held(&self, policy: &Policy, scale: &Scale) -> Held {
        self.best(policy, scale, &self.marks()).1
    }

    /// What the method sees.
    pub(crate) fn marks(&self) -> Vec<Mark<'a>> {
        self.0.iter().map(|seen| seen.mark()).collect()
    }

    /// What is held, and by how many of the `marks` from the oldest on: by all, or under a monotone
    /// policy by those that give the most (of several such beginnings, the longest). Without a
    /// value, by none.
    pub(crate) fn best(&self, policy: &Policy, scale: &Scale, marks: &[Mark<'_>]) -> (usize, Held) {
        let all = marks.len();
        let value = |length: usize| {
            let exact = policy.method().apply(&marks[..length], policy.mastery_milli())?;
            Some((exact.rounded_to(policy.round_to_milli()), length))
        };
        let best = self.enough(policy).and_then(|enough| match policy.monotone() {
            true => (enough..=all).filter_map(value).max(),
            false => value(all),
        });
        match best {
            None => (0, Held { standing: Standing::NotEnoughEvidence, ..Held::default() }),
            Some((value_milli, length)) => {
                let held = Held {
                    standing: standing(policy, value_milli),
                    value_milli,
                    level: scale.level(value_milli),
                    provisional: !self.0[..length].iter().any(|seen| seen.validated),
                };
                (length, held)
            }
        }
    }

    /// What the policy asks for before anything is said, and what there is.
    pub(crate) fn minimums(&self, policy: &Policy) -> [Minimum; 3] {
        let distinct = |of: fn(&Observation) -> &str| {
            self.0.iter().map(|seen| of(seen)).collect::<BTreeSet<_>>().len()
        };
        let minimum = |what, needed: u8, had| Minimum { what, needed: needed.into(), had };
        [
            minimum("observation", policy.minimum_observations(), self.0.len()),
            minimum("assessor", policy.minimum_assessors(), distinct(|seen| &seen.assessor)),
            minimum("kind", policy.minimum_kinds(), distinct(|seen| &seen.kind)),
        ]
    }

    /// The length of the shortest beginning that meets all minimums; `None` if none does.
    fn enough(&self, policy: &Policy) -> Option<usize> {
        let observations = usize::from(policy.minimum_observations());
        if self.0.len() < observations {
            return None;
        }
        let assessors = self.reaching(policy.minimum_assessors(), |seen| &seen.assessor)?;
        let kinds = self.reaching(policy.minimum_kinds(), |seen| &seen.kind)?;
        Some(observations.max(assessors).max(kinds))
    }

    /// The length of the shortest beginning with so many different ones of something.
    fn reaching(&self, needed: u8, of: fn(&Observation) -> &str) -> Option<usize> {
        if needed <= 1 {
            return Some(1);
        }
        let mut different = BTreeSet::new();
        let reached = self.0.iter().position(|seen| {
            different.insert(of(seen));
            different.len() >= usize::from(needed)
        });
        reached.map(|index| index + 1)
    }
}

fn standing(policy: &Policy, value_milli: i64) -> Standing {
    if policy.exceeds_milli().is_some_and(|exceeds| value_milli >= exceeds) {
        Standing::Exceeds
    } else if value_milli >= policy.mastery_milli() {
        Standing::AtMastery
    } else {
        Standing::BelowMastery
    }
}
