//! Each known way to make a document say one thing to its signature and another to its reader.

use northstar_credentials_canonical::{Limits, Reason, Refusal, canonical_document, pinned};
use serde_json::{Value, json};

use crate::documents::{canonical, named};

fn rich() -> Value {
    named("a rich badge")
}

/// The rich badge after a change.
fn changed(change: impl FnOnce(&mut Value)) -> Result<String, Refusal> {
    let mut document = rich();
    change(&mut document);
    canonical(&document).map(|canonical| canonical.nquads)
}

#[track_caller]
fn refused(reason: Reason, pointer: &str, change: impl FnOnce(&mut Value)) {
    let refusal = changed(change).expect_err("must be refused");
    assert_eq!((refusal.reason, &*refusal.pointer), (reason, pointer), "{refusal}");
}

/// Gives a member another name.
fn rename(document: &mut Value, from: &str, to: &str) {
    let members = document.as_object_mut().unwrap();
    let value = members.remove(from).unwrap();
    members.insert(to.into(), value);
}

#[test]
fn members_named_by_iris_and_keywords_are_refused() {
    let status = "https://www.w3.org/2018/credentials#credentialStatus";
    refused(Reason::IriMember, &format!("/{}", status.replace('/', "~1")), |badge| {
        rename(badge, "credentialStatus", status);
    });
    refused(Reason::IriMember, "/cred:validUntil", |badge| {
        rename(badge, "validUntil", "cred:validUntil");
    });
    for (from, to) in [("id", "@id"), ("type", "@type")] {
        refused(Reason::IriMember, &format!("/credentialSubject/{to}"), |badge| {
            rename(&mut badge["credentialSubject"], from, to);
        });
    }
    refused(Reason::IriMember, "/name/@value", |badge| badge["name"] = json!({ "@value": "x" }));
}

#[test]
fn a_type_is_no_second_name_for_a_member_of_the_same_iri() {
    refused(Reason::UnknownTerm, "/credentialSubject/achievement/Criteria", |badge| {
        rename(&mut badge["credentialSubject"]["achievement"], "criteria", "Criteria");
    });
}

#[test]
fn contexts_written_out_and_unknown_ones_are_refused() {
    let alias = json!({ "hidden": "https://www.w3.org/2018/credentials#credentialStatus" });
    refused(Reason::InlineContext, "/@context/3", |badge| {
        badge["@context"].as_array_mut().unwrap().push(alias.clone());
        rename(badge, "credentialStatus", "hidden");
    });
    refused(Reason::InlineContext, "/@context", |badge| badge["@context"] = alias.clone());
    refused(Reason::InlineContext, "/@context", |badge| badge["@context"] = Value::Null);
    refused(Reason::InlineContext, "/credentialSubject/@context", |badge| {
        badge["credentialSubject"]["@context"] = alias.clone();
    });
    refused(Reason::UnknownContext, "/@context/0", |badge| {
        badge["@context"][0] = json!("https://www.w3.org/2018/credentials/v0");
    });
    refused(Reason::MissingContext, "", |badge| {
        badge.as_object_mut().unwrap().remove("@context");
    });
    refused(Reason::MissingContext, "/@context", |badge| badge["@context"] = json!([]));
}

#[test]
fn the_two_forms_of_one_context_are_told_apart_by_digest() {
    let url = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
    let context = pinned().iter().find(|pinned| pinned.url == url).unwrap();
    assert!(context.sha256.starts_with("3d34f4d4"));
    let nquads = changed(|badge| badge["endorsementJwt"] = json!(["a.b.c"])).unwrap();
    assert!(
        nquads.contains("vocab.html#endorsementJwt> \"a.b.c\" .\n"),
        "only the published form has it"
    );
}

#[test]
fn datatypes_are_exactly_the_contexts_own() {
    let nquads = changed(|_| {}).unwrap();
    for literal in [
        "\"true\"^^<https://www.w3.org/2001/XMLSchema#boolean>",
        "\"15\"^^<https://www.w3.org/2001/XMLSchema#float>",
        "\"5.0E-1\"^^<https://www.w3.org/2001/XMLSchema#float>",
        "\"2025-09-01\"^^<https://www.w3.org/2001/XMLSchema#date>",
        "\"2026-01-15T08:00:00Z\"^^<http://www.w3.org/2001/XMLSchema#dateTime>",
    ] {
        assert!(nquads.contains(literal), "{literal}\n{nquads}");
    }
    let record = canonical(&named("a learner record")).unwrap().nquads;
    assert!(record.contains("clr/vocab.html#partial> \"true\"^^<xsd:boolean> .\n"), "{record}");
}

#[test]
fn numbers_have_at_most_three_decimals() {
    let at = "/credentialSubject/creditsEarned";
    for number in [json!(0.0001), json!(1e-7), json!(1e21), json!(u64::MAX), json!(-0.0)] {
        refused(Reason::BadNumber, at, |badge| {
            badge["credentialSubject"]["creditsEarned"] = number.clone();
        });
    }
}

