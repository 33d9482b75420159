//! The fact that others live by: what is held has changed.

use northstar_kernel::{CompetencyId, Digest, EvidenceId, FrameworkId, LearnerId, OverrideId};

use crate::Held;

/// What is held of a learner in a competency is no longer what it was, upward or downward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MasteryChanged {
    /// The learner.
    pub learner: LearnerId,
    /// The competency.
    pub competency: CompetencyId,
    /// The framework that the competency is part of.
    pub framework: FrameworkId,
    /// The name of the policy applied, of several side by side; empty for the main one.
    pub name: String,
    /// What was held before.
    pub before: Held,
    /// What is held now.
    pub after: Held,
    /// The policy applied; `None` if the framework has none, so that nothing is held any more.
    pub policy: Option<Digest>,
    /// The evidence that counts, oldest first in the policy's order.
    pub evidence: Vec<EvidenceId>,
    /// The evidence that led here; `None` if a policy, a new scale, an override or the passing of
    /// time did.
    pub cause: Option<EvidenceId>,
    /// The override that `after` comes from, and what the rule says beside it; `None` if `after`
    /// comes from the rule.
    pub overridden: Option<(OverrideId, Held)>,
}
