//! What is held of a learner, and why.

use std::collections::{BTreeMap, BTreeSet};

use northstar_eventlog::{Document, Fault, Shape, TenantLog};
use northstar_kernel::{CompetencyId, LearnerId};
use northstar_wire::mastery::v1 as wire;
use tonic::Status;

use super::as_of::Times;
use super::kept::Kept;
use super::remembered::Remembered;
use super::rolled_up::Above;
use crate::projection::{Level, LevelKey};

/// Levels read at a time.
const PAGE: u32 = 500;

/// The learner's levels, by competency code, then identifier, then the policy's name; none for a
/// learner who is not there.
///
/// A competency that the registry has not told of yet is left out: nothing can be said of it.
pub(super) async fn of(
    log: &TenantLog,
    remembered: &Remembered,
    learner: LearnerId,
    times: Times,
) -> Result<Vec<wire::ProfileEntry>, Status> {
    let (kept, rollups) = Kept::with_rollups(log, remembered, learner, times).await?;
    let shown = kept.levels.keys().filter_map(|id| kept.shown(*id, times));
    let mut entries: Vec<_> = shown.flat_map(|shown| shown.entries()).collect();
    for rollup in &rollups {
        Above::new(&kept, rollup, times).lay_over(&mut entries);
    }
    // The sort is stable, and those of one competency come by the policy's name.
    entries.sort_by(|a, b| {
        (&a.competency_code, &a.competency_id).cmp(&(&b.competency_code, &b.competency_id))
    });
    Ok(entries)
}

/// All levels of a learner as they are stored, by competency.
pub(super) async fn levels(
    log: &TenantLog,
    learner: LearnerId,
) -> Result<Vec<(CompetencyId, Document)>, Fault> {
    let mut levels = Vec::new();
    let mut after: Option<Vec<u8>> = None;
    loop {
        let page = log.stored::<Level>(learner.as_bytes(), after.as_deref(), PAGE).await?;
        let full = page.len() == PAGE as usize;
        after = page.last().map(|(key, _)| key.clone());
        for (key, level) in page {
            let key = LevelKey::read(&key).map_err(|why| Fault::lasting("reading a key", why))?;
            levels.push((key.competency, level));
        }
        if !full {
            return Ok(levels);
        }
    }
}

/// The level in a document.
pub(super) fn level(document: &Document) -> Result<Level, Fault> {
    Level::decode(document).map_err(|why| Fault::lasting("reading a level", why))
}

/// The documents under these ids, where there are any: one read, however many there are.
pub(super) async fn named<I: Ord, S: Shape>(
    log: &TenantLog,
    ids: BTreeSet<I>,
    key: fn(&I) -> &[u8; 16],
) -> Result<BTreeMap<I, S>, Fault> {
    let keys = ids.iter().map(|id| key(id).to_vec()).collect();
    let mut found: BTreeMap<Vec<u8>, S> = log.documents_of(keys).await?.into_iter().collect();
    let of = |id: I| found.remove(key(&id).as_slice()).map(|shape| (id, shape));
    Ok(ids.into_iter().filter_map(of).collect())
}
