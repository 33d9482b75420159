//! Our reading of the structure against the official JSON Schemas, where the shared data is present.

use std::fs;

use northstar_credentials_proof::verifier::{Name, Outcome};
use serde_json::{Value, json};

use crate::fixture::{failed, look, named, rich, shared, signed};

fn official(file: &str) -> Option<jsonschema::Validator> {
    let text = fs::read_to_string(shared()?.join("schemas").join(file)).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    Some(jsonschema::options().should_validate_formats(true).build(&schema).unwrap())
}

fn is_sound(document: &Value) -> bool {
    let report = look(document);
    // What the closed world refuses has no structure to speak of.
    report.check(Name::Schema).unwrap().outcome == Outcome::Passed
}

/// Pointers to all members of objects.
fn members(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(inner) => inner.iter().for_each(|(name, member)| {
            found.push(format!("{at}/{name}"));
            members(member, &format!("{at}/{name}"), found);
        }),
        Value::Array(inner) => inner.iter().enumerate().for_each(|(index, element)| {
            members(element, &format!("{at}/{index}"), found);
        }),
        _ => {}
    }
}

/// The document with each member taken out, made another kind, put in an array and taken out of one.
fn changed(document: &Value) -> Vec<(String, Value)> {
    let mut places = Vec::new();
    members(document, "", &mut places);
    let mut all = Vec::new();
    for place in places {
        let (parent, name) = place.rsplit_once('/').unwrap();
        let mut less = document.clone();
        less.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
        all.push((format!("{place} taken out"), less));
        let value = document.pointer(&place).unwrap();
        let mut others =
            vec![json!(7), json!("x"), json!(true), json!([]), json!({}), json!([value])];
        others.extend(value.as_array().and_then(|values| values.first()).cloned());
        for other in others {
            let mut one = document.clone();
            *one.pointer_mut(&place).unwrap() = other.clone();
            all.push((format!("{place} = {other}"), one));
        }
    }
    all
}

#[test]
fn whatever_the_official_schemas_refuse_is_refused() {
    for (file, document) in [
        ("ob_v3p0_achievementcredential_schema.json", rich()),
        ("ob_v3p0_endorsementcredential_schema.json", endorsement()),
        ("clr_v2p0_clrcredential_schema.json", record()),
    ] {
        let Some(schema) = official(file) else { return };
        let errors: Vec<_> = schema.iter_errors(&document).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{file}: {errors:?}");
        assert!(is_sound(&document), "{file}: {:?}", look(&document));
        let (mut both, mut stricter) = (0, Vec::new());
        for (what, changed) in changed(&document) {
            match (schema.is_valid(&changed), is_sound(&changed)) {
                (false, true) => panic!("{file}: {what}: {:?}", look(&changed)),
                (true, false) if failed(&look(&changed)).contains(&Name::Schema) => {
                    stricter.push(what);
                }
                _ => both += 1,
            }
        }
        assert!(both > 80, "{file}: {both}");
        // An object in the place of a text, what a record carries, and nothing else.
        let carried = "/credentialSubject/verifiableCredential/";
        stricter.retain(|what| !what.ends_with("= {}") && !what.starts_with(carried));
        assert!(stricter.is_empty(), "{file}: {stricter:#?}");
    }
}

fn endorsement() -> Value {
    let mut endorsement = named("endorsed and proven")["endorsement"][0].clone();
    endorsement.as_object_mut().unwrap().remove("proof");
    endorsement
}

fn record() -> Value {
    let mut record = named("a learner record");
    let subject = record["credentialSubject"].as_object_mut().unwrap();
    subject.remove("achievement");
    subject.remove("identifier");
    subject["verifiableCredential"] = json!([signed(&named("a small badge"))]);
    record
}

/// Where the schema of Open Badges has one object, the data model allows several.
#[test]
fn several_statuses_are_no_open_badge() {
    let mut badge = rich();
    badge["credentialStatus"] = json!([badge["credentialStatus"]]);
    assert_eq!(failed(&look(&signed(&badge))), [Name::Schema]);
}

#[test]
fn contexts_must_stand_in_order() {
    let mut badge = named("a small badge");
    badge["@context"].as_array_mut().unwrap().truncate(1);
    assert!(!is_sound(&badge));
    let mut badge = rich();
    badge["@context"].as_array_mut().unwrap().swap(1, 2);
    assert!(!is_sound(&badge));
}
