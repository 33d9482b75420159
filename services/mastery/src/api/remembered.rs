//! Competencies in memory, for as long as nothing can have changed them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use northstar_eventlog::{Fault, TenantLog};
use northstar_kernel::{CompetencyId, Position, TenantId};

use super::profile::named;
use crate::projection::Competency;
use crate::reactor::{CONSUMER, REGISTRY};

/// Versions of competencies in memory, at most: some megabytes.
const MOST: usize = 20_000;

/// Competencies as they are kept. They come out of the registry's log alone, and change in no commit
/// but one in which the lane that folds them moves on in that log, or changes to another generation. So
/// they are read once for each place that the lane comes to there; wherever else it moves, and whichever
/// replica moves it, what is here still stands.
#[derive(Default)]
pub(super) struct Remembered(Mutex<BTreeMap<TenantId, Known>>);

/// A place of that lane. It never comes back to one that it has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    generation: u32,
    position: Position,
}

/// What was read of a tenant's competencies since the lane was seen at this place.
struct Known {
    place: Place,
    /// `None` for one that the registry has not told of.
    competencies: BTreeMap<CompetencyId, Option<Arc<Competency>>>,
    /// How many versions of competencies these are.
    versions: usize,
}

impl Place {
    /// Where the lane is now. To be asked for before any document is read that shall be remembered under
    /// it: then no change can come between the two without moving the lane.
    pub(super) async fn of(log: &TenantLog) -> Result<Self, Fault> {
        let lane = log.lane(CONSUMER).await?;
        Ok(Self { generation: lane.generation, position: lane.position(REGISTRY) })
    }
}

impl Remembered {
    /// These competencies, where they are known, as they were when the lane was at `place`, or later.
    pub(super) async fn competencies(
        &self,
        log: &TenantLog,
        place: Place,
        ids: BTreeSet<CompetencyId>,
    ) -> Result<BTreeMap<CompetencyId, Arc<Competency>>, Fault> {
        let (mut found, missing) = self.find(log.tenant(), place, ids);
        if !missing.is_empty() {
            let read = named::<_, Competency>(log, missing.clone(), CompetencyId::as_bytes).await?;
            let read: BTreeMap<_, _> =
                read.into_iter().map(|(id, competency)| (id, Arc::new(competency))).collect();
            self.keep(log.tenant(), place, missing, &read);
            found.extend(read);
        }
        Ok(found)
    }

    /// What is here for that place, and the ids that are not.
    fn find(
        &self,
        tenant: TenantId,
        place: Place,
        ids: BTreeSet<CompetencyId>,
    ) -> (BTreeMap<CompetencyId, Arc<Competency>>, BTreeSet<CompetencyId>) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(known) = all.get(&tenant).filter(|known| known.place == place) else {
            return (BTreeMap::new(), ids);
        };
        let missing = ids.iter().filter(|id| !known.competencies.contains_key(id)).copied();
        let missing = missing.collect();
        let found = |id| Some((id, Arc::clone(known.competencies.get(&id)?.as_ref()?)));
        (ids.into_iter().filter_map(found).collect(), missing)
    }

    /// Keeps what was looked for and what of it was there, unless somebody has seen the lane further on.
    fn keep(
        &self,
        tenant: TenantId,
        place: Place,
        asked: BTreeSet<CompetencyId>,
        read: &BTreeMap<CompetencyId, Arc<Competency>>,
    ) {
        let versions = |id| read.get(id).map_or(1, |competency| 1 + competency.former.len());
        let more: usize = asked.iter().map(versions).sum();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.get(&tenant).is_some_and(|known| known.place < place) {
            all.remove(&tenant);
        }
        if all.values().map(|known| known.versions).sum::<usize>() + more > MOST {
            all.clear();
        }
        if more > MOST {
            return;
        }
        let nothing = || Known { place, competencies: BTreeMap::new(), versions: 0 };
        let known = all.entry(tenant).or_insert_with(nothing);
        if known.place == place {
            known.competencies.extend(asked.into_iter().map(|id| (id, read.get(&id).cloned())));
            known.versions += more;
        }
    }
}
