//! What a handler reads ahead is what it would have found one by one.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use northstar_bus::feed::LocalFeeds;
use northstar_bus::lane::Lane;
use northstar_bus::{HandleError, Handler, Source, Work};
use northstar_eventlog::{
    Append, Cause, Document, Log, Malformed, NewEvent, Recorded, Shape, Stream,
};
use northstar_kernel::{ExpectedVersion, Position, Version};
use uuid::Uuid;

use crate::stand::{SHARD, append_one, log_in, scope, until};

const ANSWERS: usize = 5;

/// How many questions of a kind there were.
#[derive(Default)]
struct Asked(u64);

impl Shape for Asked {
    const NOUN: &'static str = "asked";

    fn encode(&self) -> Document {
        Document { state: self.0.to_be_bytes().to_vec(), extra: Vec::new() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let count = document.state.as_slice().try_into();
        count
            .map(|count| Self(u64::from_be_bytes(count)))
            .map_err(|error| Malformed::new(Self::NOUN, error))
    }
}

/// Answers every question in the stream of its kind by how many answers and how many questions there
/// were before.
#[derive(Default)]
struct Answering {
    foresees: bool,
    foreseen: Mutex<Vec<Position>>,
}

/// A question's kind is its payload's length.
fn kind(event: &Recorded) -> Option<u8> {
    (event.event_type == *"evidence_recorded").then_some(event.payload.len() as u8)
}

fn stream(kind: u8) -> Stream {
    Stream::new("answers", Uuid::from_u128(kind.into()))
}

#[async_trait]
impl Handler for Answering {
    fn consumer(&self) -> &'static str {
        "evidence.answering"
    }

    fn sources(&self) -> &'static [Source] {
        const { &[Source::whole("evidence")] }
    }

    fn nouns(&self) -> &'static [&'static str] {
        &[Asked::NOUN]
    }

    async fn foresee(
        &self,
        _: &'static str,
        events: &[&Recorded],
        work: &mut Work,
    ) -> Result<(), HandleError> {
        if !self.foresees {
            return Ok(());
        }
        let kinds: Vec<_> = events.iter().filter_map(|event| kind(event)).collect();
        work.read_ahead::<Asked>(kinds.iter().map(|kind| vec![*kind])).await?;
        work.read_streams_ahead(kinds.into_iter().map(stream).collect()).await?;
        self.foreseen.lock().unwrap().extend(events.iter().map(|event| event.position));
        // What makes no sense here is told of when it is handled, if it makes none then.
        Err(Malformed::new("evidence_recorded", "not understood ahead").into())
    }

    async fn handle(
        &self,
        _: &'static str,
        event: &Recorded,
        work: &mut Work,
    ) -> Result<(), HandleError> {
        let Some(kind) = kind(event) else { return Ok(()) };
        let asked = work.entry::<Asked>(&[kind]).await?;
        asked.0 += 1;
        let asked = asked.0;
        let stream = stream(kind);
        let known = work.stream(&stream).await?.len() + work.pending(&stream).count();
        let expected = match known as u64 {
            0 => ExpectedVersion::NoStream,
            known => ExpectedVersion::Exactly(Version(known)),
        };
        let answer = NewEvent {
            event_type: "answered",
            schema_version: 1,
            observed_at: None,
            key_id: None,
            payload: Bytes::from(format!("{known} {asked}")),
        };
        let cause = Cause::reaction(self.consumer(), event);
        work.append(Append { stream, expected, events: vec![answer], request: None, cause });
        Ok(())
    }
}

/// Questions of several kinds, more than are foreseen at once, some while others are answered.
async fn answered(foresees: bool) -> (Arc<Answering>, Vec<Vec<String>>) {
    let folder = tempfile::tempdir().unwrap();
    let log = log_in(&folder);
    ask(&log, 0..700).await;
    let handler = Arc::new(Answering { foresees, ..Answering::default() });
    let lane = Lane {
        handler: Arc::clone(&handler) as Arc<dyn Handler>,
        log: log.clone(),
        feeds: Arc::new(LocalFeeds::new([log.clone()])),
    };
    let running = tokio::spawn(lane.run(SHARD));
    ask(&log, 700..800).await;
    until("all is answered", async || {
        let head = log.head(SHARD).await.unwrap();
        head == Position(1_600)
            && log.lane("evidence.answering", SHARD).await.unwrap().position("evidence") == head
    })
    .await;
    running.abort();
    let mut answers = Vec::new();
    for kind in 0..ANSWERS {
        let events = log.tenant(&scope()).stream(&stream(kind as u8)).await.unwrap();
        let text = |event: &Recorded| String::from_utf8(event.payload.to_vec()).unwrap();
        answers.push(events.iter().map(text).collect());
    }
    (handler, answers)
}

async fn ask(log: &Log, numbers: std::ops::Range<usize>) {
    for number in numbers {
        append_one(log, "teacher-7", Bytes::from(vec![b'?'; number % ANSWERS])).await;
    }
}

#[tokio::test]
async fn what_is_read_ahead_changes_no_answer() {
    let (_, answers) = answered(false).await;
    let wanted: Vec<_> = (0..800 / ANSWERS).map(|at| format!("{at} {}", at + 1)).collect();
    assert!(answers.iter().all(|answers| *answers == wanted), "{answers:?}");
    let (handler, ahead) = answered(true).await;
    assert_eq!(ahead, answers);
    let foreseen = handler.foreseen.lock().unwrap();
    assert!(foreseen.iter().map(|position| position.0).eq(1..=1_600), "{foreseen:?}");
}
