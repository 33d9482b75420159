//! An issuer, what it signed in every form, and what it publishes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use northstar_credentials::standard::baking::{Baked, bake};
use northstar_credentials::standard::did_web::{Did, Host};
use northstar_credentials::standard::embedded;
use northstar_credentials::standard::published::Published;
use northstar_credentials::standard::status::{Entry, ListCredential};
use northstar_credentials_canonical::{Limits, canonical_document};
use northstar_credentials_domain::status::{Bits, Place};
use northstar_credentials_proof::{
    Options, SecretKey, Seed, Selective, Suite, derive, jws, secure, secure_selectively,
};
use northstar_kernel::Timestamp;
use serde_json::{Value, json};

const CREATED: &str = "2026-01-15T08:00:00Z";
const LIMITS: Limits = Limits::RECORD;
const SLUG: &str = "north";
/// The place of what was revoked.
const REVOKED: Place = Place { list: 1, index: 8 };

pub(crate) struct World {
    /// Credentials with proofs inside.
    pub(crate) documents: Vec<String>,
    /// Credentials as tokens.
    pub(crate) tokens: Vec<String>,
    /// Images with credentials baked into them.
    pub(crate) images: Vec<Vec<u8>>,
    /// The issuer's document and its list.
    pub(crate) issuer: String,
    pub(crate) list: String,
    /// What a stranger signed in the issuer's name, and what the list ends.
    pub(crate) forged: String,
    pub(crate) revoked: String,
    /// What is published, unchanged.
    pub(crate) published: Published,
    /// What each signed credential says.
    pub(crate) signed: BTreeSet<String>,
}

pub(crate) fn now() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

/// What a credential says, without its proofs.
pub(crate) fn said(credential: &Value) -> String {
    let mut credential = credential.clone();
    credential.as_object_mut().unwrap().remove("proof");
    canonical_document(credential.to_string().as_bytes(), &LIMITS).unwrap().nquads
}

fn host() -> Host {
    Host::default()
}

fn did() -> Did {
    Did::of_tenant(&host(), SLUG)
}

fn ed25519() -> SecretKey {
    SecretKey::ed25519(&[1; 32])
}

fn p256() -> SecretKey {
    SecretKey::p256(&[2; 32]).unwrap()
}

/// The rich badge of the project's vectors, as this issuer would issue it at that place.
fn badge(place: Place) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("canonical/tests/vectors");
    let vectors: Value =
        serde_json::from_slice(&fs::read(folder.join("documents.json")).unwrap()).unwrap();
    let mut documents = vectors["documents"].as_array().unwrap().iter();
    let mut badge =
        documents.find(|one| one["name"] == "a rich badge").unwrap()["document"].clone();
    badge["issuer"]["id"] = did().as_str().into();
    badge["credentialSubject"]["activityStartDate"] = "2025-09-01T08:00:00Z".into();
    let entry = Entry::new(host().status_list(SLUG, place.list), place);
    badge["credentialStatus"] = serde_json::to_value(entry).unwrap();
    badge
}

fn method(name: &str) -> String {
    format!("{}#{name}", did())
}

fn signed(document: &Value, suite: Suite, key: &SecretKey) -> Value {
    let options = Options { verification_method: &method("ed"), created: CREATED };
    secure(document, suite, &options, key, &LIMITS).unwrap()
}

/// The base credential and one derived from it.
fn disclosed(badge: &Value) -> [Value; 2] {
    let mut badge = badge.clone();
    let descriptions = badge.pointer_mut("/credentialSubject/achievement/resultDescription");
    for description in descriptions.unwrap().as_array_mut().unwrap() {
        description.as_object_mut().unwrap().remove("allowedValue");
    }
    let options = Options { verification_method: &method("p256"), created: CREATED };
    let selective =
        Selective { mandatory: &["/credentialSubject/achievement"], seed: &Seed([3; 32]) };
    let base = secure_selectively(&badge, &selective, &options, &p256(), &LIMITS).unwrap();
    let derived = derive(&base, &["/credentialSubject/result"], &LIMITS).unwrap();
    [base, derived]
}

