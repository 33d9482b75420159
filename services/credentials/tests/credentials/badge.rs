//! One achievement, one issuer, one key, and credentials made of them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use northstar_credentials::standard::did_web::Did;
use northstar_credentials::standard::open_badges::{
    AchievementCredential, Level, Reached, Statement,
};
use northstar_credentials::standard::status::Entry;
use northstar_credentials::standard::vc_jwt;
use northstar_credentials_domain::achievement::{Achievement, Alignment};
use northstar_credentials_domain::award::MasteryEvent;
use northstar_credentials_domain::credential::Grounds;
use northstar_credentials_domain::status::Place;
use northstar_credentials_proof::SecretKey;
use northstar_kernel::{
    CompetencyId, CredentialId, EventId, EvidenceId, LevelId, Sequence, TenantId, Timestamp,
};
use serde_json::Value;
use uuid::Uuid;

/// When the credentials are from: 2026-01-05T08:50:00.5Z.
pub(crate) const ISSUED: Timestamp = Timestamp::from_micros(1_767_603_000_500_000);

/// Pseudonym of the learner.
pub(crate) const SUBJECT: Uuid = Uuid::from_u128(0x5ab1);

/// The tenant whose credentials they are.
pub(crate) fn tenant() -> TenantId {
    TenantId::from_slug("front-range")
}

/// Something to earn at level 3.
pub(crate) fn achievement() -> Achievement {
    Achievement {
        id: Achievement::id_of(tenant(), "responsibility-3"),
        key: "responsibility-3".into(),
        name: "Responsibility, proficient".into(),
        description: "Keeps commitments to others.".into(),
        criteria: "Mastery of Responsibility at level 3 or above.".into(),
        alignment: Alignment {
            competency: CompetencyId::derive(tenant(), "res"),
            code: "NS.RES".into(),
            name: "Responsibility".into(),
            uri: "https://frameworks.example/items/res".into(),
        },
        required_level: 3,
        rule: None,
        further: Vec::new(),
        valid_days: 0,
    }
}

/// Who signs.
pub(crate) fn issuer() -> Did {
    Did::of_tenant(&"badges.example:8443".parse().expect("a host"), "front-range")
}

/// What it is signed with.
pub(crate) fn key() -> SecretKey {
    SecretKey::p256(&[0x2a; 32]).expect("a scalar")
}

/// Where its bit is.
pub(crate) fn entry() -> Entry {
    Entry::new("https://badges.example/t/front-range/status/0".into(), Place { list: 0, index: 7 })
}

/// What was reached: the third of four rungs.
pub(crate) fn reached() -> Reached {
    let level = |name: &str| Level {
        id: LevelId::derive(tenant(), name).uuid(),
        name: name.into(),
        description: format!("{name}, as it looks."),
    };
    Reached {
        competency: achievement().alignment.competency,
        name: achievement().alignment.name,
        needed: 3,
        held: Some(3),
        scale: ["Emerging", "Developing", "Proficient", "Advanced"].map(level).into(),
    }
}

/// The decision that earned it.
pub(crate) fn decision() -> MasteryEvent {
    MasteryEvent { id: EventId::derive(tenant(), "decision"), sequence: Sequence(1) }
}

/// What that rests on.
pub(crate) fn grounds() -> Grounds {
    Grounds {
        competency: achievement().alignment.competency,
        evidence: ["first", "second"].map(|key| EvidenceId::derive(tenant(), key)).into(),
        policy_hash: "0a".repeat(32),
        criteria: achievement().criteria,
    }
}

/// A signed credential for `achievement`.
pub(crate) fn sign(achievement: &Achievement) -> String {
    let credential = AchievementCredential::new(&Statement {
        credential: CredentialId::derive(tenant(), "first"),
        subject: SUBJECT,
        issuer: &issuer(),
        issuer_name: "Front Range Network",
        valid_from: ISSUED,
        valid_until: None,
        achievement,
        version: 1,
        reached: &[reached()],
        decision: decision(),
        grounds: &grounds(),
        status: Some(&entry()),
    });
    vc_jwt::sign(&key(), &issuer().method("es256-1"), &credential).expect("JSON")
}

/// What a compact form says.
pub(crate) fn payload(compact: &str) -> Value {
    let part = compact.split('.').nth(1).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
}