#[test]
fn what_would_vanish_from_the_quads_is_refused() {
    refused(Reason::Null, "/validUntil", |badge| badge["validUntil"] = Value::Null);
    refused(Reason::Null, "/evidence/1", |badge| {
        badge["evidence"].as_array_mut().unwrap().push(Value::Null);
    });
    refused(Reason::NestedArray, "/evidence/0", |badge| {
        badge["evidence"] = json!([badge["evidence"]]);
    });
    refused(Reason::UnknownType, "/type/2", |badge| {
        badge["type"].as_array_mut().unwrap().push(json!("https://example.org/Trophy"));
    });
    refused(Reason::WrongKind, "/id", |badge| badge["id"] = json!(["urn:a"]));
}

#[test]
fn identifiers_are_absolute_iris_that_n_quads_can_hold() {
    for id in ["", "maps", "#maps", "_:b0", "1a:b", "urn:a b", "urn:a>b", "urn:a\"", "urn:a\\u0020"]
    {
        refused(Reason::BadIri, "/id", |badge| badge["id"] = json!(id));
    }
}

#[test]
fn prefixes_of_a_context_are_not_for_documents() {
    let mut record = named("a learner record");
    record["credentialSubject"]["id"] = json!("obi:someone");
    let refusal = canonical(&record).unwrap_err();
    assert_eq!((refusal.reason, &*refusal.pointer), (Reason::BadIri, "/credentialSubject/id"));
}

/// The quads stay the same, and who reads the credential itself no longer sees its status.
#[test]
fn a_status_cannot_move_to_another_object_of_the_same_id() {
    let twin = |badge: &Value| json!({ "id": badge["id"], "type": "1EdTechCredentialRefresh" });
    let honest = changed(|badge| badge["refreshService"] = twin(badge)).unwrap();
    assert!(honest.contains("1EdTechCredentialRefresh"));
    refused(Reason::ScatteredCredential, "/refreshService", |badge| {
        badge["refreshService"] = twin(badge);
        badge["refreshService"]["type"] =
            json!(["VerifiableCredential", "1EdTechCredentialRefresh"]);
        let status = badge.as_object_mut().unwrap().remove("credentialStatus").unwrap();
        badge["refreshService"]["credentialStatus"] = status;
    });
}

#[test]
fn a_credential_may_be_there_twice_if_it_is_the_same_one() {
    let mut record = named("a learner record");
    let badges = record["credentialSubject"]["verifiableCredential"].as_array_mut().unwrap();
    let mut again = badges[0].clone();
    badges.push(again.clone());
    let twice = canonical(&record).unwrap();
    again.as_object_mut().unwrap().remove("name");
    record["credentialSubject"]["verifiableCredential"][2] = again;
    let refusal = canonical(&record).unwrap_err();
    assert_eq!(refusal.reason, Reason::ScatteredCredential, "{}", twice.nquads);
}

#[test]
fn control_characters_are_refused_and_line_breaks_are_not() {
    for control in ['\u{0}', '\u{7}', '\t', '\u{1b}', '\u{7f}'] {
        let refusal = changed(|badge| badge["name"] = json!(format!("a{control}b"))).unwrap_err();
        assert_eq!((refusal.reason, &*refusal.pointer), (Reason::ControlCharacter, "/name"));
    }
    assert!(changed(|badge| badge["name"] = json!("a\r\nb")).unwrap().contains("a\\r\\nb"));
}

#[test]
fn every_limit_is_kept_and_named() {
    let badge = rich().to_string();
    let whole = Limits::BADGE;
    assert!(canonical_document(badge.as_bytes(), &whole).is_ok());
    for (limits, reason) in [
        (Limits { bytes: badge.len() - 1, ..whole }, Reason::TooLong),
        (Limits { depth: 4, ..whole }, Reason::TooDeep),
        (Limits { quads: 20, ..whole }, Reason::TooManyQuads),
        (Limits { work: 3, ..whole }, Reason::TooMuchWork),
    ] {
        let refusal = canonical_document(badge.as_bytes(), &limits).unwrap_err();
        assert_eq!(refusal.reason, reason, "{refusal}");
    }
}

#[test]
fn only_an_object_is_a_document() {
    for text in ["[]", "1", "\"x\"", "null", "[{\"@context\":[]}]"] {
        let refusal = canonical_document(text.as_bytes(), &Limits::BADGE).unwrap_err();
        assert_eq!(refusal.reason, Reason::NotAnObject, "{text}");
    }
}

#[test]
fn the_deepest_document_allowed_is_read_on_a_small_stack() {
    let unlimited = Limits { depth: usize::MAX, ..Limits::RECORD };
    let nested = |levels: usize| {
        let mut badge = named("a small badge");
        let contexts = badge["@context"].take();
        badge.as_object_mut().unwrap().remove("@context");
        for _ in 0..levels {
            badge = json!({ "type": "Profile", "endorsement": badge });
        }
        badge["@context"] = contexts;
        canonical_document(badge.to_string().as_bytes(), &unlimited)
    };
    assert!(nested(96).is_ok());
    assert_eq!(nested(100).unwrap_err().reason, Reason::TooDeep);
}

#[test]
fn contexts_and_types_by_the_thousand_are_refused() {
    let older = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json";
    refused(Reason::TooDeep, "/@context/64", |badge| {
        badge["@context"] = json!(vec![older; 50_000])
    });
    refused(Reason::TooDeep, "/credentialSubject/achievement", |badge| {
        badge["credentialSubject"]["achievement"]["type"] = json!(vec!["Achievement"; 50_000]);
    });
}
