//! Badges in the data model 1.1: other names for the dates, and tokens with a claim that holds them.

use northstar_credentials_proof::verifier::{Name, Report, Sources, Status, Terms, verify};
use northstar_kernel::Timestamp;
use serde_json::{Value, json};

use crate::changes::{each_changed, each_taken_out, each_token_changed, refuses};
use crate::fixture::{
    World, claims, failed, look, look_at_token, named, now, p256, signed, token, world,
};

const LIST: &str = "https://badges.example/revoked";

/// A small badge as the data model 1.1 has it, with an end and a list that may name it.
fn older() -> Value {
    let mut badge = named("a small badge");
    badge["@context"] = json!([
        "https://www.w3.org/2018/credentials/v1",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        "https://w3id.org/security/data-integrity/v2",
    ]);
    let members = badge.as_object_mut().unwrap();
    let from = members.remove("validFrom").unwrap();
    members.insert("issuanceDate".into(), from);
    members.insert("expirationDate".into(), "2031-01-15T08:00:00Z".into());
    let status = json!({"id": LIST, "type": "1EdTechRevocationList"});
    members.insert("credentialStatus".into(), status);
    badge
}

fn payload(badge: &Value) -> Value {
    json!({"iss": badge["issuer"]["id"], "jti": badge["id"], "nbf": 1_768_464_000,
        "sub": badge["credentialSubject"]["id"], "exp": 1_926_230_400, "vc": badge})
}

/// An issuer who names what it revoked.
struct Named(World, &'static [&'static str]);

impl Sources for Named {
    fn document(&self, id: &str) -> Option<Value> {
        self.0.document(id)
    }

    fn status(&self, entry: &Value, credential: &Value) -> Status {
        if *entry != json!({"id": LIST, "type": "1EdTechRevocationList"}) {
            return Status::Malformed("another entry".into());
        }
        match self.1.iter().any(|id| credential["id"] == *id) {
            true => Status::Ended("revoked".into()),
            false => Status::Holds,
        }
    }
}

/// The badge in both forms.
fn forms(badge: &Value) -> [String; 2] {
    [signed(badge).to_string(), token(&payload(badge), &p256(), "p256")]
}

/// The badge in both forms, at a time.
fn both(revoked: &'static [&'static str], now: Timestamp) -> [Report; 2] {
    let world = Named(world(), revoked);
    forms(&older()).map(|form| verify(form.as_bytes(), &world, &Terms::at(now)))
}

/// While nothing is revoked.
fn look_unrevoked(form: &str) -> Report {
    verify(form.as_bytes(), &Named(world(), &[]), &Terms::at(now()))
}

#[test]
fn good_expired_and_revoked_are_told_apart_in_both_forms() {
    let after: Timestamp = "2031-01-15T08:00:00Z".parse().unwrap();
    let before: Timestamp = "2026-01-15T07:58:00Z".parse().unwrap();
    let revoked = &["urn:uuid:00000000-0000-4000-8000-000000000001"];
    for report in both(&["urn:uuid:00000000-0000-4000-8000-000000000002"], now()) {
        assert!(report.verified, "{report:?}");
    }
    for (revoked, now, expected) in [
        (&[][..], after, &[Name::Time][..]),
        (&[], before, &[Name::Time]),
        (revoked, now(), &[Name::Status]),
        (revoked, after, &[Name::Status, Name::Time]),
    ] {
        for report in both(revoked, now) {
            assert_eq!(failed(&report), expected, "{report:?}");
            assert!(!report.verified);
        }
    }
}

#[test]
fn each_member_changed_or_taken_out_fails_in_both_forms() {
    let [document, token] = forms(&older());
    let document: Value = serde_json::from_str(&document).unwrap();
    let look = |place: &str, wanted, changed: &Value| {
        let report = look_unrevoked(&changed.to_string());
        assert!(refuses(&report, wanted), "{place}: {report:?}");
    };
    let changes = each_changed(&document, look) + each_taken_out(&document, look);
    assert!(changes > 60, "{changes}");
    let changes = each_token_changed(&token, |place, wanted, changed| {
        let report = look_unrevoked(changed);
        assert!(refuses(&report, wanted), "{place}: {report:?}");
    });
    assert!(changes > 60, "{changes}");
}

