//! Where tests take their documents and keys from.

use std::fs;
use std::path::Path;

use northstar_credentials_canonical::Limits;
use northstar_credentials_proof::{Options, Proof, ProofError, PublicKey, SecretKey, verify};
use serde_json::Value;

pub(crate) const LIMITS: Limits = Limits::BADGE;

/// The keys of the project's own vectors.
pub(crate) fn ed25519() -> SecretKey {
    SecretKey::ed25519(&[1; 32])
}

pub(crate) fn p256() -> SecretKey {
    SecretKey::p256(&[2; 32]).unwrap()
}

pub(crate) const OPTIONS: Options<'static> = Options {
    verification_method: "did:web:badges.example:t:north#ed-2026-01",
    created: "2026-01-15T08:00:00Z",
};

fn own(crate_name: &str, file: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(crate_name);
    serde_json::from_slice(&fs::read(folder.join("tests/vectors").join(file)).unwrap()).unwrap()
}

/// A document of the project's own vectors, with a time of day where the schema asks for one.
pub(crate) fn named(name: &str) -> Value {
    let vectors = own("canonical", "documents.json");
    let mut documents = vectors["documents"].as_array().unwrap().iter();
    let found = documents.find(|vector| vector["name"] == name).unwrap();
    let mut document = found["document"].clone();
    if let Some(start) = document.pointer_mut("/credentialSubject/activityStartDate") {
        *start = "2025-09-01T08:00:00Z".into();
    }
    document
}

/// The rich badge without its lists, which cannot be disclosed in part.
pub(crate) fn without_lists() -> Value {
    let mut badge = named("a rich badge");
    let descriptions = badge.pointer_mut("/credentialSubject/achievement/resultDescription");
    for description in descriptions.unwrap().as_array_mut().unwrap() {
        description.as_object_mut().unwrap().remove("allowedValue");
    }
    badge
}

/// What independent software signed.
pub(crate) fn independent() -> Value {
    own("proof", "independent.json")
}

/// One of the official files, where the shared data is present.
pub(crate) fn official(file: &str) -> Option<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(4)?;
    let folder = root.join("shared/credential-vectors");
    if !folder.is_dir() {
        eprintln!("skipped: no shared data");
        return None;
    }
    Some(serde_json::from_slice(&fs::read(folder.join(file)).unwrap()).unwrap())
}

/// Whether the document's only proof is sound.
pub(crate) fn check(document: &Value, key: &PublicKey) -> Result<(), ProofError> {
    verify(document, &Proof::read(&document["proof"])?, key, &LIMITS)
}

/// JSON pointers to everything in a document that is not itself an object or array.
pub(crate) fn leaves(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect(value, String::new(), &mut found);
    found
}

fn collect(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| collect(member, format!("{at}/{name}"), found))
        }
        Value::Array(elements) => elements
            .iter()
            .enumerate()
            .for_each(|(index, element)| collect(element, format!("{at}/{index}"), found)),
        _ => found.push(at),
    }
}
