//! What a handler works on: documents kept in memory as they are thought of, and written as bytes.

mod ahead;
mod kept;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use northstar_eventlog::engine::{DocumentPut, DocumentRange};
use northstar_eventlog::{Append, Document, Fault, Log, Recorded, Shape, Stream};
use northstar_kernel::{Shard, TenantId, TenantScope};

use crate::HandleError;
use ahead::Ahead;
use kept::{AnyShape, Kept};

/// Bytes of documents kept in memory by one lane, roughly, before all are let go. What the next events
/// will look for is read together, so more of it saves no time, and a process that rests would still hold
/// the most that each of its lanes ever kept.
const KEPT_WEIGHT: usize = 2 << 20;
const PAGE: u32 = 1_000;

/// Some of a noun's keys, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// The keys.
    pub keys: Vec<Vec<u8>>,
    /// The key after which the next page begins; `None` at the end.
    pub last: Option<Vec<u8>>,
}

/// One lane's documents, and what it is about to append.
pub struct Work {
    log: Log,
    shard: Shard,
    generation: u32,
    live: bool,
    scope: TenantScope,
    kept: Kept,
    kept_weight: usize,
    ahead: Ahead,
    appends: Vec<(TenantScope, Append)>,
    /// Where the appends to a stream stand among them.
    appended: HashMap<(TenantId, Stream), Vec<usize>>,
    /// In a rebuild: what this worker has written.
    written: Option<Written>,
    /// In a rebuild: what was written before this worker began. Beside it nobody touches its documents,
    /// so all else is known to be absent and need not be looked for.
    before: Vec<Arc<Written>>,
}

/// Hashes of documents that a rebuild has written.
pub(crate) type Written = HashSet<u64>;

impl Work {
    /// Work on the documents in use.
    pub(crate) fn live(log: Log, shard: Shard, generation: u32) -> Self {
        Self {
            log,
            shard,
            generation,
            live: true,
            scope: TenantScope::COMMONS,
            kept: Kept::default(),
            kept_weight: KEPT_WEIGHT,
            ahead: Ahead::default(),
            appends: Vec::new(),
            appended: HashMap::new(),
            written: None,
            before: Vec::new(),
        }
    }

    /// Work on a new generation that nobody uses yet, and of which all was written that is in
    /// `before`; nothing is appended.
    pub(crate) fn rebuild(
        log: Log,
        shard: Shard,
        generation: u32,
        before: Vec<Arc<Written>>,
        kept_weight: usize,
    ) -> Self {
        Self {
            live: false,
            written: Some(Written::new()),
            before,
            kept_weight,
            ..Self::live(log, shard, generation)
        }
    }

    /// The tenant whose event is being handled.
    pub fn scope(&self) -> &TenantScope {
        &self.scope
    }

    /// False in a rebuild: documents are folded, and nothing is appended.
    pub fn is_live(&self) -> bool {
        self.live
    }

    /// The document under `key`, if there is one.
    ///
    /// # Errors
    /// When the store fails or holds bytes that make no sense.
    pub async fn get<S: Shape>(&mut self, key: &[u8]) -> Result<Option<&S>, HandleError> {
        let at = self.at::<S>(key).await?;
        let shape = self.kept.entry(at).shape.as_ref();
        Ok(shape.and_then(|shape| shape.as_any().downcast_ref()))
    }

    /// The document under `key` to be changed, if there is one.
    ///
    /// # Errors
    /// When the store fails or holds bytes that make no sense.
    pub async fn get_mut<S: Shape>(&mut self, key: &[u8]) -> Result<Option<&mut S>, HandleError> {
        let at = self.at::<S>(key).await?;
        if self.kept.entry(at).shape.is_some() {
            self.kept.mark_changed(at);
        }
        let shape = self.kept.entry(at).shape.as_mut();
        Ok(shape.and_then(|shape| shape.as_any_mut().downcast_mut()))
    }

    /// The document under `key` to be changed, made if there is none.
    ///
    /// # Errors
    /// When the store fails or holds bytes that make no sense.
    pub async fn entry<S: Shape + Default>(&mut self, key: &[u8]) -> Result<&mut S, HandleError> {
        let at = self.at::<S>(key).await?;
        self.kept.mark_changed(at);
        let shape = self.kept.entry(at).shape.get_or_insert_with(|| Box::new(S::default()));
        shape.as_any_mut().downcast_mut().ok_or_else(|| other_shape::<S>().into())
    }

    /// Writes the document under `key`, whatever was there.
    pub fn put<S: Shape>(&mut self, key: &[u8], shape: S) {
        self.set::<S>(key, Some(Box::new(shape)));
    }

    /// Removes the document under `key`, if there is one.
    pub fn remove<S: Shape>(&mut self, key: &[u8]) {
        self.set::<S>(key, None);
    }

