//! The fact that others live by: what is held has changed.

use northstar_kernel::{CompetencyId, Digest, EvidenceId, FrameworkId, LearnerId};

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
    /// What was held before.
    pub before: Held,
    /// What is held now.
    pub after: Held,
    /// The policy applied; `None` if the framework has none, so that nothing is held any more.
    pub policy: Option<Digest>,
    /// The evidence that counts, oldest observation first.
    pub evidence: Vec<EvidenceId>,
    /// The evidence that led here; `None` if a policy or a new scale did.
    pub cause: Option<EvidenceId>,
}
