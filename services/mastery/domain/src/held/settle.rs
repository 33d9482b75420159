//! How sure what is held is: what one more judgement would make of it.

use std::fmt;
use std::sync::Arc;

use northstar_kernel::{EvidenceId, TenantId, Timestamp};

use super::{Counted, Held};
use crate::{AssessorRole, Observation, Observations, Policy, Scale, evaluate};

/// What would be held after one more judgement at a rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlook {
    /// The rung, from 1 at the bottom.
    pub rung: u32,
    /// The rung's score in thousandths: the judgement's value.
    pub value_milli: i64,
    /// What would be held then.
    pub held: Held,
}

/// What is held, and what one more judgement would make of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confidence {
    /// What is held now.
    pub now: Held,
    /// For each rung of the scale, bottom first. Empty if the competency has no levels.
    pub outlooks: Vec<Outlook>,
}

impl Confidence {
    /// The lowest rung at which one more judgement would bring mastery; `None` if there is no such
    /// rung, or it is mastered already.
    pub fn settles_at(&self) -> Option<u32> {
        let open = !self.now.standing.is_mastered();
        let settling = self.outlooks.iter().find(|outlook| outlook.held.standing.is_mastered());
        settling.filter(|_| open).map(|outlook| outlook.rung)
    }

    /// Whether it is mastered, and one more judgement at the lowest rung would end that.
    pub fn is_fragile(&self) -> bool {
        let after_lowest = self.outlooks.first().map(|lowest| lowest.held.standing.is_mastered());
        self.now.standing.is_mastered() && after_lowest == Some(false)
    }
}

/// As a sentence.
impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.outlooks.is_empty() {
            return f.write_str("Without levels there is no telling what one more would change.");
        }
        match (self.now.standing.is_mastered(), self.settles_at()) {
            (true, _) if self.is_fragile() => {
                f.write_str("One more observation at level 1 would lose it.")
            }
            (true, _) => f.write_str("No single observation would lose it."),
            (false, Some(rung)) => {
                write!(f, "One more observation at level {rung} would settle it.")
            }
            (false, None) => f.write_str("No single observation would settle it."),
        }
    }
}

/// What one more judgement at each rung of `scale`, made at `at`, would make of what is held.
///
/// The judgement is taken to count: in a role that is not excluded, signed off where the policy
/// asks for that, by somebody who has not judged before, of the newest judgement's kind or, if the
/// policy asks for more kinds than there are, of another.
pub fn settle(
    policy: &Policy,
    scale: &Scale,
    observations: &Observations,
    at: Timestamp,
) -> Confidence {
    let counted = Counted::of(policy, observations, at);
    let next = next(policy, &counted, at);
    let outlook = |(rung, value_milli): (u32, &i64)| {
        let one_more = Observation { value_milli: *value_milli, ..next.clone() };
        let mut counted = counted.clone();
        counted.0.push(&one_more);
        Outlook { rung, value_milli: *value_milli, held: counted.held(policy, scale) }
    };
    Confidence {
        now: evaluate(policy, scale, observations, at),
        outlooks: (1..).zip(scale.scores_milli()).map(outlook).collect(),
    }
}

/// One more judgement, its value still open; it is never ordered, but put behind all others.
fn next(policy: &Policy, counted: &Counted<'_>, at: Timestamp) -> Observation {
    let more_kinds = counted.minimums(policy).iter().any(|m| m.what == "kind" && !m.is_met());
    let kind = match counted.0.last() {
        Some(newest) if !more_kinds => newest.kind.clone(),
        _ => unheard_of(counted.0.iter().map(|seen| &*seen.kind)),
    };
    Observation {
        observed_at: at,
        recorded_at: at,
        evidence: EvidenceId::derive(TenantId::COMMONS, "one more"),
        value_milli: 0,
        role: AssessorRole::Other,
        assessor: unheard_of(counted.0.iter().map(|seen| &*seen.assessor)),
        kind,
        validated: policy.validated_only(),
    }
}

/// A name that is none of these: longer than each.
fn unheard_of<'a>(names: impl Iterator<Item = &'a str>) -> Arc<str> {
    let longest = names.map(str::len).max().unwrap_or_default();
    "+".repeat(longest + 1).into()
}