#[test]
fn a_claim_vc_that_the_others_contradict_or_that_is_no_such_credential_is_refused() {
    let wrong: [fn(&mut Value); 21] = [
        |p| p["iss"] = json!("did:web:other.example"),
        |p| p["jti"] = json!("urn:uuid:00000000-0000-4000-8000-000000000002"),
        |p| drop(p.as_object_mut().unwrap().remove("jti")),
        |p| p["sub"] = json!("urn:uuid:11111111-0000-4000-8000-000000000002"),
        |p| p["nbf"] = json!(1_768_464_001),
        |p| p["nbf"] = json!("1768464000"),
        |p| drop(p.as_object_mut().unwrap().remove("nbf")),
        |p| p["exp"] = json!(1_957_766_400),
        |p| drop(p.as_object_mut().unwrap().remove("exp")),
        |p| drop(p["vc"].as_object_mut().unwrap().remove("expirationDate")),
        |p| p["id"] = p["vc"]["id"].clone(),
        |p| p["issuer"] = json!({"id": "did:web:other.example"}),
        |p| p["expirationDate"] = json!("2041-01-15T08:00:00Z"),
        |p| p["credentialStatus"] = json!({"id": LIST, "type": "1EdTechRevocationList"}),
        |p| p["nonce"] = json!("of a presentation"),
        |p| p["vc"]["@context"][0] = json!("https://www.w3.org/ns/credentials/v2"),
        |p| p["vc"] = named("a small badge"),
        |p| p["vc"] = signed(&p["vc"]),
        |p| p["vc"] = json!([p["vc"]]),
        |p| p["vc"] = p["vc"].to_string().into(),
        |p| p["vc"] = Value::Null,
    ];
    for (case, change) in wrong.into_iter().enumerate() {
        let mut payload = payload(&older());
        change(&mut payload);
        let report = look_at_token(&token(&payload, &p256(), "p256"));
        assert_eq!(failed(&report), [Name::Form], "case {case}");
    }
    let mut two = claims(&named("a small badge"));
    two["vc"] = older();
    assert_eq!(failed(&look_at_token(&token(&two, &p256(), "p256"))), [Name::Form]);
}

#[test]
fn dates_under_the_other_models_names_are_no_way_around_them() {
    let mut renamed = older();
    let from = renamed.as_object_mut().unwrap().remove("issuanceDate").unwrap();
    renamed["validFrom"] = from;
    let mut ended = older();
    ended["validUntil"] = "2026-02-01T00:00:00Z".into();
    for (badge, expected) in
        [(renamed, [Name::Schema, Name::Form]), (ended, [Name::Time, Name::Time])]
    {
        for (form, expected) in forms(&badge).iter().zip(expected) {
            let report = look_unrevoked(form);
            assert_eq!(failed(&report), [expected], "{report:?}");
        }
    }
    let mut newer = signed(&named("a small badge"));
    newer["expirationDate"] = "2031-01-15T08:00:00Z".into();
    assert_eq!(failed(&look(&newer)), [Name::Form]);
}

#[test]
fn what_is_wrong_is_said_by_the_names_that_the_document_has() {
    let mut undated = older();
    undated.as_object_mut().unwrap().remove("issuanceDate");
    let report = look_unrevoked(&signed(&undated).to_string());
    let detail = report.checks.iter().find(|it| it.name == Name::Schema).unwrap().detail.as_str();
    assert!(detail.contains("issuanceDate") && !detail.contains("validFrom"), "{detail}");
}

#[test]
fn entries_that_no_context_of_such_a_badge_defines_are_refused_at_the_form() {
    for kind in ["BitstringStatusListEntry", "StatusList2021Entry"] {
        let mut badge = signed(&older());
        badge["credentialStatus"] = json!({"id": format!("{LIST}#7"), "type": kind,
            "statusPurpose": "revocation", "statusListIndex": "7", "statusListCredential": LIST});
        assert_eq!(failed(&look(&badge)), [Name::Form], "{kind}");
    }
}