    /// Keys of the tenant's documents that start with `prefix`, in order, uncommitted ones too.
    /// What was read for it is kept at hand.
    ///
    /// # Errors
    /// When the store fails or holds bytes that make no sense.
    pub async fn keys<S: Shape>(&mut self, prefix: &[u8]) -> Result<Vec<Vec<u8>>, HandleError> {
        if !self.ahead.is_whole(self.scope.tenant(), S::NOUN, prefix) {
            let mut after: Option<Vec<u8>> = None;
            loop {
                after = self.read_page::<S>(prefix, after.as_deref(), PAGE).await?;
                if after.is_none() {
                    break;
                }
            }
            if self.live {
                // Nobody else writes these documents, so what is at hand is all there is.
                self.ahead.know_whole(self.scope.tenant(), S::NOUN, prefix);
            }
        }
        Ok(self.kept_keys::<S>(|key| key.starts_with(prefix)))
    }

    /// The next keys of the tenant's documents after `after`, in order: `limit` of those in the store,
    /// at most, and uncommitted ones that lie between. What was read for it is kept at hand.
    ///
    /// # Errors
    /// When the store fails or holds bytes that make no sense.
    pub async fn page<S: Shape>(
        &mut self,
        after: Option<&[u8]>,
        limit: u32,
    ) -> Result<Page, HandleError> {
        let last = self.read_page::<S>(&[], after, limit).await?;
        let between = |key: &[u8]| {
            after.is_none_or(|after| after < key) && last.as_deref().is_none_or(|last| key <= last)
        };
        Ok(Page { keys: self.kept_keys::<S>(between), last })
    }

    /// Reads a page of the store, and keeps what was not at hand. Returns its last key if there may be
    /// more.
    async fn read_page<S: Shape>(
        &mut self,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: u32,
    ) -> Result<Option<Vec<u8>>, HandleError> {
        let tenant = self.scope.tenant();
        let range = DocumentRange { prefix, after, limit, ..self.range(S::NOUN) };
        let page = self.log.documents(range).await?;
        for (key, document) in &page {
            if self.kept.find(tenant, S::NOUN, key).is_none() {
                let shape = decoded::<S>(document)?;
                self.kept.insert(tenant, S::NOUN, key, Some(shape));
            }
        }
        let full = page.len() == limit as usize;
        Ok(page.into_iter().next_back().map(|(key, _)| key).filter(|_| full))
    }

    /// Keys of documents at hand, in order.
    fn kept_keys<S: Shape>(&self, wanted: impl Fn(&[u8]) -> bool) -> Vec<Vec<u8>> {
        let all = self.kept.keys(self.scope.tenant(), S::NOUN);
        let keys = all.filter(|(key, there)| *there && wanted(key)).map(|(key, _)| key.to_vec());
        let mut keys: Vec<_> = keys.collect();
        keys.sort_unstable();
        keys
    }

    /// Keys of the tenant's documents that changed since they were last settled, in order.
    pub fn unsettled<S: Shape>(&self) -> Vec<Vec<u8>> {
        let ours = (self.scope.tenant(), S::NOUN);
        let unsettled = self.kept.unsettled().filter(|(tenant, noun, _)| (*tenant, *noun) == ours);
        let mut keys: Vec<_> = unsettled.map(|(_, _, key)| key.to_vec()).collect();
        keys.sort_unstable();
        keys
    }

