//! Stored shapes are promises: one frozen example of every event type and version, as bytes, that
//! today's code must read. A file is never changed; a new version adds one.

use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use northstar_credentials::codec;
use northstar_credentials_domain::achievement::{self, Achievement, Alignment};
use northstar_credentials_domain::award::{self, Claim, MasteryEvent};
use northstar_credentials_domain::credential::{
    self, Cause, Edition, Grounds, Moment, Order, Person, Replaced, ReviewWindow,
};
use northstar_credentials_domain::disclosure;
use northstar_credentials_domain::issuer_keys::{self, Algorithm, Purpose};
use northstar_credentials_domain::received::Received;
use northstar_credentials_domain::share::{self, Share};
use northstar_credentials_domain::status::{self, Place, Published};
use northstar_credentials_domain::wallet::{self, Client, Consent, End, Offer, Scope, Tokens};
use northstar_credentials_domain::{Event, fact};
use northstar_eventlog::{Recorded, Text};
use northstar_kernel::{
    AchievementId, AwardId, CompetencyId, CredentialId, Digest, EventId, EvidenceId, LearnerId,
    Position, Sequence, Shard, ShareId, TenantId, Timestamp, Version, WalletClientId, WalletId,
};
use uuid::Uuid;

use crate::frozen_beside;

pub(crate) fn uuid(number: u128) -> Uuid {
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
        rule: None,
        further: Vec::new(),
        valid_days: 0,
    };
    let offered = achievement::Event::Offered {
        achievement: AchievementId::from_uuid(uuid(1)),
        competency: CompetencyId::from_uuid(uuid(2)),
        up_to: LearnerId::from_uuid(uuid(5)),
    };
    let mut examples = vec![
        ("achievement_defined.v1", achievement::Event::Defined(achievement).into()),
        ("achievement_offered.v1", offered.into()),
    ];
    examples.extend(keys().map(|(name, event)| (name, event.into())));
    examples
        .extend(lives().map(|(name, what)| (name, award::Event { claim: claim(), what }.into())));
    let courses =
        courses().map(|(name, what)| (name, award::Event { claim: claim(), what }.into()));
    examples.extend(courses);
    let stated = fact::Stated {
        learner: claim().learner,
        name: "dual_credit_technical".into(),
        times: 2,
        actor: "registrar".into(),
    };
    examples.push(("fact_stated.v1", stated.into()));
    let published = Published {
        edition: status::Edition { list: 2, epoch: 7, count: 40 },
        document: r#"{"id":"https://badges.example/t/front-range/status/2"}"#.into(),
    };
    let replaced = Replaced {
        key_name: "ed-2026-11".into(),
        from: Timestamp::from_micros(1_793_534_400_000_001),
        up_to: (claim().learner, claim().credential),
    };
    examples.extend(wallets());
    examples.extend(shares().map(|(name, event)| (name, event.into())));
    examples.extend(frozen_beside::examples());
    examples.push(("credentials_replaced.v1", replaced.into()));
    examples.extend(disclosures().map(|(name, event)| (name, event.into())));
    let set = status::RevocationList { published: true };
    examples.push(("revocation_list_set.v1", set.into()));
    examples.push(("review_window_set.v1", ReviewWindow { days: 14 }.into()));
    examples.push(("status_list_published.v1", published.into()));
    examples.sort_by_key(|(name, _)| *name);
    examples
}

