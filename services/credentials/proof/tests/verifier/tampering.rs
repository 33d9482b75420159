//! Every member of a rich badge, changed, taken out and put in, under each way of securing it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use northstar_credentials_canonical::Limits;
use northstar_credentials_proof::verifier::{Name, Report};
use northstar_credentials_proof::{Options, Suite, derive, secure};
use serde_json::{Value, json};

use crate::fixture::{
    ISSUER, claims, ed25519, failed, look, look_at_token, p256, rich, signed, signed_selectively,
    token,
};

/// JSON pointers to everything in a document that is not itself an object or array.
fn leaves(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| leaves(member, format!("{at}/{name}"), found))
        }
        Value::Array(elements) => elements
            .iter()
            .enumerate()
            .for_each(|(index, element)| leaves(element, format!("{at}/{index}"), found)),
        _ => found.push(at),
    }
}

/// Another value of the same kind, that the closed world would take in the same place.
fn another(value: &Value) -> Value {
    match value {
        Value::String(text) if text.ends_with('Z') && text.contains('T') => {
            "2026-01-14T08:00:00Z".into()
        }
        Value::String(text) => format!("{text}1").into(),
        Value::Bool(value) => (!value).into(),
        Value::Number(_) => 2.into(),
        other => other.clone(),
    }
}

/// At which check a changed member must fail at the latest; it may fail at others too.
fn expected(place: &str) -> Name {
    let last = place.rsplit('/').find(|step| step.parse::<usize>().is_err()).unwrap_or_default();
    match (place, last) {
        (_, "@context" | "type") if !place.starts_with("/proof") => Name::Form,
        ("/proof/verificationMethod" | "/issuer/id", _) => Name::KeyOwner,
        ("/proof/type", _) => Name::Form,
        ("/proof/proofPurpose", _) => Name::Policy,
        _ => Name::Arithmetic,
    }
}

fn unsecured_lists() -> Value {
    let mut badge = rich();
    let descriptions = badge.pointer_mut("/credentialSubject/achievement/resultDescription");
    for description in descriptions.unwrap().as_array_mut().unwrap() {
        description.as_object_mut().unwrap().remove("allowedValue");
    }
    badge
}

fn secured() -> Vec<(&'static str, Value)> {
    let options =
        Options { verification_method: &format!("{ISSUER}#ed"), created: "2026-01-15T08:00:00Z" };
    let jcs = secure(&rich(), Suite::EddsaJcs2022, &options, &ed25519(), &Limits::BADGE).unwrap();
    let base = signed_selectively(&unsecured_lists());
    let chosen = ["/evidence", "/credentialSubject/result", "/credentialSubject/id", "/id"];
    let derived = derive(&base, &chosen, &Limits::BADGE).unwrap();
    vec![
        ("eddsa-rdfc-2022", signed(&rich())),
        ("eddsa-jcs-2022", jcs),
        ("ecdsa-sd-2023, base", base),
        ("ecdsa-sd-2023, derived", derived),
    ]
}

fn refuses(report: &Report, name: Name) -> bool {
    // What is not sound in its form is not looked at further.
    !report.verified && (failed(report).contains(&name) || failed(report) == [Name::Form])
}

#[test]
fn untouched_they_verify() {
    for (name, document) in secured() {
        let report = look(&document);
        assert!(report.verified, "{name}: {report:?}");
    }
}

#[test]
fn each_member_changed_fails_at_the_check_that_is_named_for_it() {
    for (name, document) in secured() {
        let mut places = Vec::new();
        leaves(&document, String::new(), &mut places);
        assert!(places.len() > 40, "{name}: {}", places.len());
        for place in places {
            let mut changed = document.clone();
            let leaf = changed.pointer_mut(&place).unwrap();
            *leaf = another(leaf);
            let report = look(&changed);
            let wanted = expected(&place);
            assert!(refuses(&report, wanted), "{name}, {place}: {report:?}");
        }
    }
}

#[test]
fn each_member_taken_out_fails() {
    for (name, document) in secured() {
        for member in document.as_object().unwrap().keys() {
            let mut less = document.clone();
            less.as_object_mut().unwrap().remove(member);
            let report = look(&less);
            let wanted = match member.as_str() {
                "issuer" => Name::KeyOwner,
                "@context" | "type" => Name::Form,
                _ => Name::Arithmetic,
            };
            assert!(refuses(&report, wanted), "{name}, {member}: {report:?}");
        }
    }
}

/// The first is what other stacks take for a badge that nobody can revoke.
#[test]
fn members_under_other_names_and_unknown_ones_fail_at_the_form() {
    for (name, document) in secured() {
        let mut renamed = document.clone();
        let members = renamed.as_object_mut().unwrap();
        let status = members.remove("credentialStatus").unwrap();
        let iri = "https://www.w3.org/2018/credentials#credentialStatus";
        members.insert(iri.into(), status);
        assert_eq!(failed(&look(&renamed)), [Name::Form], "{name}");
        for (member, value) in
            [("invented", json!(1)), ("@graph", json!([])), ("https://schema.org/name", json!("x"))]
        {
            let mut more = document.clone();
            more[member] = value;
            assert_eq!(failed(&look(&more)), [Name::Form], "{name}, {member}");
        }
        let mut inline = document.clone();
        inline["@context"].as_array_mut().unwrap().push(json!({"status": "urn:x"}));
        assert_eq!(failed(&look(&inline)), [Name::Form], "{name}");
        let mut dated = document;
        dated["awardedDate"] = "2026-01-01T00:00:00Z".into();
        assert!(failed(&look(&dated)).contains(&Name::Arithmetic), "{name}");
    }
}

#[test]
fn no_member_of_a_token_can_be_changed() {
    let payload = claims(&rich());
    let text = token(&payload, &p256(), "p256");
    assert!(look_at_token(&text).verified);
    let (header, rest) = text.split_once('.').unwrap();
    let signature = rest.split_once('.').unwrap().1;
    let mut places = Vec::new();
    leaves(&payload, String::new(), &mut places);
    for place in places {
        let mut changed = payload.clone();
        let leaf = changed.pointer_mut(&place).unwrap();
        *leaf = another(leaf);
        let changed = URL_SAFE_NO_PAD.encode(changed.to_string());
        let report = look_at_token(&format!("{header}.{changed}.{signature}"));
        let wanted = if place == "/iss" { Name::Form } else { Name::Arithmetic };
        assert!(refuses(&report, wanted), "{place}: {report:?}");
    }
}
