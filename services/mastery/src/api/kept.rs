//! All that is kept of one learner, and what it is read by.

use std::collections::{BTreeMap, BTreeSet};

use northstar_chassis::status;
use northstar_eventlog::{Fault, TenantLog, TenantReader};
use northstar_kernel::{CompetencyId, FrameworkId, LearnerId};
use northstar_mastery_domain::Input;
use tonic::Status;

use super::as_of::Times;
use super::profile::{level, levels, named};
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
        let mut reader = log.reader().await.map_err(status::fault)?;
        Self::read(&mut reader, learner, times).await.map_err(status::fault)
    }

    /// The same, and the rules of the frameworks in which there is something of the learner, as they
    /// were known.
    pub(super) async fn with_rollups(
        log: &TenantLog,
        learner: LearnerId,
        times: Times,
    ) -> Result<(Self, Vec<Rollup>), Status> {
        let mut reader = log.reader().await.map_err(status::fault)?;
        let kept = Self::read(&mut reader, learner, times).await.map_err(status::fault)?;
        let ids: BTreeSet<_> = kept.competencies.values().map(|known| known.framework).collect();
        let found: BTreeMap<FrameworkId, Rollup> =
            named(&mut reader, ids, FrameworkId::as_bytes).await.map_err(status::fault)?;
        let known = found.into_values().filter_map(|rollup| known(rollup, times).transpose());
        Ok((kept, known.collect::<Result<_, _>>()?))
    }

    async fn read(
        reader: &mut TenantReader<'_>,
        learner: LearnerId,
        times: Times,
    ) -> Result<Self, Fault> {
        let stored = levels(reader, learner).await?;
        let ids: BTreeSet<CompetencyId> = stored.iter().map(|(id, _)| *id).collect();
        // Levels are decoded while the store looks for the competencies.
        let decoding = async {
            let decoded = stored.iter().map(|(id, stored)| Ok((*id, level(stored)?)));
            decoded.collect::<Result<BTreeMap<_, _>, Fault>>()
        };
        let (competencies, levels) =
            futures::join!(named(reader, ids, CompetencyId::as_bytes), decoding);
        let (competencies, levels): (BTreeMap<_, Competency>, _) = (competencies?, levels?);
        let known = |(id, competency)| Some((id, times.competency(competency)?));
        let competencies: BTreeMap<_, _> = competencies.into_iter().filter_map(known).collect();
        let ids = competencies.values().map(|known| known.framework).collect();
        let mut policies: BTreeMap<FrameworkId, Policies> =
            named(reader, ids, FrameworkId::as_bytes).await?;
        for policies in policies.values_mut() {
            *policies = policies.of_learner(learner, reader).await?;
        }
        Ok(Self { levels, competencies, policies })
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