fn disclosures() -> [(&'static str, disclosure::Event); 2] {
    let (Claim { credential, learner, .. }, edition) = (claim(), "0a0b".to_owned());
    let at = Timestamp::from_micros(1_793_534_400_000_001);
    let made = disclosure::Disclosable {
        credential,
        learner,
        edition: edition.clone(),
        key_name: "p256-2026-11".into(),
        document: r#"{"id":"urn:uuid:3"}"#.into(),
        at,
    };
    let disclosed = disclosure::Disclosure {
        credential,
        learner,
        edition,
        members: vec!["/credentialSubject/result".into(), "/name".into()],
        actor: "principal".into(),
        audience: "00000000-0000-0000-8000-000000000009:00ff".into(),
        at,
    };
    [
        ("credential_disclosed.v1", disclosure::Event::Disclosed(disclosed)),
        ("credential_made_disclosable.v1", disclosure::Event::Made(made)),
    ]
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

fn shares() -> [(&'static str, share::Event); 2] {
    let at = Timestamp::from_micros(1_793_534_400_000_001);
    let (id, credential) = (ShareId::from_uuid(uuid(10)), claim().credential);
    let opened = Share {
        id,
        credential,
        learner: claim().learner,
        token: Digest([7; 32]),
        until: Timestamp::from_micros(1_793_634_400_000_001),
        by: "guardian".into(),
        at,
    };
    let withdrawn = share::Event::Withdrawn { id, credential, by: "guardian".into(), at };
    [
        ("credential_share_withdrawn.v1", withdrawn),
        ("credential_shared.v1", share::Event::Opened(opened)),
    ]
}

fn wallets() -> [(&'static str, Event); 6] {
    let at = Timestamp::from_micros(1_793_534_400_000_001);
    let (wallet, client) = (WalletId::from_uuid(uuid(11)), WalletClientId::from_uuid(uuid(12)));
    let redirect = || "https://wallet.example/back".to_owned();
    let scopes = || vec![Scope::ReadCredentials, Scope::Offline];
    let digest = |byte| Digest([byte; 32]);
    let registered = Client {
        id: client,
        secret: digest(1),
        name: "A wallet".into(),
        host: "wallet.example".into(),
        redirect_uris: vec![redirect()],
        scopes: scopes(),
        metadata: "{}".into(),
        at,
    };
    let (learner, by) = (claim().learner, "guardian".to_owned());
    let offered = Offer { id: wallet, learner, code: digest(2), by, at };
    let (redirect_uri, challenge) = (redirect(), "challenge".to_owned());
    let (scopes, code) = (scopes(), digest(3));
    let accepted = Consent { wallet, client, scopes, redirect_uri, challenge, code, at };
    let given = Tokens { wallet, access: digest(4), refresh: digest(5), scopes: Vec::new(), at };
    let (why, by) = (End::Withdrawn, "guardian".to_owned());
    let ended = wallet::Event::Ended { wallet, why, by, at };
    let sealed = "00000000-0000-0000-8000-000000000009:00ff".to_owned();
    let received = Received { id: claim().credential, learner, wallet, sealed, at };
    [
        ("credential_received.v1", Event::Received(received)),
        ("wallet_accepted.v1", wallet::Event::Accepted(accepted).into()),
        ("wallet_client_registered.v1", Event::WalletClient(registered)),
        ("wallet_ended.v1", ended.into()),
        ("wallet_offered.v1", wallet::Event::Offered(offered).into()),
        ("wallet_tokens_given.v1", wallet::Event::TokensGiven(given).into()),
    ]
}

pub(crate) fn claim() -> Claim {
    Claim {
        credential: CredentialId::from_uuid(uuid(3)),
        award: AwardId::from_uuid(uuid(4)),
        learner: LearnerId::from_uuid(uuid(5)),
    }
}

/// What is earned at level 4; the first version knew less of it.
fn edition(version: u32) -> Edition {
    let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
    let first = version == 1;
    Edition {
        credential: claim().credential,
        place: (!first).then_some(Place { list: 2, index: 131_071 }),
        serial: if first { 0 } else { 300_000 },
        achievement: AchievementId::from_uuid(uuid(1)),
        achievement_name: "Responsibility".into(),
        achievement_version: if first { 1 } else { 3 },
        level: 4,
        decision: mastery_event(6),
        valid_from: if first { at(0) } else { at(1_793_534_400) },
        valid_until: (!first).then_some(at(1_893_534_400)),
        grounds: Grounds {
            competency: CompetencyId::from_uuid(uuid(2)),
            evidence: if first { vec![] } else { vec![EvidenceId::from_uuid(uuid(8))] },
            policy_hash: if first { String::new() } else { "0a".into() },
            criteria: if first { String::new() } else { "Mastery at level 3.".into() },
        },
        key_names: match first {
            true => vec!["es256-1".into()],
            false => vec!["ed-2026-11".into(), "p256-2026-11".into()],
        },
        document: if first { String::new() } else { r#"{"id":"urn:uuid:3"}"#.into() },
        token: "head.body.signature".into(),
    }
}

fn lives() -> [(&'static str, credential::Event); 10] {
    let at = Timestamp::from_micros(1_793_534_400_000_001);
    let reason = "00000000-0000-0000-8000-000000000009:00ff".to_owned();
    let by = || Person { actor: "principal".into(), reason: reason.clone() };
    let key = Order::KeyCompromised { key_name: "ed-2026-11".into(), from: at };
    let ended = |cause, at| credential::Event::Revoked { cause, at };
    let withdrawn = || Cause::MasteryWithdrawn(mastery_event(7));
    let until = Timestamp::from_micros(1_793_634_400_000_001);
    let decision = mastery_event(7);
    [
        ("credential_held.v1", credential::Event::HoldPlaced { by: by(), at }),
        ("credential_issued.v1", credential::Event::Issued(edition(1))),
        ("credential_issued.v2", credential::Event::Issued(edition(2))),
        ("credential_reinstated.v1", credential::Event::Reinstated { decision, at }),
        ("credential_released.v1", credential::Event::HoldLifted { by: by(), at }),
        ("credential_renewed.v2", credential::Event::Renewed(edition(2))),
        ("credential_review_opened.v1", credential::Event::ReviewOpened { decision, until, at }),
        ("credential_revoked.v1", ended(withdrawn(), Timestamp::from_micros(0))),
        ("credential_revoked.v2", ended(Cause::Ordered(key), at)),
        ("credential_superseded.v2", credential::Event::Superseded(edition(2))),
    ]
}

fn courses() -> [(&'static str, credential::Event); 5] {
    let at = Timestamp::from_micros(1_793_534_400_000_001);
    let due = Timestamp::from_micros(1_793_534_400_000_000);
    let reason = "00000000-0000-0000-8000-000000000009:00ff".to_owned();
    let by = Person { actor: "principal".into(), reason };
    let achievement = AchievementId::from_uuid(uuid(1));
    let (parts, facts) = (vec![AchievementId::from_uuid(uuid(10))], vec!["hours".to_owned()]);
    let came = |moment| credential::Event::Came { moment, due, at };
    [
        ("credential_expired.v1", came(Moment::End)),
        ("credential_renewal_due.v1", came(Moment::Renewal)),
        ("credential_requested.v1", credential::Event::Requested { achievement, by, at }),
        ("credential_resumed.v1", credential::Event::Resumed { at }),
        ("credential_suspended.v1", credential::Event::Suspended { parts, facts, at }),
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
    // Nobody writes these any more.
    let old = ["credential_issued.v1", "credential_revoked.v1"];
    for (name, event) in examples().into_iter().filter(|(name, _)| !old.contains(name)) {
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
        (recorded("credential_issued", 3, frozen.clone()), "version 3"),
        (recorded("credential_issued", 2, frozen.clone()), "valid_from is missing"),
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
