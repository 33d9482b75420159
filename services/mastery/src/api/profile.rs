//! What is held of a learner, and why.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt as _, TryStreamExt as _, stream};
use northstar_chassis::status;
use northstar_eventlog::{Fault, Shape, TenantLog};
use northstar_kernel::{CompetencyId, EvidenceId, FrameworkId, LearnerId};
use northstar_mastery_domain::{Observation, Observations, Policy, counted, reason};
use northstar_wire::mastery::v1 as wire;
use tonic::Status;

use super::timestamp;
use crate::codec::held_message;
use crate::projection::{Competency, Level, LevelKey, Policies};

/// Levels read at a time.
const PAGE: u32 = 500;
/// Lookups in flight for one profile.
const LOOKUPS: usize = 8;

/// The learner's levels, by competency code, then identifier; none for a learner who is not there.
///
/// A competency that the registry has not told of yet is left out: nothing can be said of it.
pub(super) async fn of(
    log: &TenantLog,
    learner: LearnerId,
) -> Result<Vec<wire::ProfileEntry>, Status> {
    let levels = levels(log, learner).await.map_err(status::fault)?;
    let ids: BTreeSet<CompetencyId> = levels.keys().copied().collect();
    let competencies: BTreeMap<CompetencyId, Competency> =
        named(log, ids, CompetencyId::as_bytes).await.map_err(status::fault)?;
    let ids: BTreeSet<FrameworkId> = competencies.values().map(|known| known.framework).collect();
    let policies: BTreeMap<FrameworkId, Policies> =
        named(log, ids, FrameworkId::as_bytes).await.map_err(status::fault)?;
    let mut entries: Vec<_> = levels
        .iter()
        .filter_map(|(id, level)| {
            let competency = competencies.get(id)?;
            Some(entry(*id, competency, level, policies.get(&competency.framework)))
        })
        .collect();
    entries.sort_by(|a, b| {
        (&a.competency_code, &a.competency_id).cmp(&(&b.competency_code, &b.competency_id))
    });
    Ok(entries)
}

async fn levels(
    log: &TenantLog,
    learner: LearnerId,
) -> Result<BTreeMap<CompetencyId, Level>, Fault> {
    let mut levels = BTreeMap::new();
    let mut after: Option<Vec<u8>> = None;
    loop {
        let page = log.documents::<Level>(learner.as_bytes(), after.as_deref(), PAGE).await?;
        let full = page.len() == PAGE as usize;
        after = page.last().map(|(key, _)| key.clone());
        for (key, level) in page {
            let key = LevelKey::read(&key).map_err(|why| Fault::lasting("reading a key", why))?;
            levels.insert(key.competency, level);
        }
        if !full {
            return Ok(levels);
        }
    }
}

/// The documents under these ids, where there are any.
async fn named<I: Ord + Copy, S: Shape>(
    log: &TenantLog,
    ids: BTreeSet<I>,
    key: fn(&I) -> &[u8; 16],
) -> Result<BTreeMap<I, S>, Fault> {
    let lookups = ids.into_iter().map(|id| async move {
        Ok::<_, Fault>(log.document::<S>(key(&id)).await?.map(|found| (id, found)))
    });
    let found: Vec<Option<(I, S)>> = stream::iter(lookups).buffered(LOOKUPS).try_collect().await?;
    Ok(found.into_iter().flatten().collect())
}

/// A level is explained by the policy it was evaluated by, even if another is in force by now.
fn entry(
    id: CompetencyId,
    competency: &Competency,
    level: &Level,
    policies: Option<&Policies>,
) -> wire::ProfileEntry {
    let policy = level.policy.and_then(|hash| policies?.named(hash)).map(|named| &named.policy);
    let counting = counting(policy, &level.observations);
    wire::ProfileEntry {
        competency_id: id.to_string(),
        competency_code: competency.code.clone(),
        framework_id: competency.framework.to_string(),
        mastery: Some(held_message(&level.held)),
        reason: reason(policy, &competency.scale, &level.observations, &level.held),
        policy_hash: level.policy.map(|hash| hash.to_string()).unwrap_or_default(),
        evidence_ids: counting.iter().map(|seen| EvidenceId::to_string(&seen.evidence)).collect(),
        latest_observed_at: counting.last().map(|seen| timestamp(seen.observed_at)),
    }
}

fn counting<'a>(policy: Option<&'a Policy>, seen: &'a Observations) -> Vec<&'a Observation> {
    policy.map(|policy| counted(policy, seen).collect()).unwrap_or_default()
}
