//! The narrow waist: what an engine must do, and nothing that can be done above it.

use std::time::Duration;

use async_trait::async_trait;
use northstar_kernel::{Position, Sequence, Shard, TenantId, Version};
use uuid::Uuid;

use crate::{Answered, Document, Fault, Recorded, RequestKey};

/// An event to write, and the request it answers if it is the first of an append.
#[derive(Debug, Clone)]
pub struct Row {
    /// The event with all its places.
    pub event: Recorded,
    /// The request, on the first event of an append that has one.
    pub request: Option<RequestKey>,
    /// How many events the append has; the request's answer needs it.
    pub append_len: u16,
}

/// A document to write or, with `None`, to remove.
#[derive(Debug, Clone)]
pub struct DocumentPut {
    /// Whose it is.
    pub tenant: TenantId,
    /// Which projection it belongs to.
    pub noun: &'static str,
    /// Its key within tenant and noun.
    pub key: Vec<u8>,
    /// The document, `None` to remove it.
    pub document: Option<Document>,
}

/// How far a lane has come, and which generation of documents it writes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LaneState {
    /// Counts the lane's commits; the fence against a stale replica.
    pub commits: u64,
    /// Which generation of its documents is current.
    pub generation: u32,
    /// The last position handled, by source context, in order of name.
    pub positions: Vec<(String, Position)>,
}

impl LaneState {
    /// The last position handled of `source`.
    pub fn position(&self, source: &str) -> Position {
        self.positions
            .iter()
            .find(|(name, _)| name == source)
            .map_or(Position::START, |(_, at)| *at)
    }

    /// Notes that `source` was handled up to `position`.
    pub fn advance(&mut self, source: &str, position: Position) {
        match self.positions.binary_search_by(|(name, _)| name.as_str().cmp(source)) {
            Ok(index) => self.positions[index].1 = position,
            Err(index) => self.positions.insert(index, (source.to_owned(), position)),
        }
    }
}

/// A lane's step: its documents and its checkpoint, in one commit.
#[derive(Debug, Clone)]
pub struct LaneCommit {
    /// Permanent name of the consumer.
    pub consumer: &'static str,
    /// The shard.
    pub shard: Shard,
    /// The state the lane last saw; the commit fails if it is no longer that.
    pub seen_commits: u64,
    /// The state afterwards (`commits` is set by the engine to `seen_commits + 1`).
    pub next: LaneState,
    /// The documents that changed, each once.
    pub documents: Vec<DocumentPut>,
}

/// Why a write was not made.
#[derive(Debug)]
pub enum WriteError {
    /// A position, sequence, version or request id is taken: somebody else wrote.
    Clash,
    /// The lane's checkpoint is not what it was: another replica has it now.
    Fenced,
    /// The machinery failed; whether it was written is unknown.
    Fault(Fault),
}

impl From<Fault> for WriteError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// A writer's turn at a shard, for as long as it is kept; it must be short.
pub struct Turn {
    _held: Box<dyn Send + Sync>,
}

impl Turn {
    /// The turn that lasts until `held` is dropped.
    pub fn holding(held: impl Send + Sync + 'static) -> Self {
        Self { _held: Box::new(held) }
    }
}

/// Which of a tenant's documents to read.
#[derive(Debug, Clone, Copy)]
pub struct DocumentRange<'a> {
    /// Whose.
    pub tenant: TenantId,
    /// Which projection.
    pub noun: &'static str,
    /// The tenant's shard, which tells the generation in use.
    pub shard: Shard,
    /// A certain generation; `None` for the one in use.
    pub generation: Option<u32>,
    /// Keys that start so.
    pub prefix: &'a [u8],
    /// Keys greater than this.
    pub after: Option<&'a [u8]>,
    /// At most so many.
    pub limit: u32,
}