/// A record of two badges.
fn record(badges: &[Value]) -> Value {
    let record = json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        ],
        "id": "urn:uuid:66666666-0000-4000-8000-000000000001",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Record",
        "issuer": {"id": did().as_str(), "type": ["Profile"], "name": "North Schools"},
        "validFrom": CREATED,
        "partial": true,
        "credentialSubject": {
            "id": "urn:uuid:11111111-0000-4000-8000-000000000009",
            "type": ["ClrSubject"],
            "verifiableCredential": badges,
        },
    });
    signed(&record, Suite::EddsaRdfc2022, &ed25519())
}

fn token(badge: &Value, key: &SecretKey, name: &str) -> String {
    let seconds = |name: &str| {
        let moment: Timestamp = badge[name].as_str().unwrap().parse().unwrap();
        moment.micros() / 1_000_000
    };
    let mut claims = badge.clone();
    claims["iss"] = did().as_str().into();
    claims["jti"] = badge["id"].clone();
    claims["sub"] = badge["credentialSubject"]["id"].clone();
    claims["nbf"] = seconds("validFrom").into();
    claims["exp"] = seconds("validUntil").into();
    jws::sign(key, &method(name), &claims).unwrap()
}

fn issuer() -> Value {
    let keys = [("ed", ed25519()), ("p256", p256())];
    let methods = keys.each_ref().map(|(name, key)| {
        json!({"id": method(name), "type": "Multikey", "controller": did().as_str(),
            "publicKeyMultibase": key.public().multibase()})
    });
    json!({"@context": ["https://www.w3.org/ns/did/v1"], "id": did().as_str(),
        "assertionMethod": methods.each_ref().map(|method| &method["id"]),
        "verificationMethod": methods})
}

fn list() -> String {
    let mut bits = Bits::default();
    bits.set(REVOKED.index);
    let url = host().status_list(SLUG, REVOKED.list);
    let list = ListCredential::new(url, &did(), CREATED.parse().unwrap(), &bits);
    embedded::sign(&ed25519(), &method("ed"), CREATED, &list).unwrap()
}

/// One black pixel.
const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55\
    \0\0\0\x0aIDATx\x9cc`\0\0\0\x02\0\x01\x48\xaf\xa4\x71\0\0\0\0IEND\xae\x42\x60\x82";
const SVG: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><g/></svg>";

impl World {
    pub(crate) fn new() -> Self {
        let badge_7 = badge(Place { list: REVOKED.list, index: 7 });
        let rdfc = signed(&badge_7, Suite::EddsaRdfc2022, &ed25519());
        let jcs = signed(&badge_7, Suite::EddsaJcs2022, &ed25519());
        let [base, derived] = disclosed(&badge_7);
        let mut other = badge_7.clone();
        other["id"] = "urn:uuid:00000000-0000-4000-8000-000000000003".into();
        let other = signed(&other, Suite::EddsaRdfc2022, &ed25519());
        let record = record(&[rdfc.clone(), other]);
        let documents = [rdfc, jcs, base, derived, record];
        let tokens = vec![token(&badge_7, &p256(), "p256"), token(&badge_7, &ed25519(), "ed")];
        let baked = |image: &[u8], text: &str| bake(image, &Baked::of_text(text).unwrap()).unwrap();
        let json = documents[0].to_string();
        let images = [PNG, SVG]
            .into_iter()
            .flat_map(|image| [baked(image, &json), baked(image, &tokens[0])]);
        let stranger = SecretKey::ed25519(&[9; 32]);
        let (issuer, list) = (issuer().to_string(), list());
        let mut published = Published::at(now());
        published.add_document(issuer.as_bytes()).unwrap();
        published.add_list(list.clone().into_bytes()).unwrap();
        Self {
            images: images.collect(),
            signed: documents.iter().map(said).collect(),
            forged: signed(&badge_7, Suite::EddsaRdfc2022, &stranger).to_string(),
            revoked: signed(&badge(REVOKED), Suite::EddsaRdfc2022, &ed25519()).to_string(),
            documents: documents.iter().map(Value::to_string).collect(),
            tokens,
            issuer,
            list,
            published,
        }
    }
}
