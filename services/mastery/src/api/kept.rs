//! All that is kept of one learner, and what it is read by.

use std::collections::{BTreeMap, BTreeSet};

use northstar_chassis::status;
use northstar_eventlog::{Fault, TenantLog};
use northstar_kernel::{CompetencyId, FrameworkId, LearnerId};
use northstar_mastery_domain::Input;
use tonic::Status;

use super::as_of::Times;
use super::profile::{levels, named};
use super::shown::Shown;
use crate::projection::{Competency, Level, Policies, Rollup};

/// A learner's levels, their competencies as they were known, and the policies of these.
pub(super) struct Kept {
    pub(super) levels: BTreeMap<CompetencyId, Level>,
    competencies: BTreeMap<CompetencyId, Competency>,
    policies: BTreeMap<FrameworkId, Policies>,
}

impl Kept {
    /// Nothing at all for a learner who is not there.
    pub(super) async fn load(
        log: &TenantLog,
        learner: LearnerId,
        times: Times,
    ) -> Result<Self, Status> {
        let levels = levels(log, learner).await.map_err(status::fault)?;
        let ids: BTreeSet<CompetencyId> = levels.keys().copied().collect();
        let competencies: BTreeMap<CompetencyId, Competency> =
            named(log, ids, CompetencyId::as_bytes).await.map_err(status::fault)?;
        let known = |(id, competency)| Some((id, times.competency(competency)?));
        let competencies: BTreeMap<_, _> = competencies.into_iter().filter_map(known).collect();
        let ids = competencies.values().map(|known| known.framework).collect();
        let mut policies: BTreeMap<FrameworkId, Policies> =
            named(log, ids, FrameworkId::as_bytes).await.map_err(status::fault)?;
        for policies in policies.values_mut() {
            *policies = policies.of_learner(learner, &mut &*log).await.map_err(status::fault)?;
        }
        Ok(Self { levels, competencies, policies })
    }

    /// The rules of the frameworks in which there is something of the learner, as they were known.
    pub(super) async fn rollups(
        &self,
        log: &TenantLog,
        times: Times,
    ) -> Result<Vec<Rollup>, Status> {
        let ids: BTreeSet<_> = self.competencies.values().map(|known| known.framework).collect();
        let found: BTreeMap<FrameworkId, Rollup> =
            named(log, ids, FrameworkId::as_bytes).await.map_err(status::fault)?;
        let known = found.into_values().filter_map(|rollup| known(rollup, times).transpose());
        known.collect()
    }

    /// A level as it is shown; `None` if nothing was observed by then, or if the registry has not
    /// told of the competency.
    pub(super) fn shown(&self, id: CompetencyId, times: Times) -> Option<Shown<'_>> {
        let (level, competency) = (self.levels.get(&id)?, self.competencies.get(&id)?);
        Shown::new(id, competency, level, self.policies.get(&competency.framework), times)
    }

    /// What a roll-up reads of a competency.
    pub(super) fn input(&self, id: CompetencyId, times: Times) -> Input {
        self.shown(id, times).map(|shown| shown.input()).unwrap_or_default()
    }
}

/// The rules as they were known; `None` if there were none.
pub(super) fn known(rollup: Rollup, times: Times) -> Result<Option<Rollup>, Status> {
    let broken = |why| status::fault(Fault::lasting("reading a roll-up", why));
    match times.known_at {
        None => Ok(Some(rollup)),
        Some(at) => rollup.known(at).map_err(broken),
    }
}

/// The rules of a framework as they were known.
pub(super) async fn rollup(
    log: &TenantLog,
    framework: FrameworkId,
    times: Times,
) -> Result<Option<Rollup>, Status> {
    match log.document::<Rollup>(framework.as_bytes()).await.map_err(status::fault)? {
        Some(rollup) => known(rollup, times),
        None => Ok(None),
    }
}
