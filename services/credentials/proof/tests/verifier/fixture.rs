//! An issuer, its badges, and what is at hand about it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use northstar_credentials_canonical::Limits;
use northstar_credentials_proof::verifier::{
    Name, Outcome, Report, Sources, Status, Terms, verify,
};
use northstar_credentials_proof::{
    Options, SecretKey, Seed, Selective, Suite, jws, secure, secure_selectively,
};
use northstar_kernel::Timestamp;
use serde_json::{Value, json};

pub(crate) const ISSUER: &str = "did:web:badges.example:t:north";

/// Documents by id, and what the status lists say.
pub(crate) struct World {
    pub(crate) documents: BTreeMap<String, Value>,
    pub(crate) status: Status,
}

impl Sources for World {
    fn document(&self, id: &str) -> Option<Value> {
        self.documents.get(id).cloned()
    }

    fn status(&self, entry: &Value, _: &Value) -> Status {
        let known = ["BitstringStatusListEntry", "1EdTechRevocationList"];
        if !known.iter().any(|kind| entry["type"] == *kind) {
            return Status::Malformed("no entry that is known".into());
        }
        self.status.clone()
    }
}

pub(crate) fn ed25519() -> SecretKey {
    SecretKey::ed25519(&[1; 32])
}

pub(crate) fn p256() -> SecretKey {
    SecretKey::p256(&[2; 32]).unwrap()
}

/// An issuer's document with these keys.
pub(crate) fn document(id: &str, keys: &[(&str, &SecretKey)]) -> Value {
    let method = |(name, key): &(&str, &SecretKey)| {
        json!({"id": format!("{id}#{name}"), "type": "Multikey", "controller": id,
            "publicKeyMultibase": key.public().multibase()})
    };
    let methods: Vec<Value> = keys.iter().map(method).collect();
    let names: Vec<&Value> = methods.iter().map(|method| &method["id"]).collect();
    json!({"@context": ["https://www.w3.org/ns/did/v1"], "id": id, "assertionMethod": names,
        "verificationMethod": methods})
}

pub(crate) fn world() -> World {
    let (ed, p) = (ed25519(), p256());
    let north = document(ISSUER, &[("ed", &ed), ("p256", &p)]);
    World { documents: [(ISSUER.to_owned(), north)].into(), status: Status::Holds }
}

fn vectors(crate_name: &str, file: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(crate_name);
    serde_json::from_slice(&fs::read(folder.join("tests/vectors").join(file)).unwrap()).unwrap()
}

pub(crate) fn named(name: &str) -> Value {
    let vectors = vectors("canonical", "documents.json");
    let mut documents = vectors["documents"].as_array().unwrap().iter();
    documents.find(|vector| vector["name"] == name).unwrap()["document"].clone()
}

/// With all that an issuer here puts in, but a sound one: the activity has a time of day.
pub(crate) fn rich() -> Value {
    let mut badge = named("a rich badge");
    badge["credentialSubject"]["activityStartDate"] = "2025-09-01T08:00:00Z".into();
    badge
}

pub(crate) fn independent() -> Value {
    vectors("proof", "independent.json")
}

/// The folder of official files, where the shared data is present.
pub(crate) fn shared() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(4)?;
    let folder = root.join("shared/credential-vectors");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no shared data");
    None
}

/// Signed by the issuer.
pub(crate) fn signed(document: &Value) -> Value {
    signed_as(document, &format!("{ISSUER}#ed"), &ed25519())
}

pub(crate) fn signed_as(document: &Value, method: &str, key: &SecretKey) -> Value {
    let options = Options { verification_method: method, created: "2026-01-15T08:00:00Z" };
    secure(document, Suite::EddsaRdfc2022, &options, key, &Limits::RECORD).unwrap()
}

/// Signed by the issuer, so that parts can be disclosed.
pub(crate) fn signed_selectively(document: &Value) -> Value {
    let options =
        Options { verification_method: &format!("{ISSUER}#p256"), created: "2026-01-15T08:00:00Z" };
    let mandatory = [
        "/credentialSubject/achievement/name",
        "/credentialSubject/achievement/description",
        "/credentialSubject/achievement/criteria",
    ];
    let selective = Selective { mandatory: &mandatory, seed: &Seed([3; 32]) };
    secure_selectively(document, &selective, &options, &p256(), &Limits::RECORD).unwrap()
}

/// The payload of the badge as token.
pub(crate) fn claims(document: &Value) -> Value {
    let mut payload = document.clone();
    let seconds = |name: &str| {
        let moment: Timestamp = document[name].as_str()?.parse().ok()?;
        Some(moment.micros() / 1_000_000)
    };
    payload["iss"] = document["issuer"]["id"].clone();
    payload["jti"] = document["id"].clone();
    payload["sub"] = document["credentialSubject"]["id"].clone();
    payload["nbf"] = seconds("validFrom").into();
    if let Some(until) = seconds("validUntil") {
        payload["exp"] = until.into();
    }
    payload
}

pub(crate) fn token(payload: &Value, key: &SecretKey, name: &str) -> String {
    jws::sign(key, &format!("{ISSUER}#{name}"), payload).unwrap()
}

pub(crate) fn now() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

pub(crate) fn look(document: &Value) -> Report {
    look_in(document, &world())
}

pub(crate) fn look_in(document: &Value, world: &World) -> Report {
    verify(document.to_string().as_bytes(), world, &Terms::at(now()))
}

pub(crate) fn look_at_token(text: &str) -> Report {
    verify(text.as_bytes(), &world(), &Terms::at(now()))
}

/// The checks that are not as they must be.
pub(crate) fn against(report: &Report) -> Vec<(Name, Outcome)> {
    let checks = report.checks.iter().map(|check| (check.name, check.outcome));
    checks.filter(|(_, outcome)| *outcome >= Outcome::Unknown).collect()
}

/// The names of the checks that failed.
pub(crate) fn failed(report: &Report) -> Vec<Name> {
    let failed = against(report).into_iter().filter(|(_, outcome)| *outcome == Outcome::Failed);
    failed.map(|(name, _)| name).collect()
}
