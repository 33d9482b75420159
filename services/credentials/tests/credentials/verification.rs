//! Each thing that can be wrong with a credential fails at the check that is named for it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use northstar_credentials::standard::did_web::Did;
use northstar_credentials::standard::vc_jwt::{Report, verify};
use northstar_credentials_proof::{SecretKey, jws};
use northstar_kernel::{CredentialId, Timestamp};
use serde_json::{Value, json};

use crate::badge;

const DAY: i64 = 86_400_000_000;

fn at(compact: &str, micros_later: i64) -> Report {
    let now = Timestamp::from_micros(badge::ISSUED.micros() + micros_later);
    verify(compact, &badge::issuer(), &[badge::public_key()], now)
}

/// The check that failed, and all that were passed before it.
fn failed(report: &Report) -> (Vec<&'static str>, Option<&'static str>) {
    let passed = report.checks.iter().filter(|c| c.passed).map(|c| c.name).collect();
    (passed, report.checks.iter().find(|c| !c.passed).map(|c| c.name))
}

fn signed() -> String {
    badge::sign(&badge::achievement())
}

/// Signed by the issuer's own key after `change`.
fn resigned(change: impl FnOnce(&mut Value)) -> String {
    let mut payload = badge::payload(&signed());
    change(&mut payload);
    jws::sign(&badge::key(), &badge::issuer().method("es256-1"), &payload).expect("JSON")
}

#[test]
fn a_sound_credential_passes_everything() {
    let report = at(&signed(), DAY);
    assert_eq!(failed(&report), (vec!["form", "key", "signature", "claims", "time"], None));
    assert_eq!(report.credential, Some(CredentialId::derive(badge::tenant(), "first")));
}

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

#[test]
fn no_member_can_be_changed_under_the_signature() {
    let compact = signed();
    let mut paths = Vec::new();
    leaves(&badge::payload(&compact), String::new(), &mut paths);
    assert!(paths.len() > 30, "{}", paths.len());
    for path in paths {
        let mut payload = badge::payload(&compact);
        *payload.pointer_mut(&path).expect("a leaf") = json!("changed");
        let report = at(&badge::with_payload(&compact, &payload), DAY);
        let expected = match path.as_str() {
            "/iss" | "/issuer/id" => "key",
            "/id" | "/@context/0" | "/@context/1" | "/@context/2" | "/type/0" | "/type/1" => "form",
            _ => "signature",
        };
        assert_eq!(failed(&report).1, Some(expected), "{path}");
        assert_eq!(report.credential, None, "{path}");
    }
}

#[test]
fn members_cannot_be_added_or_taken_out_under_the_signature() {
    let compact = signed();
    let mut more = badge::payload(&compact);
    more["evidence"] = json!([]);
    assert_eq!(failed(&at(&badge::with_payload(&compact, &more), DAY)).1, Some("signature"));
    let mut less = badge::payload(&compact);
    less.as_object_mut().expect("an object").remove("name");
    assert_eq!(failed(&at(&badge::with_payload(&compact, &less), DAY)).1, Some("signature"));
}

#[test]
fn claims_must_equal_the_members_even_when_the_issuer_signs() {
    let wrong: [fn(&mut Value); 9] = [
        |p| p["jti"] = json!("urn:uuid:00000000-0000-0000-0000-000000000000"),
        |p| p["sub"] = json!("urn:uuid:00000000-0000-0000-0000-000000000000"),
        |p| p["credentialSubject"]["id"] = Value::Null,
        |p| p["nbf"] = json!(1_767_603_001),
        |p| p["nbf"] = json!("1767603000"),
        |p| p["validFrom"] = json!("2026-01-05T08:50:00+00:00"),
        |p| p["exp"] = json!(1_900_000_000),
        |p| p["validUntil"] = json!("2030-03-17T17:46:40Z"),
        |p| {
            let members = p.as_object_mut().expect("an object");
            members.remove("nbf");
            members.remove("validFrom");
        },
    ];
    for (case, change) in wrong.into_iter().enumerate() {
        assert_eq!(failed(&at(&resigned(change), DAY)).1, Some("claims"), "case {case}");
    }
}

#[test]
fn time_is_looked_at_on_both_ends() {
    assert_eq!(failed(&at(&signed(), -DAY)).1, Some("time"));
    assert_eq!(failed(&at(&signed(), -30_000_000)).1, None, "clocks may differ a little");
    let ending = resigned(|p| {
        p["exp"] = json!(1_900_000_000);
        p["validUntil"] = json!("2030-03-17T17:46:40Z");
    });
    assert_eq!(failed(&at(&ending, DAY)).1, None);
    assert_eq!(failed(&at(&ending, 5 * 366 * DAY)).1, Some("time"));
}

#[test]
fn only_the_issuers_own_key_counts() {
    let stranger = SecretKey::p256(&[9; 32]).expect("a scalar");
    let payload = badge::payload(&signed());
    let sign = |method: &str| jws::sign(&stranger, method, &payload).expect("JSON");
    assert_eq!(failed(&at(&sign(&badge::issuer().method("es256-1")), DAY)).1, Some("signature"));
    assert_eq!(failed(&at(&sign(&badge::issuer().method("es256-2")), DAY)).1, Some("key"));
    assert_eq!(failed(&at(&sign("did:web:evil.example#es256-1"), DAY)).1, Some("key"));
}

#[test]
fn another_tenants_credential_is_not_this_ones() {
    let other = Did::of_tenant(&"badges.example:8443".parse().expect("a host"), "other");
    let now = Timestamp::from_micros(badge::ISSUED.micros() + DAY);
    let report = verify(&signed(), &other, &[badge::public_key()], now);
    assert_eq!(failed(&report), (vec!["form"], Some("key")));
}

#[test]
fn the_header_cannot_choose_the_algorithm() {
    let compact = signed();
    let rest = compact.split_once('.').expect("a dot").1;
    for algorithm in ["none", "HS256", "ES384", "es256"] {
        let kid = badge::issuer().method("es256-1");
        let header = json!({"alg": algorithm, "kid": kid, "typ": "JWT"}).to_string();
        let changed = format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header));
        assert_eq!(failed(&at(&changed, DAY)), (vec!["form"], Some("key")), "{algorithm}");
    }
}

#[test]
fn what_is_no_badge_fails_at_its_form() {
    let wrong: [fn(&mut Value); 5] = [
        |p| p["@context"] = json!("https://www.w3.org/ns/credentials/v2"),
        |p| p["@context"].as_array_mut().expect("an array").reverse(),
        |p| p["@context"].as_array_mut().expect("an array").push(json!({"name": "urn:x"})),
        |p| p["type"] = json!(["VerifiableCredential"]),
        |p| p["id"] = json!("https://badges.example/1"),
    ];
    for (case, change) in wrong.into_iter().enumerate() {
        assert_eq!(failed(&at(&resigned(change), DAY)), (vec![], Some("form")), "case {case}");
    }
    for text in ["", ".", "..", "a.b.c", "not a token", "e30.e30.e30"] {
        assert_eq!(failed(&at(text, DAY)), (vec![], Some("form")), "{text:?}");
    }
}
