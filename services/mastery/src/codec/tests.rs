//! Stored shapes are promises: an example of every event type and version, as bytes that never
//! change, and what today's code must read from them.
//!
//! A new version is a new file and a new test; the files are never written again.

use northstar_eventlog::Sealed;
use northstar_kernel::{
    CompetencyId, EventId, EvidenceId, FrameworkId, LearnerId, OrganizationId, OverrideId,
    PersonId, Position, ReasonId, Sequence, Shard, TenantId, Timestamp, Version,
};
use northstar_mastery_domain::{
    Finding, Ground, LearnerAdvanced, OverrideEvent, Parameter, Policy, PolicyDraft, Scope,
    Standing, Terms,
};

use super::*;
use crate::projection::LevelKey;

const POLICY_PUBLISHED_1: &str = include_str!("../../tests/frozen/policy_published.1.hex");
const MASTERY_CHANGED_1: &str = include_str!("../../tests/frozen/mastery_changed.1.hex");
const MASTERY_CHANGED_1_OVERRIDDEN: &str =
    include_str!("../../tests/frozen/mastery_changed.1.overridden.hex");
const LEVEL_DUE_1: &str = include_str!("../../tests/frozen/level_due.1.hex");
const LEVELS_READ_ANEW_1: &str = include_str!("../../tests/frozen/levels_read_anew.1.hex");
const LEVELS_READ_ANEW_1_FRAMEWORK: &str =
    include_str!("../../tests/frozen/levels_read_anew.1.framework.hex");
const OVERRIDE_SET_1: &str = include_str!("../../tests/frozen/override_set.1.hex");
const OVERRIDE_CONFIRMED_1: &str = include_str!("../../tests/frozen/override_confirmed.1.hex");
const OVERRIDE_REVOKED_1: &str = include_str!("../../tests/frozen/override_revoked.1.hex");
const LEARNER_ADVANCED_1: &str = include_str!("../../tests/frozen/learner_advanced.1.hex");
const LEARNER_ADVANCED_1_OVERRIDE: &str =
    include_str!("../../tests/frozen/learner_advanced.1.override.hex");
const LEARNER_ADVANCED_1_STATED: &str =
    include_str!("../../tests/frozen/learner_advanced.1.stated.hex");
const ROLLUPS_PUBLISHED_1: &str = include_str!("../../tests/frozen/rollups_published.1.hex");
const PACE_PLAN_PUBLISHED_1: &str = include_str!("../../tests/frozen/pace_plan_published.1.hex");
const PACE_PLAN_PUBLISHED_1_SCOPED: &str =
    include_str!("../../tests/frozen/pace_plan_published.1.scoped.hex");
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
        overridden: None,
    });
    check("mastery_changed", 1, MASTERY_CHANGED_1, &expected);
}

fn publication(document: &str) -> Publication {
    let framework = FrameworkId::from_uuid(id(1));
    Publication { framework, scope: Scope::Network, document: document.to_owned(), hash: hash() }
}

#[test]
fn rollups_published_version_1() {
    let text = r#"{"engine":1,"framework":"6b0a2f3e-0000-4000-8000-000000000001","rollups":[]}"#;
    let expected = Event::RollupsPublished(publication(text));
    check("rollups_published", 1, ROLLUPS_PUBLISHED_1, &expected);
}

#[test]
fn pace_plan_published_version_1() {
    let text = r#"{"buffer_milli":100,"framework":"6b0a2f3e-0000-4000-8000-000000000001"}"#;
    let expected = Event::PacePlanPublished(publication(text));
    check("pace_plan_published", 1, PACE_PLAN_PUBLISHED_1, &expected);
}

#[test]
fn pace_plan_published_version_1_for_a_school() {
    let text = r#"{"buffer_milli":100,"framework":"6b0a2f3e-0000-4000-8000-000000000001"}"#;
    let scope = Scope::Organization(OrganizationId::from_uuid(id(7)));
    let expected = Event::PacePlanPublished(Publication { scope, ..publication(text) });
    check("pace_plan_published", 1, PACE_PLAN_PUBLISHED_1_SCOPED, &expected);
    let nobodys = wire::PacePlanPublished { scope: "school".to_owned(), ..Default::default() };
    let event = recorded("pace_plan_published", 1, nobodys.encode_to_vec());
    assert!(Event::read(&event).is_err());
}

