//! Stored shapes are promises: one frozen example of every event type and version, as bytes, that
//! today's code must read. A file is never changed; a new version adds one.

use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use northstar_credentials::codec;
use northstar_credentials_domain::Event;
use northstar_credentials_domain::achievement::{self, Achievement, Alignment};
use northstar_credentials_domain::award::{self, Credential, MasteryEvent, Reason, Revocation};
use northstar_credentials_domain::issuer_keys::{self, Algorithm, Purpose};
use northstar_eventlog::{Recorded, Text};
use northstar_kernel::{
    AchievementId, AwardId, CompetencyId, CredentialId, EventId, LearnerId, Position, Sequence,
    Shard, TenantId, Timestamp, Version,
};
use uuid::Uuid;

fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(0x8000_0000_0000_0000 + number)
}

/// What each file holds: its name without the ending, and the event.
fn examples() -> Vec<(&'static str, Event)> {
    let achievement = Achievement {
        id: AchievementId::from_uuid(uuid(1)),
        key: "responsibility-3".into(),
        name: "Responsibility".into(),
        description: "Keeps commitments.".into(),
        criteria: "Mastery at level 3.".into(),
        alignment: Alignment {
            competency: CompetencyId::from_uuid(uuid(2)),
            code: "NS.RES".into(),
            name: "Responsibility".into(),
            uri: "https://frameworks.example/items/res".into(),
        },
        required_level: 3,
    };
    let credential = Credential {
        id: CredentialId::from_uuid(uuid(3)),
        award: AwardId::from_uuid(uuid(4)),
        achievement: AchievementId::from_uuid(uuid(1)),
        achievement_name: "Responsibility".into(),
        learner: LearnerId::from_uuid(uuid(5)),
        competency: CompetencyId::from_uuid(uuid(2)),
        level: 4,
        mastery_event: mastery_event(6),
        compact_jws: "head.body.signature".into(),
        key_name: "es256-1".into(),
    };
    let revocation = Revocation {
        credential: CredentialId::from_uuid(uuid(3)),
        award: AwardId::from_uuid(uuid(4)),
        learner: LearnerId::from_uuid(uuid(5)),
        reason: Reason::MasteryWithdrawn,
        mastery_event: mastery_event(7),
    };
    let offered = achievement::Event::Offered {
        achievement: AchievementId::from_uuid(uuid(1)),
        competency: CompetencyId::from_uuid(uuid(2)),
        up_to: LearnerId::from_uuid(uuid(5)),
    };
    let mut examples = vec![
        ("achievement_defined.v1", achievement::Event::Defined(achievement).into()),
        ("achievement_offered.v1", offered.into()),
        ("credential_issued.v1", award::Event::Issued(credential).into()),
        ("credential_revoked.v1", award::Event::Revoked(revocation).into()),
    ];
    examples.extend(keys().map(|(name, event)| (name, event.into())));
    examples
}

