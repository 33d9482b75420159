//! Stored shapes are promises: an example of every event type and version, as bytes that never
//! change, and what today's code must read from them.
//!
//! A new version is a new file and a new test; the files are never written again.

use northstar_kernel::{
    CompetencyId, EventId, EvidenceId, FrameworkId, LearnerId, Position, Sequence, Shard, TenantId,
    Timestamp, Version,
};
use northstar_mastery_domain::{Parameter, Policy, PolicyDraft, Scope};

use super::*;

const POLICY_PUBLISHED_1: &str = include_str!("../../tests/frozen/policy_published.1.hex");
const MASTERY_CHANGED_1: &str = include_str!("../../tests/frozen/mastery_changed.1.hex");
const HASH: &str = "4f1c1f2dbb6f0f4b0d7bb5d7c1a0a2b38d2f9f6c5b4a39281706f5e4d3c2b1a0";

fn bytes(hex: &str) -> Vec<u8> {
    let digits: String = hex.split_whitespace().collect();
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal");
    (0..digits.len()).step_by(2).map(byte).collect()
}

fn id(last: u8) -> Uuid {
    Uuid::from_bytes([0x6b, 0x0a, 0x2f, 0x3e, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, last])
}

fn recorded(event_type: &'static str, schema_version: u16, payload: Vec<u8>) -> Recorded {
    Recorded {
        shard: Shard(0),
        position: Position(1),
        tenant: TenantId::from_slug("front-range"),
        sequence: Sequence(1),
        id: EventId::from_uuid(id(9)),
        stream: "mastery-1".into(),
        version: Version(1),
        event_type: event_type.into(),
        schema_version,
        observed_at: Timestamp::from_micros(0),
        recorded_at: Timestamp::from_micros(0),
        actor: "somebody".into(),
        correlation_id: id(8),
        causation_id: None,
        traceparent: "".into(),
        key_id: None,
        payload: payload.into(),
    }
}

fn check(event_type: &'static str, version: u16, frozen: &str, expected: &Event) {
    let event = recorded(event_type, version, bytes(frozen));
    assert_eq!(Event::read(&event).as_ref(), Ok(expected));
    let written = expected.write(None);
    assert_eq!((written.event_type, written.schema_version), (event_type, version));
    assert_eq!(written.payload, event.payload, "the shape is written as it was");
}

fn hash() -> Digest {
    read_hash(HASH).expect("a hash").expect("not empty")
}

#[test]
fn policy_published_version_1() {
    let policy = Policy::new(&PolicyDraft {
        name: "strict".to_owned(),
        method: "decaying_average".to_owned(),
        parameters: [("newest_weight_percent".to_owned(), Parameter::Number(65))].into(),
        order: "recorded".to_owned(),
        round_to_milli: 10,
        mastery_milli: 3_000,
        exceeds_milli: 3_500,
        minimum_observations: 2,
        minimum_assessors: 3,
        minimum_kinds: 4,
        excluded_roles: vec!["peer".to_owned(), "self".to_owned()],
        validated_only: true,
        expires_after_days: 365,
        monotone: true,
        banked: true,
        ..PolicyDraft::new(FrameworkId::from_uuid(id(1)))
    });
    let expected = Event::PolicyPublished(PolicyPublished {
        policy: policy.expect("valid"),
        hash: hash(),
        scope: Scope::Network,
        effective_from: Timestamp::from_micros(1_772_323_200_000_001),
        retroactive: true,
    });
    check("policy_published", 1, POLICY_PUBLISHED_1, &expected);
}

#[test]
fn mastery_changed_version_1() {
    let expected = Event::MasteryChanged(MasteryChanged {
        learner: LearnerId::from_uuid(id(2)),
        competency: CompetencyId::from_uuid(id(3)),
        framework: FrameworkId::from_uuid(id(1)),
        name: "strict".to_owned(),
        before: Held {
            standing: Standing::Exceeds,
            value_milli: 3_214,
            level: 3,
            provisional: false,
        },
        after: Held {
            standing: Standing::BelowMastery,
            value_milli: -1,
            level: 0,
            provisional: true,
        },
        policy: Some(hash()),
        evidence: [4, 5].map(id).map(EvidenceId::from_uuid).to_vec(),
        cause: Some(EvidenceId::from_uuid(id(5))),
    });
    check("mastery_changed", 1, MASTERY_CHANGED_1, &expected);
}

#[test]
fn what_no_version_of_ours_wrote_is_malformed() {
    let later = recorded("mastery_changed", 2, bytes(MASTERY_CHANGED_1));
    assert!(Event::read(&later).expect_err("unknown").to_string().contains("version 2"));
    assert!(Event::read(&recorded("mastery_forgotten", 1, Vec::new())).is_err());
    let cut = bytes(MASTERY_CHANGED_1)[..40].to_vec();
    assert!(Event::read(&recorded("mastery_changed", 1, cut)).is_err());
    assert!(Event::read(&recorded("mastery_changed", 1, Vec::new())).is_err(), "no ids");
}
