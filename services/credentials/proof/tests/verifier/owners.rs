//! A sound signature and the issuer's key are two things.

use northstar_credentials_proof::SecretKey;
use northstar_credentials_proof::verifier::{Name, Outcome, Sources as _, Terms, verify};
use serde_json::{Value, json};

use crate::fixture::{
    ISSUER, against, claims, ed25519, failed, look, look_at_token, look_in, named, now, p256,
    signed, signed_as, token, world,
};

fn small() -> Value {
    named("a small badge")
}

#[test]
fn the_issuers_listed_key_passes() {
    let report = look(&signed(&small()));
    assert!(report.verified, "{report:?}");
    assert_eq!(report.check(Name::Status).unwrap().outcome, Outcome::Absent);
}

#[test]
fn without_the_issuers_document_nothing_is_known() {
    let mut world = world();
    world.documents.clear();
    let report = look_in(&signed(&small()), &world);
    let unknown = [(Name::Arithmetic, Outcome::Unknown), (Name::KeyOwner, Outcome::Unknown)];
    assert_eq!(against(&report), unknown);
    assert!(!report.verified);
}

/// Other verifiers believe it: `did:web:victim#z6Mk…`.
#[test]
fn a_key_in_the_fragment_shows_a_sound_signature_and_no_owner() {
    let stranger = SecretKey::ed25519(&[9; 32]);
    let method = format!("{ISSUER}#{}", stranger.public().multibase().unwrap());
    let forged = signed_as(&small(), &method, &stranger);
    let mut world = world();
    assert_eq!(
        against(&look_in(&forged, &world)),
        [(Name::Arithmetic, Outcome::Unknown), (Name::KeyOwner, Outcome::Failed),]
    );
    world.documents.clear();
    let report = look_in(&forged, &world);
    assert_eq!(against(&report), [(Name::KeyOwner, Outcome::Unknown)]);
    assert_eq!(report.check(Name::Arithmetic).unwrap().outcome, Outcome::Passed);
    assert!(report.check(Name::KeyOwner).unwrap().detail.contains("unproven"));
    assert!(!report.verified);
}

#[test]
fn somebody_elses_key_is_not_the_issuers_however_sound() {
    let stranger = SecretKey::ed25519(&[9; 32]);
    let key = stranger.public().multibase().unwrap();
    for method in [format!("did:key:{key}"), format!("did:key:{key}#{key}")] {
        let report = look(&signed_as(&small(), &method, &stranger));
        assert_eq!(against(&report), [(Name::KeyOwner, Outcome::Failed)]);
        let mut own = small();
        own["issuer"]["id"] = format!("did:key:{key}").into();
        assert!(look(&signed_as(&own, &method, &stranger)).verified);
    }
    let wrong = format!("did:key:{key}#other");
    assert!(failed(&look(&signed_as(&small(), &wrong, &stranger))).contains(&Name::KeyOwner));
}

/// What is wrong with the issuer's document, and what of it is seen.
#[test]
fn the_document_must_list_the_key_for_assertions_as_its_own() {
    let wrong: [fn(&mut Value); 8] = [
        |d| d["id"] = json!("did:web:other.example"),
        |d| d["assertionMethod"] = json!([]),
        |d| d["assertionMethod"] = json!(7),
        |d| d["verificationMethod"][0]["controller"] = json!("did:web:other.example"),
        |d| drop(d["verificationMethod"][0].as_object_mut().unwrap().remove("controller")),
        |d| d["verificationMethod"][0]["revoked"] = json!("2026-05-01T00:00:00Z"),
        |d| d["verificationMethod"][0]["publicKeyMultibase"] = json!("z6Mk"),
        |d| d["verificationMethod"] = json!(null),
    ];
    for (case, change) in wrong.into_iter().enumerate() {
        let mut world = world();
        change(world.documents.get_mut(ISSUER).unwrap());
        let report = look_in(&signed(&small()), &world);
        assert!(failed(&report).contains(&Name::KeyOwner), "case {case}: {report:?}");
    }
}

#[test]
fn the_document_may_embed_its_methods_name_them_relatively_and_write_them_as_jwk() {
    let right: [fn(&mut Value); 4] = [
        |d| d["assertionMethod"] = d["verificationMethod"].clone(),
        |d| {
            d["verificationMethod"][0]["id"] = json!("#ed");
            d["assertionMethod"][0] = json!("#ed");
        },
        |d| {
            let method = d["verificationMethod"][0].as_object_mut().unwrap();
            method.remove("publicKeyMultibase");
            method.insert("publicKeyJwk".into(), ed25519().public().jwk());
        },
        |d| d["verificationMethod"][0]["revoked"] = json!("2026-07-01T00:00:00Z"),
    ];
    for (case, change) in right.into_iter().enumerate() {
        let mut world = world();
        change(world.documents.get_mut(ISSUER).unwrap());
        let report = look_in(&signed(&small()), &world);
        assert!(report.verified, "case {case}: {report:?}");
    }
}

#[test]
fn another_key_under_the_issuers_name_fails_at_the_arithmetic() {
    let stranger = SecretKey::ed25519(&[9; 32]);
    let report = look(&signed_as(&small(), &format!("{ISSUER}#ed"), &stranger));
    assert_eq!(against(&report), [(Name::Arithmetic, Outcome::Failed)]);
}

#[test]
fn tokens_name_their_keys_wholly_or_by_what_follows_the_issuer() {
    let payload = claims(&small());
    for (key, name) in [(p256(), "p256"), (ed25519(), "ed")] {
        assert!(look_at_token(&token(&payload, &key, name)).verified);
    }
    let stranger = SecretKey::p256(&[9; 32]).unwrap();
    let report = look_at_token(&token(&payload, &stranger, "p256"));
    assert_eq!(failed(&report), [Name::Arithmetic]);
    let report = look_at_token(&token(&payload, &stranger, "p256-2"));
    assert_eq!(failed(&report), [Name::KeyOwner]);
    for name in ["p256", "#p256"] {
        let text = northstar_credentials_proof::jws::sign(&p256(), name, &payload).unwrap();
        assert!(look_at_token(&text).verified, "{name}");
    }
}

#[test]
fn only_issuers_that_are_accepted_pass_the_policy() {
    let terms = |issuers: &[&str]| Terms {
        issuers: Some(issuers.iter().map(|one| (*one).to_owned()).collect()),
        ..Terms::at(now())
    };
    let badge = signed(&small()).to_string();
    assert!(verify(badge.as_bytes(), &world(), &terms(&[ISSUER])).verified);
    let report = verify(badge.as_bytes(), &world(), &terms(&["did:web:other.example"]));
    assert_eq!(against(&report), [(Name::Policy, Outcome::Failed)]);
    let mut terms = Terms::at(now());
    terms.suites.clear();
    let report = verify(badge.as_bytes(), &world(), &terms);
    assert_eq!(against(&report), [(Name::Policy, Outcome::Failed)]);
    assert!(world().document("did:web:other.example").is_none());
}
