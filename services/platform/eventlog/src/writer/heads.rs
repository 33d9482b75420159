//! What a writer believes of its shard.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use northstar_kernel::{Position, Sequence, Shard, TenantId, Version};

use crate::engine::Engine;
use crate::{Answered, Fault};

/// Versions kept between batches. Within a batch all that it needs are kept, however many.
const KNOWN_STREAMS: usize = 4_096;
/// After a clash the next batches look their request ids up before they are written: repeats come
/// in runs, when an import is sent again.
const WARY_BATCHES: u8 = 16;

/// Beliefs, kept until a clash shows that somebody else writes too.
pub(super) struct Heads {
    shard: Shard,
    engine: Arc<dyn Engine>,
    position: Option<Position>,
    sequences: HashMap<TenantId, Sequence>,
    versions: HashMap<(TenantId, String), Version>,
    wary: u8,
}

impl Heads {
    pub(super) fn new(shard: Shard, engine: Arc<dyn Engine>) -> Self {
        Self {
            shard,
            engine,
            position: None,
            sequences: HashMap::new(),
            versions: HashMap::new(),
            wary: 0,
        }
    }

    pub(super) fn shard(&self) -> Shard {
        self.shard
    }

    /// Whether request ids should be looked up before writing.
    pub(super) fn wary(&self) -> bool {
        self.wary > 0
    }

    /// Forgets everything: it was wrong, or may be.
    pub(super) fn distrust(&mut self) {
        self.position = None;
        self.sequences.clear();
        self.versions.clear();
        self.wary = WARY_BATCHES;
    }

    /// A batch was written as planned.
    pub(super) fn settle(&mut self) {
        self.wary = self.wary.saturating_sub(1);
    }

    /// Loads the shard's head and the tenants' sequences where they are not known.
    pub(super) async fn prepare(
        &mut self,
        tenants: impl Iterator<Item = TenantId>,
    ) -> Result<(), Fault> {
        if self.versions.len() > KNOWN_STREAMS {
            self.versions.clear();
        }
        if self.position.is_none() {
            self.position = Some(self.engine.head(self.shard).await?);
        }
        let known = |tenant: &TenantId| self.sequences.contains_key(tenant);
        let unknown: BTreeSet<TenantId> = tenants.filter(|tenant| !known(tenant)).collect();
        if !unknown.is_empty() {
            let unknown: Vec<TenantId> = unknown.into_iter().collect();
            let newest = self.engine.sequences(&unknown).await?;
            self.sequences.extend(unknown.into_iter().zip(newest));
        }
        Ok(())
    }

    /// Loads versions from the store, whatever was believed.
    pub(super) async fn load(&mut self, streams: Vec<(TenantId, String)>) -> Result<(), Fault> {
        if streams.is_empty() {
            return Ok(());
        }
        let versions = self.engine.versions(&streams).await?;
        for (stream, version) in streams.into_iter().zip(versions) {
            self.versions.insert(stream, version);
        }
        Ok(())
    }

    pub(super) async fn answered(
        &self,
        keys: &[(TenantId, String)],
    ) -> Result<Vec<Option<Answered>>, Fault> {
        if keys.is_empty() { Ok(Vec::new()) } else { self.engine.answered(keys).await }
    }

    /// The version believed, if there is a belief.
    pub(super) fn version(&self, stream: &(TenantId, String)) -> Option<Version> {
        self.versions.get(stream).copied()
    }

    pub(super) fn set_version(&mut self, stream: (TenantId, String), version: Version) {
        self.versions.insert(stream, version);
    }

    /// The next position and sequence; [`Heads::prepare`] has been called for the tenant.
    pub(super) fn next(&mut self, tenant: TenantId) -> (Position, Sequence) {
        let position = self.position.unwrap_or_default().next();
        self.position = Some(position);
        let sequence = self.sequences.entry(tenant).or_default();
        *sequence = sequence.next();
        (position, *sequence)
    }
}