    /// All events of one stream of the handler's own context, as the log had them when the events that
    /// are handled now were foreseen, or has them.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn stream(&self, stream: &Stream) -> Result<Vec<Recorded>, HandleError> {
        match self.ahead.stream(self.scope.tenant(), stream) {
            Some(events) => Ok(events),
            None => Ok(self.log.tenant(&self.scope).stream(stream).await?),
        }
    }

    /// Secrets and sealed fields of the tenant.
    pub fn tenant_log(&self) -> northstar_eventlog::TenantLog {
        self.log.tenant(&self.scope)
    }

    /// What this step is about to append to `stream`, so that a decision can take it into account.
    pub fn pending(&self, stream: &Stream) -> impl Iterator<Item = &Append> {
        let theirs = self.appended.get(&(self.scope.tenant(), stream.clone()));
        theirs.into_iter().flatten().map(|at| &self.appends[*at].1)
    }

    /// Appends to the handler's own context, in the same commit as the documents. Dropped in a
    /// rebuild.
    pub fn append(&mut self, append: Append) {
        if self.live {
            let of = (self.scope.tenant(), append.stream.clone());
            self.appended.entry(of).or_default().push(self.appends.len());
            self.appends.push((self.scope, append));
        }
    }

    /// From here on the tenant of `event` is worked for.
    pub(crate) fn begin(&mut self, event: &Recorded) {
        self.enter(event.tenant);
    }

    #[expect(clippy::disallowed_methods, reason = "the tenant of an event that is in the log")]
    fn enter(&mut self, tenant: TenantId) {
        self.scope = TenantScope::assume(tenant);
    }

    /// Tenants with unsettled documents, in order; each is entered in turn by the caller.
    pub(crate) fn unsettled_tenants(&self) -> Vec<TenantId> {
        let tenants: BTreeSet<_> = self.kept.unsettled().map(|(tenant, _, _)| tenant).collect();
        tenants.into_iter().collect()
    }

    pub(crate) fn settle_tenant(&mut self, tenant: TenantId) {
        self.enter(tenant);
    }

    /// Whether there is anything to commit.
    pub(crate) fn is_dirty(&self) -> bool {
        !self.appends.is_empty() || self.kept.is_changed()
    }

    /// Whether there are events to append.
    pub(crate) fn has_appends(&self) -> bool {
        !self.appends.is_empty()
    }

    /// Whether more is kept in memory than should be.
    pub(crate) fn is_heavy(&self) -> bool {
        self.kept.weight() > self.kept_weight
    }

    /// Takes what is to be appended and written.
    pub(crate) fn take(&mut self) -> (Vec<(TenantScope, Append)>, Vec<DocumentPut>) {
        let mut puts = self.kept.take();
        // The same order each time, so that two lanes never wait for each other's rows.
        puts.sort_by(|a, b| (a.tenant, a.noun, &a.key).cmp(&(b.tenant, b.noun, &b.key)));
        if let Some(written) = &mut self.written {
            written.extend(puts.iter().map(|put| hash(put.tenant, put.noun, &put.key)));
        }
        self.appended.clear();
        self.ahead.forget_streams();
        (std::mem::take(&mut self.appends), puts)
    }

    /// What this worker of a rebuild has written, for those who come after it.
    pub(crate) fn written(self) -> Written {
        self.written.unwrap_or_default()
    }

    /// Lets go of what was written; there must be nothing else to write.
    pub(crate) fn forget_written(&mut self) {
        self.kept = std::mem::take(&mut self.kept).without_written();
    }

    /// Lets go of everything kept in memory.
    pub(crate) fn forget(&mut self) {
        self.kept = Kept::default();
        self.ahead = Ahead::default();
        self.appends.clear();
        self.appended.clear();
    }

    fn range(&self, noun: &'static str) -> DocumentRange<'static> {
        DocumentRange {
            tenant: self.scope.tenant(),
            noun,
            shard: self.shard,
            generation: Some(self.generation),
            prefix: &[],
            after: None,
            limit: 1,
        }
    }

    fn set<S: Shape>(&mut self, key: &[u8], shape: Option<Box<dyn AnyShape>>) {
        let tenant = self.scope.tenant();
        let at = match self.kept.find(tenant, S::NOUN, key) {
            Some(at) => {
                self.kept.entry(at).shape = shape;
                at
            }
            None => self.kept.insert(tenant, S::NOUN, key, shape),
        };
        self.kept.mark_changed(at);
    }

    /// Where the document is in memory, after it was read if need be.
    async fn at<S: Shape>(&mut self, key: &[u8]) -> Result<usize, HandleError> {
        let tenant = self.scope.tenant();
        if let Some(at) = self.kept.find(tenant, S::NOUN, key) {
            self.kept.weigh(at);
            return Ok(at);
        }
        let shape = self.load::<S>(key).await?;
        Ok(self.kept.insert(tenant, S::NOUN, key, shape))
    }

    async fn load<S: Shape>(&self, key: &[u8]) -> Result<Option<Box<dyn AnyShape>>, HandleError> {
        if let Some(written) = &self.written {
            let hash = hash(self.scope.tenant(), S::NOUN, key);
            if !written.contains(&hash) && !self.before.iter().any(|had| had.contains(&hash)) {
                return Ok(None);
            }
        }
        let Some(document) = self.log.document(self.range(S::NOUN), key).await? else {
            return Ok(None);
        };
        decoded::<S>(&document).map(Some)
    }
}

/// A document is ours: bytes that make no sense are a fault of the store, not of the event.
fn decoded<S: Shape>(document: &Document) -> Result<Box<dyn AnyShape>, HandleError> {
    let shape = S::decode(document).map_err(|error| Fault::lasting("reading a document", error))?;
    Ok(Box::new(shape))
}

fn hash(tenant: TenantId, noun: &str, key: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    (tenant, noun, key).hash(&mut hasher);
    hasher.finish()
}

fn other_shape<S: Shape>() -> Fault {
    Fault::lasting("reading a document", format!("noun {} has two shapes", S::NOUN))
}
