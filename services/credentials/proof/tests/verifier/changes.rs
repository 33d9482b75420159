//! One member changed or taken out, and the check that must tell. Also part of the service's tests.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use northstar_credentials_canonical::{Limits, canonical_document};
use northstar_credentials_proof::verifier::{Name, Outcome, Report};
use northstar_credentials_proof::without_proofs;
use serde_json::Value;

/// JSON pointers to all members and elements of a document, of objects and arrays as well.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut inner = |name: String, member: &Value| {
        let place = format!("{at}/{name}");
        places(member, &place, found);
        found.push(place);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, one)| inner(name.clone(), one)),
        Value::Array(elements) => {
            elements.iter().enumerate().for_each(|(at, one)| inner(at.to_string(), one));
        }
        _ => {}
    }
}

fn all_places(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    places(document, "", &mut found);
    found
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

/// At which check it must fail that this place is missing. A type or context of something inside is
/// missed by what was signed.
fn expected_without(place: &str) -> Name {
    match place {
        "/@context" | "/type" => Name::Form,
        "/issuer" | "/issuer/id" => Name::KeyOwner,
        _ => Name::Arithmetic,
    }
}

/// At which check it must fail that this place was changed; it may fail at others too.
fn expected(place: &str) -> Name {
    let last = place.rsplit('/').find(|step| step.parse::<usize>().is_err()).unwrap_or_default();
    match (place, last) {
        (_, "@context" | "type") if !place.starts_with("/proof") => Name::Form,
        ("/proof/verificationMethod" | "/issuer" | "/issuer/id", _) => Name::KeyOwner,
        ("/proof/type", _) => Name::Form,
        ("/proof/proofPurpose", _) => Name::Policy,
        _ => Name::Arithmetic,
    }
}

/// Whether it is refused at that check; what is not sound in its form is not looked at further.
pub(crate) fn refuses(report: &Report, name: Name) -> bool {
    let failed = report.checks.iter().filter(|check| check.outcome == Outcome::Failed);
    let failed: Vec<_> = failed.map(|check| check.name).collect();
    !report.verified && (failed.contains(&name) || failed == [Name::Form])
}

/// The document with each of its texts, numbers and truth values changed, one after the other; how
/// many there are.
pub(crate) fn each_changed(document: &Value, mut look: impl FnMut(&str, Name, &Value)) -> usize {
    let leaf = |place: &String| document.pointer(place).is_some_and(|one| *one != another(one));
    let leaves: Vec<_> = all_places(document).into_iter().filter(leaf).collect();
    for place in &leaves {
        let mut changed = document.clone();
        let leaf = changed.pointer_mut(place).expect("a leaf");
        *leaf = another(leaf);
        look(place, expected(place), &changed);
    }
    leaves.len()
}

/// The document without each of its members and elements, however deep, one after the other; but for
/// a context that nothing in it is read by, without which it says just the same.
pub(crate) fn each_taken_out(document: &Value, mut look: impl FnMut(&str, Name, &Value)) -> usize {
    let places = all_places(document);
    for place in &places {
        let mut less = document.clone();
        let (parent, name) = place.rsplit_once('/').expect("a pointer");
        match less.pointer_mut(parent).expect("a parent") {
            Value::Object(members) => drop(members.remove(name)),
            Value::Array(elements) => drop(elements.remove(name.parse().expect("a number"))),
            other => panic!("{other} has no members"),
        }
        if !place.starts_with("/@context/") || said(&less) != said(document) {
            look(place, expected_without(place), &less);
        }
    }
    places.len()
}

/// The canonical form of what is signed; `None` without one.
fn said(document: &Value) -> Option<String> {
    let document = without_proofs(document).ok()?;
    let canonical = canonical_document(document.to_string().as_bytes(), &Limits::RECORD);
    canonical.ok().map(|canonical| canonical.nquads)
}

/// The same two for the payload of a token, whose signature stays as it is.
pub(crate) fn each_token_changed(text: &str, mut look: impl FnMut(&str, Name, &str)) -> usize {
    let (header, rest) = text.split_once('.').expect("three parts");
    let (payload, signature) = rest.split_once('.').expect("three parts");
    let payload = URL_SAFE_NO_PAD.decode(payload).expect("base64url");
    let payload = serde_json::from_slice(&payload).expect("JSON");
    let mut with = |place: &str, _: Name, changed: &Value| {
        let changed = URL_SAFE_NO_PAD.encode(changed.to_string());
        let claim = ["/iss", "/jti", "/sub", "/nbf", "/exp"].contains(&place);
        let wanted = if claim { Name::Form } else { Name::Arithmetic };
        look(place, wanted, &format!("{header}.{changed}.{signature}"));
    };
    each_changed(&payload, &mut with) + each_taken_out(&payload, &mut with)
}
