//! What is shown, beside what the rule says.

use northstar_kernel::{OverrideId, Timestamp};

use super::Override;
use crate::{Finding, Held, Scale};

/// What is shown of a learner in a competency, and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shown {
    /// What is shown, and what the rules above read.
    pub held: Finding,
    /// What the rule says, override or not.
    pub by_rule: Finding,
    /// The override that is shown; `None` if the rule is.
    pub by_override: Option<OverrideId>,
}

impl Shown {
    /// What is shown if `overriding`, if there is one, holds.
    pub(crate) fn new(by_rule: Finding, overriding: Option<(OverrideId, Finding)>) -> Self {
        let held = overriding.map_or(by_rule, |(_, says)| says);
        Self { held, by_rule, by_override: overriding.map(|(id, _)| id) }
    }
}

/// Of the overrides of one learner in one competency the one that holds at `at`; of several the
/// one that begins last, and of those the one with the larger id, whatever order they come in.
pub fn holding(overrides: &[Override], at: Timestamp) -> Option<&Override> {
    let holding = overrides.iter().filter(|held| held.holds(at));
    holding.max_by_key(|held| (held.terms.from, held.terms.id))
}

/// Lays the override that holds at `at` over what the rule says.
pub fn overlay(by_rule: Finding, overrides: &[Override], at: Timestamp) -> Shown {
    let held = holding(overrides, at);
    Shown::new(by_rule, held.map(|held| (held.terms.id, held.terms.says)))
}

impl Finding {
    /// The same as what is held: its value, if it has one, stands on the rungs of `scale`.
    pub fn on(&self, scale: &Scale) -> Held {
        Held {
            standing: self.standing,
            value_milli: self.value_milli.unwrap_or_default(),
            level: self.value_milli.map_or(0, |value| scale.level(value)),
            provisional: self.provisional,
        }
    }
}
