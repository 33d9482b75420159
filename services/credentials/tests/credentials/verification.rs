//! Each thing that can be wrong with a credential fails at the check that is named for it.

use northstar_credentials_proof::{SecretKey, jws};
use serde_json::{Value, json};

use crate::badge;
use crate::region::{FRONT_RANGE, Region, achievement, learner};

const RES: &str = "responsibility";

/// A region, and the credential of `s1` in it: its document, and its token.
async fn issued() -> (Region, Value, String) {
    let region = Region::running().await;
    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    region.mastery(learner("s1"), RES, 3, true).await;
    region.settled().await;
    let credential = region.credentials_of(learner("s1")).await.remove(0);
    let document = serde_json::from_str(&credential.document).expect("JSON");
    (region, document, credential.compact_jws)
}

/// Something that is done to a document behind its issuer's back.
type Change = fn(&mut Value);

/// Paths of everything in the document that is not itself an object or array.
fn leaves(value: &Value, path: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| leaves(value, format!("{path}/{name}"), found));
        }
        Value::Array(members) => {
            let numbered = members.iter().enumerate();
            numbered.for_each(|(at, value)| leaves(value, format!("{path}/{at}"), found));
        }
        _ => found.push(path),
    }
}

#[tokio::test]
async fn no_member_can_be_changed_under_either_signature() {
    let (region, document, token) = issued().await;
    assert_eq!(region.failed_check_of(&document).await, None);
    let mut paths = Vec::new();
    leaves(&document, String::new(), &mut paths);
    assert!(paths.len() > 30, "{}", paths.len());
    for path in paths {
        let mut changed = document.clone();
        let leaf = changed.pointer_mut(&path).expect("a leaf");
        *leaf = json!(format!("{}x", leaf.as_str().unwrap_or_default()));
        assert!(region.failed_check_of(&changed).await.is_some(), "{path}");
        if let Some(leaf) = badge::payload(&token).pointer(&path) {
            let mut payload = badge::payload(&token);
            *payload.pointer_mut(&path).expect("a leaf") = json!(format!("{leaf}x"));
            let changed = badge::with_payload(&token, &payload);
            assert!(region.failed_check(&changed).await.is_some(), "{path}");
        }
    }
}

#[tokio::test]
async fn each_thing_fails_at_its_own_check() {
    let (region, document, _) = issued().await;
    let wrong: [(&str, Change); 6] = [
        ("form", |d| d["addition"] = json!("unknown")),
        ("form", |d| {
            d["@context"] = json!(["https://www.w3.org/ns/credentials/v2", {"a": "urn:a"}]);
        }),
        ("arithmetic", |d| d["credentialSubject"]["result"][0]["value"] = json!("4")),
        ("arithmetic", |d| {
            d.as_object_mut().expect("an object").remove("credentialStatus");
        }),
        ("arithmetic", |d| d["issuer"]["id"] = json!("did:web:elsewhere.example")),
        ("arithmetic", |d| d["validFrom"] = json!("2020-01-01T00:00:00Z")),
    ];
    for (expected, change) in wrong {
        let mut changed = document.clone();
        change(&mut changed);
        let failed = region.failed_check_of(&changed).await;
        assert_eq!(failed.as_deref(), Some(expected), "{changed}");
    }
}

#[tokio::test]
async fn a_strangers_key_under_the_issuers_name_proves_nothing() {
    let (region, _, token) = issued().await;
    let stranger = SecretKey::p256(&[9; 32]).expect("a scalar");
    let payload = badge::payload(&token);
    let named = region.issuer().await.keys[1].key_name.clone();
    let method = format!("did:web:localhost%3A7402:t:{FRONT_RANGE}#{named}-jwk");
    let forged = jws::sign(&stranger, &method, &payload).expect("JSON");
    assert_eq!(region.failed_check(&forged).await.as_deref(), Some("arithmetic"));
    let unlisted = jws::sign(&stranger, &method.replace(&named, "p256-1999-01"), &payload);
    assert!(region.failed_check(&unlisted.expect("JSON")).await.is_some());
}

#[tokio::test]
async fn what_was_revoked_fails_at_its_status_in_both_forms() {
    let (region, document, token) = issued().await;
    region.mastery(learner("s1"), RES, 1, false).await;
    region.settled().await;
    assert_eq!(region.failed_check_of(&document).await.as_deref(), Some("status"));
    assert_eq!(region.failed_check(&token).await.as_deref(), Some("status"));
}
