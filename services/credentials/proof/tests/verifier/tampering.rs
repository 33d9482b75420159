//! Every member of a rich badge, changed, taken out and put in, under each way of securing it.

use northstar_credentials_canonical::Limits;
use northstar_credentials_proof::verifier::Name;
use northstar_credentials_proof::{Options, Suite, derive, secure};
use serde_json::{Value, json};

use crate::changes::{each_changed, each_taken_out, each_token_changed, refuses};
use crate::fixture::{
    ISSUER, claims, ed25519, failed, look, look_at_token, p256, rich, signed, signed_selectively,
    token,
};

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

#[test]
fn untouched_they_verify() {
    for (name, document) in secured() {
        let report = look(&document);
        assert!(report.verified, "{name}: {report:?}");
    }
}

#[test]
fn each_member_changed_or_taken_out_fails_at_the_check_that_is_named_for_it() {
    for (name, document) in secured() {
        let count = each_changed(&document, |place, wanted, changed| {
            let report = look(changed);
            assert!(refuses(&report, wanted), "{name}, {place} changed: {report:?}");
        });
        assert!(count > 40, "{name}: {count}");
        each_taken_out(&document, |place, wanted, less| {
            let report = look(less);
            assert!(refuses(&report, wanted), "{name}, {place} taken out: {report:?}");
        });
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
fn no_member_of_a_token_can_be_changed_or_taken_out() {
    let text = token(&claims(&rich()), &p256(), "p256");
    assert!(look_at_token(&text).verified);
    let changes = each_token_changed(&text, |place, wanted, changed| {
        let report = look_at_token(changed);
        assert!(refuses(&report, wanted), "{place}: {report:?}");
    });
    assert!(changes > 80, "{changes}");
}