/// A store for one context. Every method is one round of IO, or one transaction.
#[async_trait]
pub trait Engine: Send + Sync + 'static {
    /// Newest position of a shard.
    async fn head(&self, shard: Shard) -> Result<Position, Fault>;

    /// Newest positions of all shards that have events.
    async fn heads(&self) -> Result<Vec<(Shard, Position)>, Fault>;

    /// Newest sequences of tenants, 0 where there is no event, in the order asked.
    async fn sequences(&self, tenants: &[TenantId]) -> Result<Vec<Sequence>, Fault>;

    /// Versions of streams, 0 where there is none, in the order asked.
    async fn versions(&self, streams: &[(TenantId, String)]) -> Result<Vec<Version>, Fault>;

    /// What earlier requests asked, in the order asked.
    async fn answered(&self, keys: &[(TenantId, String)]) -> Result<Vec<Option<Answered>>, Fault>;

    /// Writes events of one shard, and a lane's step if there is one, in one commit. Waits for
    /// another replica's turn at the shard, unless it is done in one's own.
    async fn write(
        &self,
        rows: Vec<Row>,
        lane: Option<&LaneCommit>,
        turn: Option<&Turn>,
    ) -> Result<(), WriteError>;

    /// Waits until nobody writes to the shard, and keeps other replicas from it until the turn is
    /// dropped: for a writer that was too slow several times. Safety never rests on it.
    async fn turn(&self, shard: Shard) -> Result<Turn, Fault>;

    /// Events of a shard after a position, in order, without holes.
    async fn scan(&self, shard: Shard, after: Position, limit: u32)
    -> Result<Vec<Recorded>, Fault>;

    /// Events of a tenant after a sequence, in order, without holes.
    async fn feed(
        &self,
        tenant: TenantId,
        after: Sequence,
        limit: u32,
    ) -> Result<Vec<Recorded>, Fault>;

    /// All events of a stream.
    async fn stream(&self, tenant: TenantId, stream: &str) -> Result<Vec<Recorded>, Fault>;

    /// All events of these streams, whichever comes first, each stream's in order. All are read at
    /// one moment.
    async fn streams(&self, tenant: TenantId, streams: Vec<String>)
    -> Result<Vec<Recorded>, Fault>;

    /// How far a lane has come.
    async fn lane(&self, consumer: &str, shard: Shard) -> Result<LaneState, Fault>;

    /// One document.
    async fn document(
        &self,
        range: DocumentRange<'_>,
        key: &[u8],
    ) -> Result<Option<Document>, Fault>;

    /// Documents under these keys, where there are any, each once and in the order of their bytes; of
    /// the range, its bounds do not matter. All are read at one moment.
    async fn documents_of(
        &self,
        range: DocumentRange<'_>,
        keys: Vec<Vec<u8>>,
    ) -> Result<Vec<(Vec<u8>, Document)>, Fault>;

    /// Documents of a range, by key.
    async fn documents(&self, range: DocumentRange<'_>) -> Result<Vec<(Vec<u8>, Document)>, Fault>;

    /// Writes documents of a generation that is not in use yet.
    async fn put_documents(&self, generation: u32, puts: Vec<DocumentPut>) -> Result<(), Fault>;

    /// Removes a shard's documents of every generation but `keep`, for these nouns.
    async fn sweep_documents(
        &self,
        shard_tenants: &[TenantId],
        nouns: &[&'static str],
        keep: u32,
    ) -> Result<(), Fault>;

    /// Puts a rebuilt generation in use, if the lane is still as it was seen.
    async fn switch(
        &self,
        consumer: &'static str,
        shard: Shard,
        seen_commits: u64,
        generation: u32,
        nouns: &[&'static str],
    ) -> Result<(), WriteError>;

    /// Tenants that have events in a shard.
    async fn tenants(&self, shard: Shard) -> Result<Vec<TenantId>, Fault>;

    /// Tenants that have documents, in any shard.
    async fn document_tenants(&self) -> Result<Vec<TenantId>, Fault>;

    /// A sealed secret.
    async fn secret(&self, tenant: TenantId, name: &str) -> Result<Option<Vec<u8>>, Fault>;

    /// Stores a sealed secret unless there is one, and returns the one there is.
    async fn keep_secret(
        &self,
        tenant: TenantId,
        name: &str,
        sealed: &[u8],
    ) -> Result<Vec<u8>, Fault>;

    /// Destroys a secret.
    async fn destroy_secret(&self, tenant: TenantId, name: &str) -> Result<(), Fault>;

    /// Renews and balances this replica's shards; returns those it holds for the next `ttl`.
    async fn hold_shards(
        &self,
        replica: Uuid,
        all: u16,
        ttl: Duration,
    ) -> Result<Vec<Shard>, Fault>;

    /// Lets go of this replica's shards, so that others need not wait.
    async fn release_shards(&self, replica: Uuid) -> Result<(), Fault>;

    /// Version of the schema that the store has, and the one this code needs.
    async fn schema_version(&self) -> Result<(u32, u32), Fault>;
}

impl DocumentRange<'_> {
    /// The first key that may be in it, and the first that is not; `None` for the latter if there is
    /// no such key. Statements say no more than this: of a condition that only sometimes holds a
    /// planner makes none at all, and reads on to the end of the table.
    pub(crate) fn bounds(&self) -> (Vec<u8>, Option<Vec<u8>>) {
        // The next of all keys is the same with a zero byte behind it.
        let after = self.after.map(|after| [after, &[0]].concat());
        let from = after.unwrap_or_default().max(self.prefix.to_vec());
        (from, after_prefix(self.prefix))
    }
}

/// The first key after all keys that start with `prefix`; `None` if there is no such key.
fn after_prefix(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return Some(end);
        }
    }
    None
}

/// `source=position` pairs with spaces between; contexts' names have neither.
pub(crate) fn write_positions(positions: &[(String, Position)]) -> String {
    let pairs: Vec<_> = positions.iter().map(|(source, at)| format!("{source}={at}")).collect();
    pairs.join(" ")
}

pub(crate) fn read_positions(text: &str) -> Vec<(String, Position)> {
    let pair = |pair: &str| {
        let (source, at) = pair.split_once('=')?;
        Some((source.to_owned(), Position(at.parse().ok()?)))
    };
    text.split(' ').filter_map(pair).collect()
}
