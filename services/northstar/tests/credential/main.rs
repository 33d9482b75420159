//! `northstar credential`, as somebody with a file meets it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use northstar_credentials::standard::baking::{Baked, bake};
use northstar_credentials::standard::did_web::Did;
use northstar_credentials::standard::status::ListCredential;
use northstar_credentials_canonical::Limits;
use northstar_credentials_domain::status::Bits;
use northstar_credentials_proof::{Options, SecretKey, Suite, jws, secure};
use serde_json::{Value, json};

const ISSUER: &str = "did:web:badges.example:t:north";
const DEPLOYMENT: &str = "did:web:badges.example";
const LIST: &str = "https://badges.example/status/1";

/// How the program ended, and what it wrote.
struct Ended {
    code: Option<i32>,
    said: String,
    complained: String,
}

fn northstar(arguments: &[&str]) -> Ended {
    let mut program = Command::new(env!("CARGO_BIN_EXE_northstar"));
    let ended = program.args(arguments).output().unwrap();
    let [said, complained] =
        [ended.stdout, ended.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    Ended { code: ended.status.code(), said, complained }
}

fn key() -> SecretKey {
    SecretKey::ed25519(&[1; 32])
}

fn signed(document: &Value, issuer: &str, key: &SecretKey) -> Value {
    let options =
        Options { verification_method: &format!("{issuer}#ed"), created: "2026-01-15T08:00:00Z" };
    secure(document, Suite::EddsaRdfc2022, &options, key, &Limits::RECORD).unwrap()
}

fn issuer_document(id: &str, key: &SecretKey) -> Value {
    let name = format!("{id}#ed");
    json!({"id": id, "assertionMethod": [name], "verificationMethod": [{"id": name,
        "type": "Multikey", "controller": id, "publicKeyMultibase": key.public().multibase()}]})
}

fn badge() -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": "urn:uuid:00000000-0000-4000-8000-000000000001",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Reads maps",
        "issuer": {"id": ISSUER, "type": ["Profile"], "name": "North Schools"},
        "validFrom": "2026-01-15T08:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:11111111-0000-4000-8000-000000000001",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "urn:uuid:22222222-0000-4000-8000-000000000001", "type": ["Achievement"],
                "name": "Reads maps", "description": "Finds a way on a map.",
                "criteria": {"narrative": "Two walks, each led alone."},
            },
        },
        "credentialStatus": {"id": format!("{LIST}#7"), "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation", "statusListIndex": "7", "statusListCredential": LIST},
    })
}

fn list(revoked: bool, issuer: &str) -> Value {
    let mut bits = Bits::default();
    if revoked {
        bits.set(7);
    }
    let did = Did::of_tenant(&"badges.example".parse().unwrap(), "north");
    let made = "2026-01-15T08:00:00Z".parse().unwrap();
    let credential = ListCredential::new(LIST.into(), &did, made, &bits);
    let mut document = serde_json::to_value(credential).unwrap();
    document["issuer"] = issuer.into();
    document
}

/// A folder with a badge, issuers' documents and a list.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("credential").join(name);
        let _ = fs::remove_dir_all(&folder);
        for inner in ["docs", "status"] {
            fs::create_dir_all(folder.join(inner)).unwrap();
        }
        let folder = Self(folder);
        for (name, id) in [("docs/north.json", ISSUER), ("docs/all.json", DEPLOYMENT)] {
            folder.write(name, issuer_document(id, &key()).to_string());
        }
        folder.write("status/1.json", signed(&list(false, ISSUER), ISSUER, &key()).to_string());
        folder.write("badge.json", signed(&badge(), ISSUER, &key()).to_string());
        folder
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.0.join(name), text).unwrap();
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    fn verify(&self, file: &str) -> Ended {
        let [file, docs, status] = [file, "docs", "status"].map(|name| self.path(name));
        let (docs, status) = (["--docs", &docs], ["--status", &status]);
        let now = ["--now", "2026-06-01T00:00:00Z", "-o", "json"];
        northstar(&[&["credential", "verify", &file][..], &docs, &status, &now].concat())
    }

    /// What it came to, and how the check of this name ended.
    fn outcome(&self, file: &str, check: &str) -> (Option<i32>, bool, String) {
        let ended = self.verify(file);
        let report: Value = serde_json::from_str(&ended.said).unwrap();
        let mut checks = report["checks"].as_array().unwrap().iter();
        let check = checks.find(|one| one["name"] == check).unwrap();
        let outcome = check["outcome"].as_str().unwrap().to_owned();
        (ended.code, report["verified"] == true, outcome)
    }
}

fn expect(code: i32, outcome: &str) -> (Option<i32>, bool, String) {
    (Some(code), code == 0, outcome.to_owned())
}

