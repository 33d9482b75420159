//! A log in a folder, a broker of its own, and what tests want to know of them.

use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::{self, message::StreamMessage};
use bytes::Bytes;
use northstar_bus::relay::Retention;
use northstar_bus::{Broker, Relay, broker, envelope};
use northstar_eventlog::sqlite::Sqlite;
use northstar_eventlog::{Append, Cause, Log, MasterKey, NewEvent, Options, Recorded, Stream};
use northstar_kernel::{ExpectedVersion, Position, Shard, ShardCount, TenantId, TenantScope};
use northstar_testkit::Nats;
use tempfile::TempDir;
use tokio::task::{JoinHandle, block_in_place};
use tokio::time::{sleep, timeout};
use uuid::Uuid;

pub(crate) const SHARD: Shard = Shard(0);
/// Long enough for a machine under load; nothing waits for it when all is well.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Stand {
    pub(crate) log: Log,
    pub(crate) nats: Nats,
    pub(crate) broker: Broker,
    _folder: TempDir,
}

impl Stand {
    pub(crate) async fn new() -> Self {
        let nats = block_in_place(Nats::start).unwrap();
        let broker = Broker::connect(&nats.url(), "test", None).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        Self { log: log_in(&folder), nats, broker, _folder: folder }
    }

    pub(crate) fn relay(&self) -> JoinHandle<()> {
        self.relay_keeping(Retention::default())
    }

    pub(crate) fn relay_keeping(&self, retention: Retention) -> JoinHandle<()> {
        let relay = Relay::new(self.log.clone(), self.broker.clone(), retention);
        tokio::spawn(relay.run(SHARD))
    }

    /// A plain client's view of the stream.
    pub(crate) async fn stream(&self) -> Option<jetstream::stream::Stream> {
        let client = async_nats::connect(self.nats.url()).await.ok()?;
        let name = broker::stream_name(self.log.context(), SHARD);
        jetstream::new(client).get_stream(name).await.ok()
    }

    /// Waits until the stream ends at `last`.
    pub(crate) async fn published(&self, last: u64) {
        until("the stream ends where it should", async || {
            let stream = self.stream().await;
            stream.is_some_and(|stream| stream.cached_info().state.last_sequence == last)
        })
        .await;
    }

    /// All messages of the stream, by sequence.
    pub(crate) async fn messages(&self) -> Vec<StreamMessage> {
        let stream = self.stream().await.unwrap();
        let state = &stream.cached_info().state;
        let mut messages = Vec::new();
        for sequence in state.first_sequence..=state.last_sequence {
            messages.push(stream.get_raw_message(sequence).await.unwrap());
        }
        messages
    }

    /// Demands that the stream holds, from `first` on, exactly what the log holds.
    pub(crate) async fn assert_same_from(&self, first: u64) {
        let logged = self.log.scan(SHARD, Position(first - 1), 100_000).await.unwrap();
        let messages = self.messages().await;
        assert_eq!(messages.len(), logged.len());
        for (message, logged) in messages.into_iter().zip(logged) {
            let event = envelope::event("evidence", &message.headers, message.payload).unwrap();
            assert_eq!(event, logged);
            assert_eq!(message.sequence, logged.position.0);
            assert_eq!(&*message.subject, &subject_of(&logged));
        }
    }

    pub(crate) async fn append(&self, count: u64) {
        append(&self.log, count).await;
    }
}

pub(crate) fn log_in(folder: &TempDir) -> Log {
    let engine = Sqlite::open(&folder.path().join("evidence.db")).unwrap();
    let options = Options {
        context: "evidence",
        shards: ShardCount::new(1).unwrap(),
        master_key: MasterKey::new([7; 32]),
    };
    Log::new(Arc::new(engine), options)
}

#[expect(clippy::disallowed_methods, reason = "a test names its tenant by hand")]
pub(crate) fn scope() -> TenantScope {
    TenantScope::assume(TenantId::from_slug("front-range"))
}

/// Appends events, each to a stream of its own.
pub(crate) async fn append(log: &Log, count: u64) {
    for _ in 0..count {
        append_one(log, "teacher-7", Bytes::from_static(b"\x0a\x01x")).await;
    }
}

pub(crate) async fn append_one(log: &Log, actor: &str, payload: Bytes) {
    let event = NewEvent {
        event_type: "evidence_recorded",
        schema_version: 1,
        observed_at: None,
        key_id: None,
        payload,
    };
    let append = Append {
        stream: Stream::new("evidence", Uuid::from_u128(rand::random())),
        expected: ExpectedVersion::NoStream,
        events: vec![event],
        request: None,
        cause: Cause {
            actor: actor.to_owned(),
            correlation_id: Uuid::from_u128(1),
            causation_id: None,
            traceparent: None,
        },
    };
    log.tenant(&scope()).append(append).await.unwrap();
}

/// Waits until something is so.
pub(crate) async fn until(what: &str, mut so: impl AsyncFnMut() -> bool) {
    let wait = async {
        while !so().await {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("{what}: not after {PATIENCE:?}"));
}

fn subject_of(event: &Recorded) -> String {
    format!("northstar.evidence.00.{}.{}", event.tenant, event.event_type)
}
