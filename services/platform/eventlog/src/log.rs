//! A context's log: shards, their writers, and the wake of new heads.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use northstar_kernel::{Position, Shard, ShardCount, TenantId, TenantScope};
use tokio::sync::{mpsc, oneshot, watch};
use uuid::Uuid;

use crate::engine::{DocumentPut, DocumentRange, Engine, LaneCommit, LaneState, WriteError};
use crate::keyring::{Keyring, MasterKey};
use crate::recent::Recent;
use crate::writer::{self, LaneError, LaneStep, News, Request, ShardWriter, TenantAppend, Waiting};
use crate::{Append, AppendError, Appended, Document, Fault, Recorded, TenantLog};

/// Waiting appends a shard; more callers than this wait to be let in.
const QUEUE: usize = 8_192;

/// What a log needs to know of its deployment.
#[derive(Debug, Clone)]
pub struct Options {
    /// The context whose log it is.
    pub context: &'static str,
    /// How many shards the deployment has.
    pub shards: ShardCount,
    /// The key that all other keys are sealed under.
    pub master_key: MasterKey,
}

/// A context's log. Cheap to clone.
#[derive(Clone)]
pub struct Log {
    inner: Arc<Inner>,
}

struct Inner {
    options: Options,
    engine: Arc<dyn Engine>,
    keyring: Keyring,
    writers: Vec<OnceLock<mpsc::Sender<Request>>>,
    heads: Vec<watch::Sender<Position>>,
    recent: Vec<Arc<Mutex<Recent>>>,
}

impl Log {
    /// A log over an engine.
    pub fn new(engine: Arc<dyn Engine>, options: Options) -> Self {
        let count = usize::from(options.shards.get());
        let keyring = Keyring::new(Arc::clone(&engine), options.master_key.clone());
        let inner = Inner {
            keyring,
            engine,
            writers: (0..count).map(|_| OnceLock::new()).collect(),
            heads: (0..count).map(|_| watch::Sender::new(Position::START)).collect(),
            recent: (0..count).map(|_| Arc::default()).collect(),
            options,
        };
        Self { inner: Arc::new(inner) }
    }

