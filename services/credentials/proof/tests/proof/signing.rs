//! What is signed is determined, and no member can be changed under the signature.

use northstar_credentials_canonical::Reason;
use northstar_credentials_proof::{Options, ProofError, Suite, secure};
use serde_json::{Value, json};

use crate::documents::{LIMITS, OPTIONS, check, ed25519, leaves, named, p256};

fn signed(suite: Suite) -> Value {
    secure(&named("a rich badge"), suite, &OPTIONS, &ed25519(), &LIMITS).unwrap()
}

const SUITES: [Suite; 2] = [Suite::EddsaRdfc2022, Suite::EddsaJcs2022];

#[test]
fn the_same_document_gets_the_same_proof_and_another_another() {
    for suite in SUITES {
        assert_eq!(signed(suite), signed(suite));
        let later = Options { created: "2026-01-16T08:00:00Z", ..OPTIONS };
        let again = secure(&signed(suite), suite, &later, &ed25519(), &LIMITS).unwrap();
        assert_ne!(again["proof"]["proofValue"], signed(suite)["proof"]["proofValue"]);
        check(&again, &ed25519().public()).unwrap();
    }
}

#[test]
fn no_member_can_be_changed_under_a_proof() {
    for suite in SUITES {
        let document = signed(suite);
        let places = leaves(&document);
        assert!(places.len() > 80, "{}", places.len());
        for place in places {
            let mut changed = document.clone();
            let leaf = changed.pointer_mut(&place).unwrap();
            *leaf = match &*leaf {
                Value::String(text) if place.contains("/@context") => format!("{text}x").into(),
                Value::String(text) if text.contains(':') => format!("{text}1").into(),
                Value::String(_) => "changed".into(),
                Value::Bool(value) => (!*value).into(),
                _ => 7.into(),
            };
            assert!(check(&changed, &ed25519().public()).is_err(), "{place}");
        }
    }
}

#[test]
fn no_member_can_be_taken_out_or_put_in_under_a_proof() {
    for suite in SUITES {
        let document = signed(suite);
        for name in document.as_object().unwrap().keys().filter(|name| *name != "proof") {
            let mut less = document.clone();
            less.as_object_mut().unwrap().remove(name);
            assert!(check(&less, &ed25519().public()).is_err(), "{name}");
        }
        for (name, value) in [
            ("awardedDate", json!("2026-01-15T08:00:00Z")),
            ("https://www.w3.org/2018/credentials#validUntil", json!("2099-01-01T00:00:00Z")),
            ("unknown", json!(1)),
        ] {
            let mut more = document.clone();
            more[name] = value;
            assert!(check(&more, &ed25519().public()).is_err(), "{name}");
        }
    }
}

#[test]
fn members_of_the_proof_itself_are_signed() {
    for suite in SUITES {
        for (name, value) in [
            ("created", json!("2026-01-15T08:00:01Z")),
            ("proofPurpose", json!("authentication")),
            ("verificationMethod", json!("did:web:evil.example#ed-2026-01")),
            ("expires", json!("2099-01-01T00:00:00Z")),
            ("domain", json!("evil.example")),
        ] {
            let mut changed = signed(suite);
            changed["proof"][name] = value;
            assert!(check(&changed, &ed25519().public()).is_err(), "{name}");
        }
    }
}

#[test]
fn a_document_outside_the_closed_world_is_not_signed() {
    for suite in SUITES {
        let mut document = named("a small badge");
        document["invented"] = 1.into();
        let error = secure(&document, suite, &OPTIONS, &ed25519(), &LIMITS).unwrap_err();
        let ProofError::Refused(refusal) = error else { panic!("{error}") };
        assert_eq!((refusal.reason, &*refusal.pointer), (Reason::UnknownTerm, "/invented"));
    }
}

#[test]
fn a_key_of_another_kind_signs_nothing() {
    for suite in SUITES {
        let error = secure(&named("a small badge"), suite, &OPTIONS, &p256(), &LIMITS);
        assert!(matches!(error, Err(ProofError::WrongKey { .. })));
    }
    let suite = Suite::EcdsaSd2023;
    secure(&named("a small badge"), suite, &OPTIONS, &p256(), &LIMITS).unwrap_err();
}
