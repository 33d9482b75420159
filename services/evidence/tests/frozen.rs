//! A frozen example of every event type and version, read by today's code.
//!
//! The files hold payloads as they were written when the version was new, in hexadecimal. They never
//! change: a new shape is a new version with a file of its own, beside the old one.

use std::path::Path;

use bytes::Bytes;
use northstar_eventlog::{NewEvent, Recorded};
use northstar_evidence::codec;
use northstar_evidence_domain::{
    Assessor, AssessorRole, Event, Milli, Observation, RetractionReason, SealedNote,
};
use northstar_kernel::{
    CompetencyId, CriterionId, EventId, EvidenceId, LearnerId, Position, Sequence, Shard, TenantId,
    Timestamp, Version,
};
use uuid::Uuid;

const OBSERVED: Timestamp = Timestamp::from_micros(1_756_111_560_000_000);

fn id(last: u128) -> Uuid {
    Uuid::from_u128(0x1111_2222_3333_4444_5555_0000_0000_0000 + last)
}

fn evidence() -> EvidenceId {
    EvidenceId::from_uuid(id(1))
}

/// Everything that an observation may hold.
fn full() -> Observation {
    Observation {
        learner: LearnerId::from_uuid(id(2)),
        competency: CompetencyId::from_uuid(id(3)),
        criterion: Some(CriterionId::from_uuid(id(4))),
        value: Milli(2_500),
        value_max: Some(Milli(100_000)),
        kind: "work-based".to_owned(),
        assessor: Assessor { id: "E1-05".to_owned(), role: AssessorRole::Employer },
        observed_at: OBSERVED,
        note: Some(SealedNote { key_id: id(5).into_bytes(), sealed: vec![0xDE, 0xAD, 0xBE, 0xEF] }),
    }
}

/// Only what an observation must hold.
fn bare() -> Observation {
    let assessor = Assessor { id: id(2).to_string(), role: AssessorRole::Themselves };
    Observation { criterion: None, value_max: None, note: None, assessor, ..full() }
}

/// Each frozen file with the event it holds.
fn examples() -> [(&'static str, &'static str, u16, Event); 5] {
    let id = evidence();
    let (full, bare) = (full(), bare());
    let retracted = Event::Retracted {
        id,
        learner: full.learner,
        competency: full.competency,
        reason: RetractionReason::MistakenLearner,
    };
    let validated = Event::Validated {
        id,
        learner: full.learner,
        competency: full.competency,
        validator: "t2".to_owned(),
    };
    let recorded = Event::Recorded { id, observation: full.clone() };
    let recorded_bare = Event::Recorded { id, observation: bare };
    let corrected = Event::Corrected { id, observation: full };
    [
        ("evidence_recorded.v1.hex", "evidence_recorded", 1, recorded),
        ("evidence_recorded.v1.bare.hex", "evidence_recorded", 1, recorded_bare),
        ("evidence_corrected.v1.hex", "evidence_corrected", 1, corrected),
        ("evidence_validated.v1.hex", "evidence_validated", 1, validated),
        ("evidence_retracted.v1.hex", "evidence_retracted", 1, retracted),
    ]
}

fn frozen(file: &str) -> Bytes {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frozen").join(file);
    let text = std::fs::read_to_string(path).expect("the file is there");
    Bytes::from(hex::decode(text.trim()).expect("it is hexadecimal"))
}

fn recorded(event_type: &'static str, schema_version: u16, payload: Bytes) -> Recorded {
    Recorded {
        shard: Shard(0),
        position: Position(1),
        tenant: TenantId::from_slug("a"),
        sequence: Sequence(1),
        id: EventId::from_uuid(id(6)),
        stream: "evidence".into(),
        version: Version(1),
        event_type: event_type.into(),
        schema_version,
        observed_at: OBSERVED,
        recorded_at: Timestamp::from_micros(0),
        actor: "somebody".into(),
        correlation_id: id(7),
        causation_id: None,
        traceparent: "".into(),
        key_id: None,
        payload,
    }
}

#[test]
fn todays_code_reads_every_shape_that_was_ever_written() {
    for (file, event_type, version, event) in examples() {
        let read = codec::decode(&recorded(event_type, version, frozen(file)));
        assert_eq!(read, Ok(event), "{file}");
    }
}

#[test]
fn the_newest_shapes_are_written_as_they_were_frozen() {
    for (file, event_type, version, event) in examples() {
        let NewEvent { event_type: name, schema_version, payload, .. } = codec::encode(&event);
        assert_eq!((name, schema_version), (event_type, version), "{file}");
        assert_eq!(hex::encode(payload), hex::encode(frozen(file)), "{file}");
    }
}

#[test]
fn observed_time_and_key_stand_in_the_envelope() {
    let noted = codec::encode(&Event::Recorded { id: evidence(), observation: full() });
    assert_eq!((noted.observed_at, noted.key_id), (Some(OBSERVED), Some(id(5))));
    let bare = codec::encode(&Event::Recorded { id: evidence(), observation: bare() });
    assert_eq!((bare.observed_at, bare.key_id), (Some(OBSERVED), None));
}

#[test]
fn what_is_not_known_or_makes_no_sense_is_malformed() {
    let good = frozen("evidence_recorded.v1.hex");
    let cases = [
        ("evidence_recorded", 2, good.clone()),
        ("evidence_juggled", 1, good.clone()),
        ("evidence_retracted", 1, good.clone()),
        ("evidence_recorded", 1, Bytes::from_static(b"\xFF\xFF")),
        ("evidence_corrected", 1, Bytes::new()),
        ("evidence_recorded", 1, good.slice(..good.len() / 2)),
    ];
    for (event_type, version, payload) in cases {
        let read = codec::decode(&recorded(event_type, version, payload));
        assert!(read.is_err(), "{event_type} {version} was read as {read:?}");
    }
}

#[test]
fn no_bytes_make_reading_panic() {
    let good = frozen("evidence_recorded.v1.hex").to_vec();
    let mut survived = 0;
    for place in 0..good.len() {
        for value in [0x00, 0x7F, 0x80, 0xFF] {
            let mut bytes = good.clone();
            bytes[place] = value;
            let read = codec::decode(&recorded("evidence_recorded", 1, bytes.into()));
            survived += usize::from(read.is_ok());
        }
    }
    assert!(survived < good.len() * 4, "some damage must be seen");
}
