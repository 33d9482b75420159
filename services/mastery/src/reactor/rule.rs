//! What judgements in a competency are read by.

use std::collections::BTreeSet;
use std::sync::Arc;

use northstar_bus::{HandleError, Work};
use northstar_kernel::{CompetencyId, Digest, EvidenceId, FrameworkId, LearnerId, Timestamp};
use northstar_mastery_domain::{
    Observation, Observations, PolicyPublished, Scale, Scope, counted, evaluate, next_change,
};

use crate::projection::roster::path;
use crate::projection::{Awaited, Competency, Level, Policies, Reading, Rollup};

/// As of the end of time, everything that was recorded counts.
const END: Timestamp = Timestamp::from_micros(i64::MAX);

/// A competency's framework and scale, and what the framework has of policies and rules.
pub(crate) struct Rule {
    pub(super) framework: FrameworkId,
    scale: Arc<Scale>,
    policies: Policies,
    /// The hash of the competency's rule in a roll-up, which says what is held in place of the main
    /// policy.
    pub(crate) rolled_up: Option<Digest>,
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
        let mut rule = Self::new(known, Policies::default());
        if let Some(policies) = work.get::<Policies>(rule.framework.as_bytes()).await? {
            rule.policies = policies.clone();
        }
        let rollup = work.get::<Rollup>(rule.framework.as_bytes()).await?;
        rule.rolled_up = rollup.and_then(|rollup| rollup.rule(competency));
        Ok(Some(rule))
    }

    /// The rule for a competency by its framework's policies.
    pub(crate) fn new(competency: &Competency, policies: Policies) -> Self {
        let (framework, scale) = (competency.framework, Arc::clone(&competency.scale));
        Self { framework, scale, policies, rolled_up: None }
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

    /// Whether it depends on who the learner is.
    pub(super) fn is_scoped(&self) -> bool {
        self.policies.is_scoped()
    }

    /// The rule as it is for a learner.
    pub(super) async fn of_learner(
        &self,
        learner: LearnerId,
        work: &mut Work,
    ) -> Result<Self, HandleError> {
        Ok(self.along(&path(work, learner).await?.into()))
    }

    /// The same, where it depends on who the learner is; else itself.
    pub(super) async fn for_learner(
        self,
        learner: LearnerId,
        work: &mut Work,
    ) -> Result<Self, HandleError> {
        if self.is_scoped() { self.of_learner(learner, work).await } else { Ok(self) }
    }

    /// The rule as it is for a learner of these scopes, the most specific first.
    pub(crate) fn along(&self, path: &Arc<[Scope]>) -> Self {
        let policies = self.policies.along(Arc::clone(path));
        let (framework, rolled_up) = (self.framework, self.rolled_up);
        Self { framework, scale: Arc::clone(&self.scale), policies, rolled_up }
    }

    /// Of which framework the competency is.
    pub(crate) const fn framework(&self) -> FrameworkId {
        self.framework
    }

    /// What is held at `at` for these judgements by each policy that holds for them, and the next
    /// instant at which, by one of these, other judgements count.
    pub(super) fn readings(
        &self,
        observations: &Observations,
        at: Timestamp,
    ) -> (Vec<Reading>, Option<Timestamp>) {
        let (mut readings, mut next): (Vec<_>, Option<Timestamp>) = (Vec::new(), None);
        for name in self.policies.names() {
            let Some(published) = self.policies.reading(name, observations, END) else { continue };
            let policy = &published.policy;
            let held = evaluate(policy, &self.scale, observations, at);
            readings.push(Reading { name: name.to_owned(), held, policy: published.hash });
            next = next.into_iter().chain(next_change(policy, observations, at)).min();
        }
        (readings, next)
    }

    /// The evidence that counts by the policy of that name, oldest first in its order.
    pub(super) fn evidence(
        &self,
        name: &str,
        observations: &Observations,
        at: Timestamp,
    ) -> Vec<EvidenceId> {
        let evidence = |policy: &PolicyPublished| {
            let counted = counted(&policy.policy, observations, at);
            counted.into_iter().map(|observation: &Observation| observation.evidence).collect()
        };
        self.policies.reading(name, observations, END).map(evidence).unwrap_or_default()
    }

    /// The evidence that counts in a level by the main policy, and when it was observed.
    pub(crate) fn counted(&self, level: &Level) -> Vec<(Timestamp, EvidenceId)> {
        let counted = self.evidence("", &level.observations, level.at());
        let counted: BTreeSet<_> = counted.into_iter().collect();
        let seen = level.observations.iter().filter(|seen| counted.contains(&seen.evidence));
        seen.map(|seen| (seen.observed_at, seen.evidence)).collect()
    }

    /// The rungs a value is read against.
    pub(super) fn scale(&self) -> &Scale {
        &self.scale
    }
}
