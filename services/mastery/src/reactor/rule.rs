//! What judgements in a competency are read by.

use std::sync::Arc;

use northstar_bus::{HandleError, Work};
use northstar_kernel::{CompetencyId, Digest, EvidenceId, FrameworkId};
use northstar_mastery_domain::{Held, Observations, PolicyPublished, Scale, counted, evaluate};

use crate::projection::{Awaited, Competency, Policies};

/// A competency's framework and scale, and the policy in force there, if there is one.
pub(super) struct Rule {
    pub(super) framework: FrameworkId,
    scale: Arc<Scale>,
    policy: Option<Arc<PolicyPublished>>,
}

impl Rule {
    /// The rule for a competency; `None` while the registry has not told of it.
    pub(super) async fn of(
        competency: CompetencyId,
        work: &mut Work,
    ) -> Result<Option<Self>, HandleError> {
        let Some(known) = work.get::<Competency>(competency.as_bytes()).await? else {
            return Ok(None);
        };
        let (framework, scale) = (known.framework, Arc::clone(&known.scale));
        let policies = work.get::<Policies>(framework.as_bytes()).await?;
        let policy = policies.and_then(Policies::in_force).cloned();
        Ok(Some(Self { framework, scale, policy }))
    }

    /// The same; a rule that is not there yet is noted, so that its coming is noticed.
    pub(super) async fn awaited(
        competency: CompetencyId,
        work: &mut Work,
    ) -> Result<Option<Self>, HandleError> {
        let rule = Self::of(competency, work).await?;
        if rule.is_none() && work.get::<Awaited>(competency.as_bytes()).await?.is_none() {
            work.put(competency.as_bytes(), Awaited);
        }
        Ok(rule)
    }

    /// What is held for these judgements: nothing, where there is no policy.
    pub(super) fn held(&self, observations: &Observations) -> Held {
        let policy = self.policy.as_deref();
        policy
            .map(|in_force| evaluate(&in_force.policy, &self.scale, observations))
            .unwrap_or_default()
    }

    /// Hash of the policy in force.
    pub(super) fn policy(&self) -> Option<Digest> {
        self.policy.as_ref().map(|in_force| in_force.hash)
    }

    /// The evidence that counts, oldest observation first.
    pub(super) fn evidence(&self, observations: &Observations) -> Vec<EvidenceId> {
        let policy = self.policy.as_deref();
        let counting = policy.map(|in_force| counted(&in_force.policy, observations));
        counting.into_iter().flatten().map(|observation| observation.evidence).collect()
    }
}
