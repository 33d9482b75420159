//! What a judgement is checked against, kept at hand for a moment.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use northstar_eventlog::{Fault, TenantLog};
use northstar_evidence_domain::{Competency, Criterion, Facts, Item};
use northstar_kernel::{CompetencyId, CriterionId, LearnerId, TenantId, Timestamp};

use crate::projection::{competency, criterion, learner};

/// How long something known is believed. What is not known is looked up each time: it may have just
/// been imported.
const BELIEVED: Duration = Duration::from_secs(5);
/// Things kept of each kind, at most; beyond that all are let go.
const KEPT: usize = 100_000;

/// Who is a learner, and what may be judged at which levels.
#[derive(Default)]
pub(super) struct References {
    learners: Kept<LearnerId, ()>,
    competencies: Kept<CompetencyId, Arc<Competency>>,
    criteria: Kept<CriterionId, Arc<Criterion>>,
}

impl References {
    /// What is known around an item at `now`.
    pub(super) async fn facts(
        &self,
        log: &TenantLog,
        item: &Item,
        now: Timestamp,
    ) -> Result<Facts, Fault> {
        Ok(Facts {
            now,
            learner_known: self.learner(log, item.learner).await?,
            competency: self.competency(log, item.competency).await?,
            criterion: match item.criterion {
                Some(id) => self.criterion(log, id).await?,
                None => None,
            },
        })
    }

    async fn learner(&self, log: &TenantLog, id: LearnerId) -> Result<bool, Fault> {
        if self.learners.get(log.tenant(), id).is_some() {
            return Ok(true);
        }
        let known = learner::known(log, id).await?;
        self.learners.keep(log.tenant(), id, known.then_some(()));
        Ok(known)
    }

    async fn competency(
        &self,
        log: &TenantLog,
        id: CompetencyId,
    ) -> Result<Option<Arc<Competency>>, Fault> {
        if let Some(competency) = self.competencies.get(log.tenant(), id) {
            return Ok(Some(competency));
        }
        let known = competency::find(log, id).await?;
        self.competencies.keep(log.tenant(), id, known.clone());
        Ok(known)
    }

    async fn criterion(
        &self,
        log: &TenantLog,
        id: CriterionId,
    ) -> Result<Option<Arc<Criterion>>, Fault> {
        if let Some(criterion) = self.criteria.get(log.tenant(), id) {
            return Ok(Some(criterion));
        }
        let known = criterion::find(log, id).await?;
        self.criteria.keep(log.tenant(), id, known.clone());
        Ok(known)
    }
}

/// Values with the moment until which they are believed.
struct Kept<K, V>(Mutex<HashMap<(TenantId, K), (Instant, V)>>);

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self(Mutex::new(HashMap::new()))
    }
}

impl<K: Copy + Eq + Hash, V: Clone> Kept<K, V> {
    fn get(&self, tenant: TenantId, id: K) -> Option<V> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (until, value) = kept.get(&(tenant, id))?;
        (*until > Instant::now()).then(|| value.clone())
    }

    fn keep(&self, tenant: TenantId, id: K, value: Option<V>) {
        let Some(value) = value else { return };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert((tenant, id), (Instant::now() + BELIEVED, value));
    }
}