#[test]
fn a_badge_verifies_as_json_as_token_and_baked_into_either_image() {
    let folder = Folder::new("forms");
    let json_text = signed(&badge(), ISSUER, &key()).to_string();
    let mut payload = badge();
    payload["iss"] = payload["issuer"]["id"].clone();
    payload["jti"] = payload["id"].clone();
    payload["sub"] = payload["credentialSubject"]["id"].clone();
    payload["nbf"] = 1_768_464_000.into();
    let token = jws::sign(&key(), &format!("{ISSUER}#ed"), &payload).unwrap();
    folder.write("badge.jws", format!("{token}\n"));
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>"#;
    folder.write("badge.svg", bake(svg, &Baked::Json(json_text)).unwrap());
    folder.write("token.svg", bake(svg, &Baked::CompactJws(token)).unwrap());
    for file in ["badge.json", "badge.jws", "badge.svg", "token.svg"] {
        assert_eq!(folder.outcome(file, "status"), expect(0, "passed"), "{file}");
    }
}

#[test]
fn a_list_revokes_if_it_is_the_issuers_or_the_deployments_and_genuine() {
    let folder = Folder::new("lists");
    let stranger = SecretKey::ed25519(&[9; 32]);
    let name = format!("did:key:{}", stranger.public().multibase().unwrap());
    let mut unsigned = list(false, ISSUER);
    unsigned["validFrom"] = "2026-01-16T08:00:00Z".into();
    for (list, expected) in [
        (signed(&list(true, ISSUER), ISSUER, &key()), expect(1, "failed")),
        (signed(&list(true, DEPLOYMENT), DEPLOYMENT, &key()), expect(1, "failed")),
        (signed(&list(false, DEPLOYMENT), DEPLOYMENT, &key()), expect(0, "passed")),
        (signed(&list(false, ISSUER), ISSUER, &stranger), expect(1, "failed")),
        (signed(&list(false, &name), &name, &stranger), expect(1, "failed")),
        (unsigned, expect(1, "failed")),
    ] {
        folder.write("status/1.json", list.to_string());
        assert_eq!(folder.outcome("badge.json", "status"), expected, "{list}");
    }
    fs::remove_file(folder.path("status/1.json")).unwrap();
    assert_eq!(folder.outcome("badge.json", "status"), expect(1, "not checked"));
}

#[test]
fn without_the_issuers_document_it_is_not_verified_and_says_so() {
    let folder = Folder::new("nobody");
    fs::remove_file(folder.path("docs/north.json")).unwrap();
    assert_eq!(folder.outcome("badge.json", "key owner"), expect(1, "not checked"));
    let ended = northstar(&["credential", "verify", &folder.path("badge.json")]);
    assert_eq!(ended.code, Some(1));
    for words in
        ["NOT VERIFIED", "key owner", "Could not be checked: arithmetic, key owner, status"]
    {
        assert!(ended.said.contains(words), "{}", ended.said);
    }
}

#[test]
fn canonical_quads_are_printed_or_why_there_are_none() {
    let folder = Folder::new("quads");
    let ended = northstar(&["credential", "canonicalize", &folder.path("badge.json")]);
    assert_eq!((ended.code, ended.complained.as_str()), (Some(0), ""));
    let name = "<https://schema.org/name> \"Reads maps\" .";
    assert_eq!(ended.said.lines().filter(|line| line.ends_with(name)).count(), 2, "{}", ended.said);
    let mut strange = badge();
    strange["https://schema.org/name"] = "x".into();
    folder.write("strange.json", strange.to_string());
    let ended = northstar(&["credential", "canonicalize", &folder.path("strange.json")]);
    assert_eq!((ended.code, ended.said.as_str()), (Some(1), ""));
    assert!(ended.complained.contains("IRI_MEMBER"), "{}", ended.complained);
}

#[test]
fn files_that_are_not_there_or_hold_something_else_are_errors_that_name_them() {
    let folder = Folder::new("errors");
    let ended = folder.verify("nowhere.json");
    assert_eq!(ended.code, Some(1));
    assert!(ended.complained.contains("nowhere.json"), "{}", ended.complained);
    folder.write("bare.svg", r#"<svg xmlns="http://www.w3.org/2000/svg"></svg>"#);
    let ended = folder.verify("bare.svg");
    assert_eq!(ended.code, Some(1));
    assert!(ended.complained.contains("no credential baked in"), "{}", ended.complained);
    folder.write("docs/broken.json", "{");
    let ended = folder.verify("badge.json");
    assert_eq!(ended.code, Some(1));
    assert!(ended.complained.contains("broken.json"), "{}", ended.complained);
}
