//! All that is kept of one learner, and what it is read by.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use northstar_chassis::status;
use northstar_eventlog::{Document, Fault, TenantLog};
use northstar_kernel::{CompetencyId, FrameworkId, LearnerId};
use northstar_mastery_domain::Input;
use tonic::Status;

use super::as_of::Times;
use super::profile::{level, levels, named};
use super::remembered::{Place, Remembered};
use super::shown::Shown;
use crate::projection::{Competency, Level, Policies, Rollup};

/// A learner's levels, their competencies as they were known, and the policies of these.
pub(super) struct Kept {
    pub(super) levels: BTreeMap<CompetencyId, Level>,
    competencies: BTreeMap<CompetencyId, Arc<Competency>>,
    policies: BTreeMap<FrameworkId, Policies>,
}

impl Kept {
    /// Nothing at all for a learner who is not there.
    pub(super) async fn load(
        log: &TenantLog,
        learner: LearnerId,
        times: Times,
    ) -> Result<Self, Status> {
        let read = async {
            let stored = levels(log, learner).await?;
            let competencies = named::<_, Competency>(log, ids(&stored), CompetencyId::as_bytes);
            let competencies = competencies.await?.into_iter();
            let competencies = competencies.map(|(id, competency)| (id, Arc::new(competency)));
            let competencies = competencies.collect();
            Self::read(log, learner, stored, times.competencies(competencies)).await
        };
        read.await.map_err(status::fault)
    }

    /// The same, and the rules of the frameworks in which there is something of the learner, as they
    /// were known.
    pub(super) async fn with_rollups(
        log: &TenantLog,
        remembered: &Remembered,
        learner: LearnerId,
        times: Times,
    ) -> Result<(Self, Vec<Rollup>), Status> {
        let read = async {
            let (place, stored) = futures::try_join!(Place::of(log), levels(log, learner))?;
            let competencies = remembered.competencies(log, place, ids(&stored)).await?;
            let competencies = times.competencies(competencies);
            let frameworks = competencies.values().map(|known| known.framework).collect();
            // The store looks for the rules while levels are decoded.
            futures::try_join!(
                named::<_, Rollup>(log, frameworks, FrameworkId::as_bytes),
                Self::read(log, learner, stored, competencies),
            )
        };
        let (rollups, kept) = read.await.map_err(status::fault)?;
        let known = rollups.into_values().filter_map(|rollup| known(rollup, times).transpose());
        Ok((kept, known.collect::<Result<_, _>>()?))
    }

    async fn read(
        log: &TenantLog,
        learner: LearnerId,
        stored: Vec<(CompetencyId, Document)>,
        competencies: BTreeMap<CompetencyId, Arc<Competency>>,
    ) -> Result<Self, Fault> {
        let ids = competencies.values().map(|known| known.framework).collect();
        // Levels are decoded while the store looks for the policies.
        let decoding = async {
            let decoded = stored.iter().map(|(id, stored)| Ok((*id, level(stored)?)));
            decoded.collect::<Result<BTreeMap<_, _>, Fault>>()
        };
        let (mut policies, levels) =
            futures::try_join!(named::<_, Policies>(log, ids, FrameworkId::as_bytes), decoding)?;
        for policies in policies.values_mut() {
            *policies = policies.of_learner(learner, &mut &*log).await?;
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

fn ids(stored: &[(CompetencyId, Document)]) -> BTreeSet<CompetencyId> {
    stored.iter().map(|(id, _)| *id).collect()
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
