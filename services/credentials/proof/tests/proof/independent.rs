//! Credentials signed by independent software verify, and ours are the same bytes where theirs are
//! determined.

use northstar_credentials_proof::jws::Compact;
use northstar_credentials_proof::{ProofError, PublicKey, Suite, secure};
use serde_json::Value;

use crate::documents::{LIMITS, OPTIONS, check, ed25519, independent, named, p256};

fn credentials() -> Vec<(String, Value)> {
    let vectors = independent();
    let made = vectors["credentials"].as_array().unwrap().iter();
    made.map(|one| (one["name"].as_str().unwrap().to_owned(), one["secured"].clone())).collect()
}

/// The key of this name in the issuer's document.
fn key(method: &str) -> PublicKey {
    let vectors = independent();
    let mut methods = vectors["documents"][0]["verificationMethod"].as_array().unwrap().iter();
    let method = methods.find(|one| one["id"] == method).unwrap();
    match method["publicKeyMultibase"].as_str() {
        Some(multibase) => PublicKey::from_multibase(multibase).unwrap(),
        None => PublicKey::from_jwk(&method["publicKeyJwk"]).unwrap(),
    }
}

#[test]
fn all_of_them_verify_by_the_key_that_they_name() {
    let (mut proofs, mut tokens) = (0, 0);
    for (name, secured) in credentials() {
        let outcome = match secured.as_str() {
            Some(text) => {
                tokens += 1;
                let compact = Compact::parse(text, &LIMITS).unwrap();
                compact.verify(&key(compact.method.as_ref().unwrap()))
            }
            None => {
                proofs += 1;
                check(&secured, &key(secured["proof"]["verificationMethod"].as_str().unwrap()))
            }
        };
        assert_eq!(outcome, Ok(()), "{name}");
    }
    assert_eq!((proofs, tokens), (9, 4));
}

#[test]
fn by_another_key_none_of_them_verifies() {
    let strangers = [
        northstar_credentials_proof::SecretKey::ed25519(&[9; 32]).public(),
        northstar_credentials_proof::SecretKey::p256(&[9; 32]).unwrap().public(),
    ];
    for (name, secured) in credentials().into_iter().filter(|(_, one)| one.is_object()) {
        for stranger in &strangers {
            let error = check(&secured, stranger).unwrap_err();
            let expected = matches!(error, ProofError::Unsound(_) | ProofError::WrongKey { .. });
            assert!(expected, "{name}: {error}");
        }
    }
}

#[test]
fn ed25519_leaves_no_choice_so_ours_are_the_same_bytes() {
    let all = credentials();
    for (document, suite) in [
        ("a small badge", Suite::EddsaRdfc2022),
        ("a rich badge", Suite::EddsaRdfc2022),
        ("a small badge", Suite::EddsaJcs2022),
        ("a rich badge", Suite::EddsaJcs2022),
    ] {
        let ours = secure(&named(document), suite, &OPTIONS, &ed25519(), &LIMITS).unwrap();
        let name = format!("{document}, {}", suite.name());
        let theirs = all.iter().find(|(one, _)| *one == name).unwrap();
        assert_eq!(ours["proof"], theirs.1["proof"], "{name}");
    }
}

#[test]
fn the_keys_are_the_ones_in_the_issuers_document() {
    for (name, ours) in [("ed-2026-01", ed25519()), ("p256-2026-01", p256())] {
        let method = format!("did:web:badges.example:t:north#{name}");
        assert_eq!(key(&method), ours.public());
        assert_eq!(key(&format!("{method}-jwk")), ours.public());
    }
}