#[test]
fn mastery_changed_version_1_with_an_override() {
    let overridden = (OverrideId::from_uuid(id(6)), held(Standing::NotEnoughEvidence, 0));
    let expected = Event::MasteryChanged(MasteryChanged {
        learner: LearnerId::from_uuid(id(2)),
        competency: CompetencyId::from_uuid(id(3)),
        framework: FrameworkId::from_uuid(id(1)),
        name: String::new(),
        before: held(Standing::NotEnoughEvidence, 0),
        after: held(Standing::AtMastery, 3_000),
        policy: None,
        evidence: Vec::new(),
        cause: None,
        overridden: Some(overridden),
    });
    check("mastery_changed", 1, MASTERY_CHANGED_1_OVERRIDDEN, &expected);
}

#[test]
fn level_due_version_1() {
    let expected = Event::LevelDue(LevelDue { key: key(), at: at(1) });
    check("level_due", 1, LEVEL_DUE_1, &expected);
}

#[test]
fn levels_read_anew_version_1() {
    let framework = FrameworkId::from_uuid(id(4));
    let of = |competency| LevelsReadAnew { framework, competency, through: key() };
    let one = Event::LevelsReadAnew(of(Some(key().competency)));
    check("levels_read_anew", 1, LEVELS_READ_ANEW_1, &one);
    check("levels_read_anew", 1, LEVELS_READ_ANEW_1_FRAMEWORK, &Event::LevelsReadAnew(of(None)));
}

#[test]
fn overrides_version_1() {
    let terms = Terms {
        id: OverrideId::from_uuid(id(6)),
        learner: key().learner,
        competency: key().competency,
        says: finding(),
        reason: ReasonId::from_uuid(id(7)),
        by: PersonId::from_uuid(id(10)),
        second_signer: PersonId::from_uuid(id(11)),
        from: at(2),
        until: at(3),
    };
    let (by, reason) = (PersonId::from_uuid(id(11)), ReasonId::from_uuid(id(8)));
    for (name, frozen, event, sealed) in [
        ("override_set", OVERRIDE_SET_1, OverrideEvent::Set(terms), true),
        ("override_confirmed", OVERRIDE_CONFIRMED_1, OverrideEvent::Confirmed { at: at(4) }, false),
        (
            "override_revoked",
            OVERRIDE_REVOKED_1,
            OverrideEvent::Revoked { by, reason, at: at(5) },
            true,
        ),
    ] {
        let reason = sealed.then(sealed_words);
        let expected = Event::Overridden(Overridden { id: terms.id, key: key(), event, reason });
        check(name, 1, frozen, &expected);
        assert_eq!(expected.write(None).key_id, sealed.then_some(id(12)));
    }
}

#[test]
fn learner_advanced_version_1() {
    let evidence = [4, 5].map(id).map(EvidenceId::from_uuid).to_vec();
    for (frozen, ground, reason) in [
        (LEARNER_ADVANCED_1, Ground::Mastery, None),
        (LEARNER_ADVANCED_1_OVERRIDE, Ground::Override(OverrideId::from_uuid(id(6))), None),
        (
            LEARNER_ADVANCED_1_STATED,
            Ground::Stated(ReasonId::from_uuid(id(7))),
            Some(sealed_words()),
        ),
    ] {
        let event = LearnerAdvanced {
            learner: key().learner,
            competency: key().competency,
            decider: PersonId::from_uuid(id(10)),
            ground,
            held: finding(),
            evidence: evidence.clone(),
            at: at(6),
        };
        let expected = Event::LearnerAdvanced(Advanced { event, reason });
        check("learner_advanced", 1, frozen, &expected);
    }
}

fn key() -> LevelKey {
    LevelKey { learner: LearnerId::from_uuid(id(2)), competency: CompetencyId::from_uuid(id(3)) }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_micros(1_772_323_200_000_001 + second * 1_000_000)
}

fn held(standing: Standing, value_milli: i64) -> Held {
    Held { standing, value_milli, ..Held::default() }
}

fn finding() -> Finding {
    Finding { standing: Standing::AtMastery, value_milli: Some(3_000), provisional: false }
}

fn sealed_words() -> Sealed {
    Sealed { key_id: id(12), bytes: vec![1, 2, 3] }
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
