//! What is read, and what is refused before anything else is looked at.

use northstar_credentials_proof::verifier::{Name, Outcome, Status, Terms, verify};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::fixture::{
    against, claims, failed, look, look_at_token, look_in, named, now, p256, rich, signed, token,
    world,
};

#[test]
fn what_cannot_be_read_fails_at_its_form_and_nothing_else_is_looked_at() {
    let badge = signed(&named("a small badge")).to_string();
    let twice = badge.replacen("\"name\"", "\"id\":\"urn:x\",\"name\"", 1);
    let deep = format!("{}{}", "{\"a\":".repeat(200), "1".to_owned() + &"}".repeat(200));
    let cut = &badge[..badge.len() - 1];
    for text in ["", "{", "[]", "7", "null", "{}", "a.b.c", "not a credential", &twice, &deep, cut]
    {
        let report = verify(text.as_bytes(), &world(), &Terms::at(now()));
        assert_eq!(failed(&report), [Name::Form], "{text}");
        assert_eq!(report.checks.len(), 8);
        let others = report.checks.iter().skip(1);
        assert!(others.into_iter().all(|check| check.outcome == Outcome::Unknown));
        assert_eq!(report.credential, None);
    }
    assert_eq!(failed(&verify(b"\xff{}", &world(), &Terms::at(now()))), [Name::Form]);
}

#[test]
fn the_claims_of_a_token_must_say_what_its_members_say() {
    let wrong: [fn(&mut Value); 12] = [
        |p| p["iss"] = json!("did:web:other.example"),
        |p| p["jti"] = json!("urn:uuid:00000000-0000-0000-0000-000000000000"),
        |p| p["sub"] = json!("urn:uuid:00000000-0000-0000-0000-000000000000"),
        |p| drop(p.as_object_mut().unwrap().remove("sub")),
        |p| drop(p.as_object_mut().unwrap().remove("nbf")),
        |p| p["nbf"] = json!(1_767_603_001),
        |p| p["nbf"] = json!("1768464000"),
        |p| p["nbf"] = json!(1_768_464_000.5),
        |p| p["exp"] = json!(1),
        |p| drop(p.as_object_mut().unwrap().remove("exp")),
        |p| p["vc"] = json!({}),
        |p| p["proof"] = signed(&named("a small badge"))["proof"].clone(),
    ];
    for (case, change) in wrong.into_iter().enumerate() {
        let mut payload = claims(&rich());
        change(&mut payload);
        let report = look_at_token(&token(&payload, &p256(), "p256"));
        assert_eq!(failed(&report), [Name::Form], "case {case}");
    }
}

#[test]
fn a_credential_without_proof_or_with_one_that_is_not_known_fails_at_the_arithmetic() {
    let bare = named("a small badge");
    assert_eq!(failed(&look(&bare)), [Name::Arithmetic]);
    let mut strange = signed(&bare);
    strange["proof"]["cryptosuite"] = "bbs-2023".into();
    assert_eq!(failed(&look(&strange)), [Name::Arithmetic]);
    let mut many = signed(&bare);
    many["proof"] = vec![many["proof"].clone(); 9].into();
    assert!(failed(&look(&many)).contains(&Name::Arithmetic));
}

#[test]
fn of_several_proofs_all_must_be_sound() {
    let badge = named("a small badge");
    let mut both = signed(&badge);
    let proof = both["proof"].clone();
    both["proof"] = json!([proof, proof]);
    assert!(look(&both).verified);
    both["proof"][1]["created"] = "2026-01-16T08:00:00Z".into();
    assert_eq!(failed(&look(&both)), [Name::Arithmetic]);
}

#[test]
fn status_is_what_the_list_says_or_not_known() {
    let badge = signed(&rich());
    let mut world = world();
    for (status, outcome) in [
        (Status::Holds, None),
        (Status::Ended("revoked".into()), Some(Outcome::Failed)),
        (Status::Malformed("no list".into()), Some(Outcome::Failed)),
        (Status::Unknown("not at hand".into()), Some(Outcome::Unknown)),
    ] {
        world.status = status;
        let report = look_in(&badge, &world);
        let expected: Vec<_> = outcome.map(|outcome| (Name::Status, outcome)).into_iter().collect();
        assert_eq!((against(&report), report.verified), (expected, outcome.is_none()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn changed_bytes_never_verify_and_never_panic(
        token_form: bool,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let badge = named("a small badge");
        let text = if token_form {
            token(&claims(&badge), &p256(), "p256")
        } else {
            signed(&badge).to_string()
        };
        let mut bytes = text.clone().into_bytes();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let same = |bytes: &[u8]| {
            let value = serde_json::from_slice::<Value>(bytes).ok();
            value.is_some() && value == serde_json::from_str(&text).ok()
        };
        prop_assume!(bytes != text.as_bytes() && !same(&bytes));
        let report = verify(&bytes, &world(), &Terms::at(now()));
        prop_assert!(!report.verified, "{}", String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_bytes_are_looked_at(bytes: Vec<u8>) {
        prop_assert!(!verify(&bytes, &world(), &Terms::at(now())).verified);
    }
}
