//! Endorsements and the badges of a record are verified like any other.

use northstar_credentials_proof::SecretKey;
use northstar_credentials_proof::verifier::{Name, Outcome, Report, Status, Terms, verify_beside};
use serde_json::{Value, json};

use crate::fixture::{
    ISSUER, World, against, claims, document, failed, look_in, named, rich, signed, signed_as,
    world,
};

const ACCREDITOR: &str = "https://accreditor.example";

fn accreditor() -> SecretKey {
    SecretKey::ed25519(&[5; 32])
}

fn informed() -> World {
    let mut world = world();
    let document = document(ACCREDITOR, &[("key", &accreditor())]);
    world.documents.insert(ACCREDITOR.into(), document);
    world
}

/// Signed by the accreditor.
fn endorsement(about: &str) -> Value {
    let mut endorsement = named("endorsed and proven")["endorsement"][0].clone();
    endorsement.as_object_mut().unwrap().remove("proof");
    endorsement["credentialSubject"]["id"] = about.into();
    signed_as(&endorsement, &format!("{ACCREDITOR}#key"), &accreditor())
}

fn endorsed(by: Value) -> Value {
    let mut badge = named("a small badge");
    badge["endorsement"] = json!([by]);
    signed(&badge)
}

#[test]
fn a_sound_endorsement_of_something_in_the_badge_passes() {
    let achievement = named("a small badge")["credentialSubject"]["achievement"]["id"].clone();
    for about in [ISSUER, achievement.as_str().unwrap()] {
        let report = look_in(&endorsed(endorsement(about)), &informed());
        assert!(report.verified, "{report:?}");
        assert_eq!(report.check(Name::Endorsements).unwrap().outcome, Outcome::Passed);
    }
}

#[test]
fn an_endorsement_as_token_is_read_too() {
    let mut about = named("endorsed and proven")["endorsement"][0].clone();
    about.as_object_mut().unwrap().remove("proof");
    let name = format!("{ACCREDITOR}#key");
    let token = northstar_credentials_proof::jws::sign(&accreditor(), &name, &claims(&about));
    let mut badge = named("a small badge");
    badge["endorsementJwt"] = json!([token.unwrap()]);
    assert!(look_in(&signed(&badge), &informed()).verified);
    badge["endorsementJwt"] = json!(["eyJ.eyJ.sig"]);
    assert_eq!(failed(&look_in(&signed(&badge), &informed())), [Name::Endorsements]);
}

#[test]
fn an_endorsement_of_something_else_or_forged_or_by_an_unknown_fails_there_and_only_there() {
    let elsewhere = endorsed(endorsement("did:web:other.example"));
    assert_eq!(failed(&look_in(&elsewhere, &informed())), [Name::Endorsements]);
    let mut forged = endorsement(ISSUER);
    forged["credentialSubject"]["endorsementComment"] = "The best there is".into();
    let report = look_in(&endorsed(forged), &informed());
    assert_eq!(failed(&report), [Name::Endorsements]);
    let detail = &report.check(Name::Endorsements).unwrap().detail;
    assert!(detail.starts_with("/endorsement/0: arithmetic: "), "{detail}");
    let report = look_in(&endorsed(endorsement(ISSUER)), &world());
    assert_eq!(against(&report), [(Name::Endorsements, Outcome::Unknown)]);
}

fn record(badges: Vec<Value>) -> Value {
    let mut record = named("a learner record");
    let subject = &mut record["credentialSubject"];
    subject["verifiableCredential"] = badges.into();
    // The vector's own are kept short, for canonical forms alone.
    let members = subject.as_object_mut().unwrap();
    members.remove("achievement");
    members.remove("identifier");
    signed(&record)
}