fn keys() -> [(&'static str, issuer_keys::Event); 7] {
    let name = || "ed-2026-11".to_owned();
    let at = Timestamp::from_micros(1_793_534_400_000_001);
    let created = issuer_keys::Event::KeyCreated {
        name: "status-ed-2026-11".into(),
        algorithm: Algorithm::Ed25519,
        purpose: Purpose::StatusLists,
        public: (0..32).collect(),
        at,
    };
    let from = Timestamp::from_micros(1_793_500_000_000_000);
    let (inherited, jwk) = ("es256-1".to_owned(), r#"{"kty":"EC"}"#.to_owned());
    [
        ("issuer_key_created.v1", issuer_keys::Event::KeyInherited { name: inherited, jwk }),
        ("signing_key_activated.v1", issuer_keys::Event::KeyActivated { name: name(), at }),
        (
            "signing_key_compromised.v1",
            issuer_keys::Event::KeyCompromised { name: name(), from, at },
        ),
        ("signing_key_created.v1", created),
        ("signing_key_published.v1", issuer_keys::Event::KeyPublished { name: name(), at }),
        ("signing_key_removed.v1", issuer_keys::Event::KeyRemoved { name: name(), at }),
        ("signing_key_retired.v1", issuer_keys::Event::KeyRetired { name: name(), at }),
    ]
}

fn mastery_event(number: u128) -> MasteryEvent {
    MasteryEvent { id: EventId::from_uuid(uuid(number)), sequence: Sequence(number as u64) }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frozen")
}

fn payload(name: &str) -> Bytes {
    let text = fs::read_to_string(folder().join(format!("{name}.hex"))).expect("a frozen example");
    hex::decode(text.trim()).expect("hexadecimal").into()
}

fn recorded(event_type: &str, schema_version: u16, payload: Bytes) -> Recorded {
    Recorded {
        shard: Shard(0),
        position: Position(1),
        tenant: TenantId::from_slug("front-range"),
        sequence: Sequence(1),
        id: EventId::from_uuid(uuid(9)),
        stream: Text::from("award-x".to_owned()),
        version: Version(1),
        event_type: Text::from(event_type.to_owned()),
        schema_version,
        observed_at: Timestamp::from_micros(0),
        recorded_at: Timestamp::from_micros(0),
        actor: Text::default(),
        correlation_id: Uuid::nil(),
        causation_id: None,
        traceparent: Text::default(),
        key_id: None,
        payload,
    }
}

fn split(name: &str) -> (&str, u16) {
    let (event_type, version) = name.split_once(".v").expect("type and version");
    (event_type, version.parse().expect("a number"))
}

#[test]
fn every_stored_shape_is_still_read() {
    for (name, expected) in examples() {
        let (event_type, version) = split(name);
        let event = codec::decode(&recorded(event_type, version, payload(name)));
        assert_eq!(event, Ok(expected), "{name}");
    }
}

#[test]
fn what_is_written_today_is_among_them() {
    for (name, event) in examples() {
        let new = codec::encode(&event, None);
        assert_eq!(format!("{}.v{}", new.event_type, new.schema_version), name);
        assert_eq!(hex::encode(&new.payload), hex::encode(payload(name)), "{name}");
    }
}

#[test]
fn every_file_is_looked_at() {
    let files = fs::read_dir(folder()).expect("a folder");
    let mut found: Vec<_> = files
        .map(|file| file.expect("a file").file_name().to_string_lossy().replace(".hex", ""))
        .collect();
    found.sort_unstable();
    let names: Vec<_> = examples().into_iter().map(|(name, _)| name).collect();
    assert_eq!(found, names);
}

#[test]
fn what_makes_no_sense_is_reported_not_guessed_at() {
    let frozen = payload("credential_issued.v1");
    let cases = [
        (recorded("credential_issued", 2, frozen.clone()), "version 2"),
        (recorded("credential_burnt", 1, frozen.clone()), "version 1 of it is not known"),
        (recorded("credential_issued", 1, Bytes::new()), "credential id is not a UUID"),
        (recorded("credential_issued", 1, frozen.slice(..frozen.len() - 1)), "malformed"),
        (recorded("achievement_defined", 1, Bytes::new()), "achievement is missing"),
        (recorded("credential_revoked", 1, frozen), "malformed"),
    ];
    for (event, expected) in cases {
        let error = codec::decode(&event).expect_err(expected).to_string();
        assert!(error.contains(expected), "{error} / {expected}");
    }
}

/// Mutated payloads are read or reported; none may panic.
#[test]
fn mutated_bytes_never_panic() {
    for (name, _) in examples() {
        let (event_type, version) = split(name);
        let bytes = payload(name).to_vec();
        for (at, bit) in (0..bytes.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
            let mut mutated = bytes.clone();
            mutated[at] ^= 1 << bit;
            let _ = codec::decode(&recorded(event_type, version, mutated.into()));
        }
    }
}