    /// The context.
    pub fn context(&self) -> &'static str {
        self.inner.options.context
    }

    /// How many shards there are.
    pub fn shards(&self) -> ShardCount {
        self.inner.options.shards
    }

    /// One tenant's part of the log: the only way to a tenant's tables.
    pub fn tenant(&self, scope: &TenantScope) -> TenantLog {
        TenantLog::new(self.clone(), *scope)
    }

    /// Newest position of a shard, as the store has it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn head(&self, shard: Shard) -> Result<Position, Fault> {
        let head = self.inner.engine.head(shard).await?;
        self.announce(shard, head);
        Ok(head)
    }

    /// Wakes when a shard has a new head. The value is a hint: it may lag behind the store.
    pub fn watch(&self, shard: Shard) -> watch::Receiver<Position> {
        self.inner.heads[self.index(shard)].subscribe()
    }

    /// Looks for heads that other replicas have moved, and wakes whoever watches them.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn look(&self) -> Result<(), Fault> {
        for (shard, head) in self.inner.engine.heads().await? {
            self.announce(shard, head);
        }
        Ok(())
    }

    /// Says that `shard` has come to `head`; heads only rise.
    pub fn announce(&self, shard: Shard, head: Position) {
        self.inner.heads[self.index(shard)].send_if_modified(|known| {
            let newer = head > *known;
            *known = head.max(*known);
            newer
        });
    }

    /// Events of a shard after a position, of all its tenants: for relays and lanes.
    ///
    /// # Errors
    /// When the store fails, or when positions are not contiguous: then the log itself is damaged.
    pub async fn scan(
        &self,
        shard: Shard,
        after: Position,
        limit: u32,
    ) -> Result<Vec<Recorded>, Fault> {
        if let Some(events) = self.recent(shard).after(after, limit) {
            return Ok(events);
        }
        let events = self.inner.engine.scan(shard, after, limit).await?;
        contiguous(after, &events)?;
        Ok(events)
    }

    /// The newest events of a shard, as far as this process wrote them.
    pub(crate) fn recent(&self, shard: Shard) -> MutexGuard<'_, Recent> {
        self.inner.recent[self.index(shard)].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far a lane has come.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn lane(&self, consumer: &str, shard: Shard) -> Result<LaneState, Fault> {
        self.inner.engine.lane(consumer, shard).await
    }

    /// Commits a lane's step: its events, its documents and its checkpoint, together.
    ///
    /// # Errors
    /// See [`LaneError`]; nothing was written, except that after a fault it is unknown.
    pub async fn commit_lane(
        &self,
        appends: Vec<(TenantScope, Append)>,
        lane: LaneCommit,
    ) -> Result<(), LaneError> {
        let shard = lane.shard;
        for (scope, append) in &appends {
            append.check()?;
            if self.shards().shard_of(scope.tenant()) != shard {
                let why = format!("a lane of shard {shard} appends for a tenant of another shard");
                return Err(Fault::lasting("committing a lane's step", why).into());
            }
        }
        if appends.is_empty() {
            return self
                .inner
                .engine
                .write(Vec::new(), Some(&lane), None)
                .await
                .map_err(LaneError::from);
        }
        let appends = appends
            .into_iter()
            .map(|(scope, append)| TenantAppend { tenant: scope.tenant(), append })
            .collect();
        let (reply, answer) = oneshot::channel();
        self.send(shard, Request::Lane(LaneStep { appends, lane, reply })).await?;
        answer.await.map_err(|_| writer::gone())?
    }

    /// Writes documents of a generation that is not in use yet: for a rebuild.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn put_documents(
        &self,
        generation: u32,
        puts: Vec<DocumentPut>,
    ) -> Result<(), Fault> {
        self.inner.engine.put_documents(generation, puts).await
    }

    /// Puts a rebuilt generation of `nouns` in use, and removes all others.
    ///
    /// # Errors
    /// [`LaneError::Fenced`] if the lane has moved since it was seen.
    pub async fn switch(
        &self,
        consumer: &'static str,
        shard: Shard,
        seen_commits: u64,
        generation: u32,
        nouns: &[&'static str],
    ) -> Result<(), LaneError> {
        self.inner.engine.switch(consumer, shard, seen_commits, generation, nouns).await?;
        self.sweep(shard, nouns, generation).await.map_err(LaneError::Fault)
    }

    /// Removes every generation of `nouns` in `shard` but one.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sweep(
        &self,
        shard: Shard,
        nouns: &[&'static str],
        keep: u32,
    ) -> Result<(), Fault> {
        let tenants = self.tenants(shard).await?;
        self.inner.engine.sweep_documents(&tenants, nouns, keep).await
    }

    /// Documents by key, of a certain generation or of the one in use.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn documents(
        &self,
        range: DocumentRange<'_>,
    ) -> Result<Vec<(Vec<u8>, Document)>, Fault> {
        self.inner.engine.documents(range).await
    }

    /// One document, of a certain generation or of the one in use.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn document(
        &self,
        range: DocumentRange<'_>,
        key: &[u8],
    ) -> Result<Option<Document>, Fault> {
        self.inner.engine.document(range, key).await
    }

    /// Documents under these keys, where there are any: each once, all read at one moment and in one
    /// round.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn documents_of(
        &self,
        range: DocumentRange<'_>,
        keys: Vec<Vec<u8>>,
    ) -> Result<Vec<(Vec<u8>, Document)>, Fault> {
        self.inner.engine.documents_of(range, keys).await
    }

    /// Renews and balances `replica`'s shards; returns those it holds for the next `ttl`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn hold_shards(&self, replica: Uuid, ttl: Duration) -> Result<Vec<Shard>, Fault> {
        self.inner.engine.hold_shards(replica, self.shards().get(), ttl).await
    }

    /// Lets go of `replica`'s shards.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn release_shards(&self, replica: Uuid) -> Result<(), Fault> {
        self.inner.engine.release_shards(replica).await
    }

    /// Tenants that have events or documents in a shard, in order. A tenant may have documents
    /// here and events in other contexts only.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn tenants(&self, shard: Shard) -> Result<Vec<TenantId>, Fault> {
        let with_events = self.inner.engine.tenants(shard).await?;
        let with_documents = self.inner.engine.document_tenants().await?;
        let here = |tenant: &TenantId| self.shards().shard_of(*tenant) == shard;
        let tenants: BTreeSet<_> =
            with_events.into_iter().chain(with_documents.into_iter().filter(here)).collect();
        Ok(tenants.into_iter().collect())
    }

    /// Version of the schema that the store has (0 if it has none), and the one this code needs.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn schema_version(&self) -> Result<(u32, u32), Fault> {
        self.inner.engine.schema_version().await
    }

    pub(crate) fn engine(&self) -> &dyn Engine {
        self.inner.engine.as_ref()
    }

    pub(crate) fn keyring(&self) -> &Keyring {
        &self.inner.keyring
    }

    pub(crate) async fn append(&self, append: TenantAppend) -> Result<Appended, AppendError> {
        append.append.check()?;
        let shard = self.shards().shard_of(append.tenant);
        let (reply, answer) = oneshot::channel();
        self.send(shard, Request::Append(Waiting { append, reply })).await?;
        answer.await.map_err(|_| writer::gone())?
    }

    async fn send(&self, shard: Shard, request: Request) -> Result<(), Fault> {
        let writer = self.inner.writers[self.index(shard)].get_or_init(|| self.start(shard));
        writer.send(request).await.map_err(|_| writer::gone())
    }

    fn start(&self, shard: Shard) -> mpsc::Sender<Request> {
        let (sender, inbox) = mpsc::channel(QUEUE);
        let index = self.index(shard);
        let news = News {
            head: self.inner.heads[index].clone(),
            recent: Arc::clone(&self.inner.recent[index]),
        };
        let writer = ShardWriter::new(shard, Arc::clone(&self.inner.engine), news);
        tokio::spawn(writer.run(inbox));
        sender
    }

    /// Shards come from `ShardCount` or from the store of the same deployment; a foreign one is
    /// folded into range rather than trusted.
    fn index(&self, shard: Shard) -> usize {
        usize::from(shard.0) % self.inner.heads.len()
    }
}

fn contiguous(after: Position, events: &[Recorded]) -> Result<(), Fault> {
    let mut last = after;
    for event in events {
        if event.position != last.next() {
            let why = format!("position {} is missing before {}", last.next(), event.position);
            return Err(Fault::lasting("reading the log", why));
        }
        last = event.position;
    }
    Ok(())
}

impl From<WriteError> for LaneError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Clash => Self::Conflict,
            WriteError::Fenced => Self::Fenced,
            WriteError::Fault(fault) => Self::Fault(fault),
        }
    }
}