#[test]
fn a_record_is_as_good_as_each_of_its_badges() {
    let mut world = world();
    let record_of_two = record(vec![signed(&named("a small badge")), signed(&rich())]);
    let now = "2026-07-01T00:00:00Z";
    let look = |record: &Value, world: &World| {
        let terms = northstar_credentials_proof::verifier::Terms::at(now.parse().unwrap());
        let bytes = record.to_string();
        northstar_credentials_proof::verifier::verify(bytes.as_bytes(), world, &terms)
    };
    let report = look(&record_of_two, &world);
    assert!(report.verified, "{report:?}");
    let carried = |report: &Report| -> Vec<(String, bool)> {
        report.carried.iter().map(|one| (one.place.clone(), one.verified)).collect()
    };
    let places = [0, 1].map(|number| format!("/credentialSubject/verifiableCredential/{number}"));
    assert_eq!(carried(&report), [(places[0].clone(), true), (places[1].clone(), true)]);
    assert_eq!(report.carried[0].id, named("a small badge")["id"]);
    assert!(report.carried.iter().all(|one| one.checks.len() == 8));
    world.status = Status::Ended("revoked".into());
    let report = look(&record_of_two, &world);
    assert_eq!(failed(&report), [Name::Endorsements]);
    assert!(carried(&report).contains(&(places[1].clone(), false)), "the one that ended");
    let detail = &report.check(Name::Endorsements).unwrap().detail;
    assert!(detail.contains("/verifiableCredential/1: status: revoked"), "{detail}");
    let bare = record(vec![crate::fixture::named("a small badge")]);
    assert_eq!(failed(&look(&bare, &world)), [Name::Endorsements]);
}

#[test]
fn endorsements_handed_beside_count_as_if_they_were_inside() {
    let badge = signed(&named("a small badge")).to_string();
    let look = |endorsement: &Value, world: &World| {
        let endorsement = endorsement.to_string();
        let terms = Terms::at(crate::fixture::now());
        verify_beside(badge.as_bytes(), &[endorsement.as_bytes()], world, &terms)
    };
    let own = named("a small badge")["id"].as_str().unwrap().to_owned();
    let report = look(&endorsement(&own), &informed());
    assert!(report.verified, "{report:?}");
    assert_eq!((report.carried.len(), report.carried[0].place.as_str()), (1, "beside/0"));
    let mut forged = endorsement(&own);
    forged["credentialSubject"]["endorsementComment"] = "The best there is".into();
    let report = look(&forged, &informed());
    assert_eq!(failed(&report), [Name::Endorsements]);
    assert!(!report.carried[0].verified);
    assert_eq!(failed(&look(&endorsement("urn:uuid:1"), &informed())), [Name::Endorsements]);
    let report = look(&endorsement(&own), &world());
    assert_eq!(against(&report), [(Name::Endorsements, Outcome::Unknown)]);
    let report = look(&json!("nonsense"), &informed());
    assert_eq!(failed(&report), [Name::Endorsements]);
}

#[test]
fn endorsements_beside_a_record_may_be_of_its_badges() {
    let badge = signed(&named("a small badge"));
    let record = record(vec![badge.clone()]).to_string();
    let of_the_badge = endorsement(badge["id"].as_str().unwrap()).to_string();
    let terms = Terms::at("2026-07-01T00:00:00Z".parse().unwrap());
    let report = verify_beside(record.as_bytes(), &[of_the_badge.as_bytes()], &informed(), &terms);
    assert!(report.verified, "{report:?}");
}

#[test]
fn credentials_are_not_carried_in_one_another_for_ever() {
    let mut innermost = endorsement(ISSUER);
    for number in 0..5 {
        let mut outer = named("endorsed and proven")["endorsement"][0].clone();
        outer.as_object_mut().unwrap().remove("proof");
        outer["id"] = format!("urn:uuid:55555555-0000-4000-8000-00000000001{number}").into();
        outer["issuer"]["endorsement"] = json!([innermost]);
        innermost = signed_as(&outer, &format!("{ACCREDITOR}#key"), &accreditor());
    }
    let report = look_in(&endorsed(innermost), &informed());
    assert_eq!(failed(&report), [Name::Endorsements]);
    assert!(report.check(Name::Endorsements).unwrap().detail.contains("too deep"));
}
