//! What a tenant is told: how far its events were handled, and the hash of what came of them.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use northstar_bus::feed::LocalFeeds;
use northstar_bus::lane::Lane;
use northstar_bus::{Clockwork, HandleError, Handler, Source, Timed, Work, progress, state_hash};
use northstar_eventlog::{Document, Log, Malformed, Recorded, Shape};
use northstar_kernel::{Digest, Sequence, Timestamp};
use northstar_wire::platform::v1::TimedProgress;

use crate::stand::{SHARD, append_one, log_in, scope, until};
use crate::timed::FailingFirst;

/// Payload bytes seen, and, outside the state, who sent them last.
#[derive(Default)]
struct Tally {
    bytes: u64,
    actor: String,
}

impl Shape for Tally {
    const NOUN: &'static str = "tally";

    fn encode(&self) -> Document {
        let state = self.bytes.to_be_bytes().to_vec();
        Document { state, extra: self.actor.clone().into_bytes() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let bytes = document.state.as_slice().try_into();
        let bytes = bytes.map_err(|error| Malformed::new(Self::NOUN, error))?;
        let actor = String::from_utf8_lossy(&document.extra).into_owned();
        Ok(Self { bytes: u64::from_be_bytes(bytes), actor })
    }
}

struct Tallying;

#[async_trait]
impl Handler for Tallying {
    fn consumer(&self) -> &'static str {
        "evidence.tally"
    }

    fn sources(&self) -> &'static [Source] {
        const { &[Source::whole("evidence")] }
    }

    fn nouns(&self) -> &'static [&'static str] {
        &[Tally::NOUN]
    }

    async fn handle(
        &self,
        _: &'static str,
        event: &Recorded,
        work: &mut Work,
    ) -> Result<(), HandleError> {
        if &*event.payload == b"poison" {
            return Err(Malformed::new("evidence_recorded", "poison").into());
        }
        let tally = work.entry::<Tally>(&[event.payload.len() as u8]).await?;
        tally.bytes += event.payload.len() as u64;
        tally.actor = event.actor.to_string();
        Ok(())
    }
}

async fn handled(log: &Log) -> Vec<Arc<dyn Handler>> {
    let handler: Arc<dyn Handler> = Arc::new(Tallying);
    let feeds = Arc::new(LocalFeeds::new([log.clone()]));
    let lane = Lane { handler: Arc::clone(&handler), log: log.clone(), feeds };
    let running = tokio::spawn(lane.run(SHARD));
    let head = log.head(SHARD).await.unwrap();
    until("all is handled", async || {
        log.lane("evidence.tally", SHARD).await.unwrap().position("evidence") == head
    })
    .await;
    running.abort();
    vec![handler]
}

#[tokio::test]
async fn progress_names_heads_consumers_and_what_was_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let log = log_in(&folder);
    for payload in ["a", "poison", "bb", "poison"] {
        append_one(&log, "teacher-7", Bytes::from(payload)).await;
    }
    let handlers = handled(&log).await;
    append_one(&log, "teacher-7", Bytes::from("later")).await;
    let task: Arc<dyn Timed> = Arc::new(FailingFirst::default());
    let tasks = [Arc::clone(&task)];
    let progress = progress::of(&log, &handlers, &tasks, &scope()).await.unwrap();
    assert_eq!((progress.shard, progress.head_position, progress.head_sequence), (0, 5, 5));
    let [consumer] = progress.consumers.as_slice() else { panic!("one consumer, one source") };
    assert_eq!(
        (consumer.consumer.as_str(), consumer.source.as_str()),
        ("evidence.tally", "evidence")
    );
    assert_eq!((consumer.position, consumer.parked), (4, 2));
    let timed = |waiting| TimedProgress { task: "evidence.failing".to_owned(), waiting };
    assert_eq!(progress.timed, [timed(2)]);
    let clockwork = Clockwork { task, log: log.clone() };
    clockwork.until(SHARD, Timestamp::from_micros(0)).await.unwrap_err();
    let progress = progress::of(&log, &handlers, &tasks, &scope()).await.unwrap();
    assert_eq!(progress.timed, [timed(0)], "it was served");
}

#[tokio::test]
async fn the_hash_covers_nouns_keys_and_states_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let log = log_in(&folder);
    for (actor, payload) in [("x", "a"), ("x", "bb"), ("x", "cc"), ("x", "poison")] {
        append_one(&log, actor, Bytes::from(payload)).await;
    }
    let handlers = handled(&log).await;
    let before = state_hash::of(&log, &handlers, &scope()).await.unwrap();
    let (one, four) = (1_u64.to_be_bytes(), 4_u64.to_be_bytes());
    let parts: [&[u8]; 6] = [b"tally", &[1], &one, b"tally", &[2], &four];
    assert_eq!(before.hash, Digest::of_parts(parts));
    assert_eq!((before.head, before.documents), (Sequence(4), 2));

    append_one(&log, "somebody else", Bytes::new()).await;
    handled(&log).await;
    let after = state_hash::of(&log, &handlers, &scope()).await.unwrap();
    assert_eq!((after.head, after.documents), (Sequence(5), 3));
    assert_ne!(after.hash, before.hash);
}

/// The same facts in another order, from other people: the same hash.
#[tokio::test]
async fn the_hash_does_not_depend_on_how_the_facts_came() {
    let mut hashes = Vec::new();
    for payloads in [["a", "bb", "cc"], ["cc", "a", "bb"]] {
        let folder = tempfile::tempdir().unwrap();
        let log = log_in(&folder);
        for payload in payloads {
            append_one(&log, payload, Bytes::from(payload)).await;
        }
        let handlers = handled(&log).await;
        hashes.push(state_hash::of(&log, &handlers, &scope()).await.unwrap());
    }
    assert_eq!(hashes[0], hashes[1]);
}
