//! What the cases start from.

use bytes::Bytes;
use northstar_eventlog::engine::{DocumentPut, LaneState};
use northstar_eventlog::{
    Append, Cause, Document, LaneCommit, Malformed, MasterKey, NewEvent, Options, RequestKey,
    Shape, Stream,
};
use northstar_kernel::{
    Digest, ExpectedVersion, Position, Shard, ShardCount, TenantId, TenantScope,
};
use uuid::Uuid;

/// The name of the cases' lane.
pub const CONSUMER: &str = "contract.notes";

/// The key under which the cases seal.
pub const MASTER_KEY: [u8; 32] = [7; 32];

/// What a store of the cases is opened with: few shards, so that tenants meet in them.
pub fn options(master_key: [u8; 32]) -> Options {
    Options { context: "evidence", shards: shards(), master_key: MasterKey::new(master_key) }
}

/// Two shards.
pub fn shards() -> ShardCount {
    ShardCount::new(2).unwrap()
}

/// The right to act for a tenant.
#[expect(clippy::disallowed_methods, reason = "a test names its tenant by hand")]
pub fn scope(slug: &str) -> TenantScope {
    TenantScope::assume(TenantId::from_slug(slug))
}

/// Different tenants that live in one shard; another `family` has other tenants.
pub fn neighbours(family: &str, shard: Shard, count: usize) -> Vec<TenantScope> {
    (0..)
        .map(|number| scope(&format!("{family}-{number}")))
        .filter(|scope| shards().shard_of(scope.tenant()) == shard)
        .take(count)
        .collect()
}

/// The shard of a tenant.
pub fn shard(scope: &TenantScope) -> Shard {
    shards().shard_of(scope.tenant())
}

/// A stream by number.
pub fn stream(number: u128) -> Stream {
    Stream::new("note", Uuid::from_u128(number))
}

/// An append of events that carry these texts.
pub fn append(stream: &Stream, expected: ExpectedVersion, texts: &[&str]) -> Append {
    let event = |text: &&str| NewEvent {
        event_type: "note_written",
        schema_version: 1,
        observed_at: None,
        key_id: None,
        payload: Bytes::copy_from_slice(text.as_bytes()),
    };
    Append {
        stream: stream.clone(),
        expected,
        events: texts.iter().map(event).collect(),
        request: None,
        cause: cause(),
    }
}

/// An append of one event to whatever is there.
pub fn note(stream: &Stream, text: &str) -> Append {
    append(stream, ExpectedVersion::Any, &[text])
}

/// The append under a request id, with the digest of `content`.
pub fn asked(append: Append, id: &str, content: &str) -> Append {
    let request = RequestKey { id: id.to_owned(), content: Digest::of(content.as_bytes()) };
    Append { request: Some(request), ..append }
}

/// Somebody's doing.
pub fn cause() -> Cause {
    Cause {
        actor: "teacher-1".to_owned(),
        correlation_id: Uuid::from_u128(0xc0),
        causation_id: None,
        traceparent: None,
    }
}

/// The simplest of documents: a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note(pub String);

impl Shape for Note {
    const NOUN: &'static str = "note";

    fn encode(&self) -> Document {
        Document { state: self.0.clone().into_bytes(), extra: vec![1] }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        String::from_utf8(document.state.clone())
            .map(Self)
            .map_err(|error| Malformed::new("note", error))
    }
}

/// A document to be written.
pub fn put(scope: &TenantScope, key: &[u8], text: &str) -> DocumentPut {
    let document = Some(Note(text.to_owned()).encode());
    DocumentPut { tenant: scope.tenant(), noun: Note::NOUN, key: key.to_vec(), document }
}

/// A document to be removed.
pub fn removal(scope: &TenantScope, key: &[u8]) -> DocumentPut {
    DocumentPut { document: None, ..put(scope, key, "") }
}

/// A step of the cases' lane that has seen `state` and read its source up to `position`.
pub fn step(
    shard: Shard,
    state: &LaneState,
    position: u64,
    documents: Vec<DocumentPut>,
) -> LaneCommit {
    let mut next = state.clone();
    next.advance("registry", Position(position));
    LaneCommit { consumer: CONSUMER, shard, seen_commits: state.commits, next, documents }
}
