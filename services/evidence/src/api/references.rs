//! What a judgement is checked against, kept at hand for a moment.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use northstar_eventlog::{Fault, TenantLog};
use northstar_evidence_domain::{Competency, Criterion, Facts, Item};
use northstar_kernel::{CompetencyId, CriterionId, LearnerId, TenantId, Timestamp};

use crate::projection::{competency, criterion, learner};

/// How long what may change is believed. What is not known is looked up each time: it may have just
/// been imported.
const BELIEVED: Duration = Duration::from_secs(5);
/// How long a learner is believed to be one. There are many, and the only change is that they leave:
/// for so long they are still accepted then.
const LEARNER_BELIEVED: Duration = Duration::from_secs(60);
/// Things kept of each kind, at most; beyond that all are let go.
const KEPT: usize = 100_000;

/// Who is a learner, and what may be judged at which levels.
pub(super) struct References {
    learners: Kept<LearnerId, ()>,
    competencies: Kept<CompetencyId, Arc<Competency>>,
    criteria: Kept<CriterionId, Arc<Criterion>>,
}

impl Default for References {
    fn default() -> Self {
        Self {
            learners: Kept::new(LEARNER_BELIEVED),
            competencies: Kept::new(BELIEVED),
            criteria: Kept::new(BELIEVED),
        }
    }
}

impl References {
    /// What is known around an item at `now`.
    pub(super) async fn facts(
        &self,
        log: &TenantLog,
        item: &Item,
        now: Timestamp,
    ) -> Result<Facts, Fault> {
        let tenant = log.tenant();
        let learner = async { Ok(learner::known(log, item.learner).await?.then_some(())) };
        let competency = competency::find(log, item.competency);
        Ok(Facts {
            now,
            learner_known: self.learners.find(tenant, item.learner, learner).await?.is_some(),
            competency: self.competencies.find(tenant, item.competency, competency).await?,
            criterion: match item.criterion {
                Some(id) => self.criteria.find(tenant, id, criterion::find(log, id)).await?,
                None => None,
            },
        })
    }
}

/// Values with the moment until which they are believed.
struct Kept<K, V> {
    believed: Duration,
    values: Mutex<HashMap<(TenantId, K), (Instant, V)>>,
}

impl<K: Copy + Eq + Hash, V: Clone> Kept<K, V> {
    fn new(believed: Duration) -> Self {
        Self { believed, values: Mutex::default() }
    }

    /// What is kept of `id`, else what `load` finds.
    async fn find(
        &self,
        tenant: TenantId,
        id: K,
        load: impl Future<Output = Result<Option<V>, Fault>>,
    ) -> Result<Option<V>, Fault> {
        if let Some(value) = self.get(tenant, id) {
            return Ok(Some(value));
        }
        let found = load.await?;
        if let Some(value) = &found {
            self.keep(tenant, id, value.clone());
        }
        Ok(found)
    }

    fn get(&self, tenant: TenantId, id: K) -> Option<V> {
        let kept = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let (until, value) = kept.get(&(tenant, id))?;
        (*until > Instant::now()).then(|| value.clone())
    }

    fn keep(&self, tenant: TenantId, id: K, value: V) {
        let mut kept = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert((tenant, id), (Instant::now() + self.believed, value));
    }
}
