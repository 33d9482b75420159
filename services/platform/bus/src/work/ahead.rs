//! What is known before it is asked for.
//!
//! A handler asks for one thing at a time, and every question to the store is a round of its own. What
//! many events will ask for is read together here, before the first of them is handled.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use northstar_eventlog::{Recorded, Shape, Stream};
use northstar_kernel::TenantId;

use super::{Work, decoded};
use crate::HandleError;

/// Ranges known, at most: a range in which nothing lies weighs nothing that anybody counts.
const RANGES: usize = 10_000;

/// A tenant, and the name of a stream of its.
type Named = (TenantId, String);

/// Streams as they were a moment ago, and ranges of keys of which everything is at hand.
#[derive(Default)]
pub(super) struct Ahead {
    /// Empty for those that were not there.
    streams: HashMap<Named, Vec<Recorded>>,
    whole: HashSet<(TenantId, &'static str, Vec<u8>)>,
}

impl Ahead {
    /// A stream, if it was read.
    pub(super) fn stream(&self, tenant: TenantId, stream: &Stream) -> Option<Vec<Recorded>> {
        self.streams.get(&(tenant, stream.as_str().to_owned())).cloned()
    }

    /// From here on streams are as the log has them.
    pub(super) fn forget_streams(&mut self) {
        self.streams.clear();
    }

    /// Whether all documents under keys that start so are at hand.
    pub(super) fn is_whole(&self, tenant: TenantId, noun: &'static str, prefix: &[u8]) -> bool {
        // Most often it was asked for in the same words; whatever is known of all keys holds as well.
        let known = |prefix: &[u8]| self.whole.contains(&(tenant, noun, prefix.to_vec()));
        known(prefix) || known(&[])
    }

    /// Says that they are.
    pub(super) fn know_whole(&mut self, tenant: TenantId, noun: &'static str, prefix: &[u8]) {
        if self.whole.len() >= RANGES {
            self.whole.clear();
        }
        self.whole.insert((tenant, noun, prefix.to_vec()));
    }

    fn know(
        &mut self,
        tenant: TenantId,
        asked: BTreeSet<Stream>,
        mut found: BTreeMap<String, Vec<Recorded>>,
    ) {
        for stream in asked {
            let name = stream.as_str().to_owned();
            let events = found.remove(&name).unwrap_or_default();
            self.streams.insert((tenant, name), events);
        }
    }
}

impl Work {
    /// Reads the documents under these keys in one round, those that are not at hand yet.
    ///
    /// # Errors
    /// When the store fails or holds bytes that make no sense.
    pub async fn read_ahead<S: Shape>(
        &mut self,
        keys: impl IntoIterator<Item = Vec<u8>>,
    ) -> Result<(), HandleError> {
        let tenant = self.scope.tenant();
        let unknown = keys.into_iter().filter(|key| self.kept.find(tenant, S::NOUN, key).is_none());
        let unknown: BTreeSet<Vec<u8>> = unknown.collect();
        // One alone is read when it is asked for.
        if unknown.len() < 2 || !self.live {
            return Ok(());
        }
        let asked = unknown.iter().cloned().collect();
        let found = self.log.documents_of(self.range(S::NOUN), asked).await?;
        let mut found: BTreeMap<_, _> = found.into_iter().collect();
        for key in unknown {
            let shape = found.remove(&key).map(|document| decoded::<S>(&document)).transpose()?;
            self.kept.insert(tenant, S::NOUN, &key, shape);
        }
        Ok(())
    }

    /// Reads these streams of the handler's own context in one round. They are good for the events
    /// that are handled next, until something is committed; what the log gets meanwhile makes the
    /// commit of a decision that it concerns fail, as it would a moment later.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn read_streams_ahead(
        &mut self,
        streams: BTreeSet<Stream>,
    ) -> Result<(), HandleError> {
        if streams.len() < 2 || !self.live {
            return Ok(());
        }
        let found = self.log.tenant(&self.scope).streams(&streams).await?;
        self.ahead.know(self.scope.tenant(), streams, found);
        Ok(())
    }

    /// Other events are handled next: what was read of streams for those before them is old.
    pub(crate) fn look_anew(&mut self) {
        self.ahead.forget_streams();
    }

    /// The tenant of the events that are foreseen next.
    pub(crate) fn foresee_for(&mut self, tenant: TenantId) {
        self.enter(tenant);
    }
}
