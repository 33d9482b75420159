//! What is appended is what is read, to the byte.

use bytes::Bytes;
use northstar_eventlog::{Append, Cause, LaneError, NewEvent, Recorded};
use northstar_kernel::{ExpectedVersion, Position, Sequence, Timestamp, Version};
use uuid::Uuid;

use super::{Store, given};

/// The event as each of the three ways to read gives it, which must be the same.
async fn read(store: &impl Store, slug: &str) -> Vec<Recorded> {
    let (log, scope) = (store.log(), given::scope(slug));
    let streamed = log.tenant(&scope).stream(&given::stream(1)).await.unwrap();
    let fed = log.tenant(&scope).feed(Sequence::START, 100).await.unwrap();
    let scanned = log.scan(given::shard(&scope), Position::START, 100).await.unwrap();
    assert_eq!(streamed, fed);
    assert_eq!(streamed, scanned);
    streamed
}

async fn write(store: &impl Store, slug: &str, events: Vec<NewEvent>, cause: Cause) {
    let append = Append {
        stream: given::stream(1),
        expected: ExpectedVersion::Any,
        events,
        request: None,
        cause,
    };
    store.log().tenant(&given::scope(slug)).append(append).await.unwrap();
}

/// Every field that was given, in letters of the whole world, comes back by every way of reading.
pub async fn every_field_survives(store: &impl Store) {
    let event = NewEvent {
        event_type: "bewertung_geändert_評価",
        schema_version: 3,
        observed_at: Some(Timestamp::from_micros(-86_400_000_001)),
        key_id: Some(Uuid::from_u128(0xfeed)),
        payload: Bytes::from_static(&[0, 1, 0xff, b'\n', b'\\', 0]),
    };
    let cause = Cause {
        actor: "José \"Pepe\" 🦉 O'Hara\t\\N".to_owned(),
        correlation_id: Uuid::from_u128(u128::MAX),
        causation_id: Some(Uuid::from_u128(5)),
        traceparent: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned()),
    };
    write(store, "fields", vec![event.clone()], cause.clone()).await;
    let scope = given::scope("fields");
    let read = read(store, "fields").await.remove(0);
    assert_eq!((read.shard, read.tenant), (given::shard(&scope), scope.tenant()));
    assert_eq!((read.position, read.sequence), (Position(1), Sequence(1)));
    assert_eq!((read.stream.to_string(), read.version), (given::stream(1).to_string(), Version(1)));
    assert_eq!((&*read.event_type, read.schema_version), (event.event_type, 3));
    assert_eq!(Some(read.observed_at), event.observed_at);
    assert_eq!((&*read.actor, read.correlation_id), (cause.actor.as_str(), cause.correlation_id));
    assert_eq!((read.causation_id, read.key_id), (cause.causation_id, event.key_id));
    assert_eq!(Some(read.traceparent.to_string()), cause.traceparent);
    assert_eq!(read.payload, event.payload);
    assert_eq!(read.id.uuid().get_version_num(), 7);
}

/// Nothing, very much, and the ends of numbers.
pub async fn extremes_survive(store: &impl Store) {
    let large: Vec<u8> = (0..100_000_u32).map(|number| (number % 251) as u8).collect();
    let event = |schema_version, observed_at, payload: Vec<u8>| NewEvent {
        event_type: "",
        schema_version,
        observed_at,
        key_id: None,
        payload: payload.into(),
    };
    let events = vec![
        event(0, Some(Timestamp::from_micros(i64::MIN)), Vec::new()),
        event(u16::MAX, Some(Timestamp::from_micros(i64::MAX)), large.clone()),
        event(1, None, vec![0]),
    ];
    let cause = Cause { actor: String::new(), correlation_id: Uuid::nil(), ..given::cause() };
    write(store, "extremes", events, cause).await;
    let read = read(store, "extremes").await;
    assert_eq!((read[0].payload.len(), &read[1].payload[..]), (0, &large[..]));
    assert_eq!((read[0].schema_version, read[1].schema_version), (0, u16::MAX));
    assert_eq!(read[0].observed_at.micros(), i64::MIN);
    assert_eq!(read[1].observed_at.micros(), i64::MAX);
    assert_eq!(read[2].observed_at, read[2].recorded_at, "not said means now");
    for event in &read {
        assert!(event.event_type.is_empty() && event.actor.is_empty());
        assert!(event.traceparent.is_empty());
        assert_eq!((event.correlation_id, event.causation_id, event.key_id), Default::default());
        assert!(event.recorded_at.micros() > 1_700_000_000_000_000);
    }
}

/// An append's events are all there or none is, also when a later append of the step is refused.
pub async fn several_events_are_written_together(store: &impl Store) {
    let log = store.log();
    let scope = given::scope("together");
    let tenant = log.tenant(&scope);
    let several = |expected| given::append(&given::stream(1), expected, &["1", "2", "3"]);
    tenant.append(several(ExpectedVersion::NoStream)).await.unwrap();
    tenant.append(several(ExpectedVersion::NoStream)).await.unwrap_err();
    tenant.append(several(ExpectedVersion::Exactly(Version(2)))).await.unwrap_err();
    let good = given::append(&given::stream(2), ExpectedVersion::NoStream, &["4", "5"]);
    let lane = given::step(given::shard(&scope), &Default::default(), 1, Vec::new());
    let both = vec![(scope, good), (scope, several(ExpectedVersion::NoStream))];
    let refused = log.commit_lane(both, lane).await.unwrap_err();
    assert!(matches!(refused, LaneError::Conflict), "{refused:?}");
    let texts: Vec<_> = read(store, "together").await.into_iter().map(|e| e.payload).collect();
    assert_eq!(texts, ["1", "2", "3"]);
    let next = tenant.append(given::note(&given::stream(1), "6")).await.unwrap();
    assert_eq!(next.position, Position(4), "a refused append has left no hole");
}

/// Each event has an id of its own, whose order is about that of recording.
pub async fn ids_differ_and_sort_by_time(store: &impl Store) {
    let texts = vec!["x"; 50];
    let tenant = store.log().tenant(&given::scope("ids"));
    let append = given::append(&given::stream(1), ExpectedVersion::Any, &texts);
    tenant.append(append).await.unwrap();
    let read = read(store, "ids").await;
    let mut ids: Vec<_> = read.iter().map(|event| event.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 50);
    let millis = |event: &Recorded| (event.id.uuid().as_u128() >> 80) as i64;
    assert!(read.iter().all(|event| millis(event) == event.recorded_at.micros() / 1_000));
}
