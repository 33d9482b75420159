//! What is signed here verifies with independent JavaScript, where its packages are installed:
//! `npm ci` in `tests/javascript`.

use std::fs;
use std::path::Path;
use std::process::Command;

use northstar_credentials_proof::{
    Options, SecretKey, Seed, Selective, Suite, derive, jws, secure, secure_selectively,
};
use serde_json::{Value, json};

use crate::documents::{LIMITS, OPTIONS, ed25519, independent, named, p256, without_lists};

const ISSUER: &str = "did:web:badges.example:t:north";

/// One that should verify, and the same with another name for the achievement, which should not.
fn both(name: &str, sound: Value, all: &mut Vec<Value>) {
    let mut changed = sound.clone();
    *changed.pointer_mut("/credentialSubject/achievement/name").unwrap() = "Reads minds".into();
    all.push(json!({"name": name, "secured": sound}));
    all.push(json!({"name": format!("{name}, changed"), "secured": changed, "sound": false}));
}

fn tokens(document: &Value, all: &mut Vec<Value>) {
    let mut payload = document.clone();
    payload["iss"] = payload["issuer"]["id"].clone();
    payload["jti"] = payload["id"].clone();
    payload["sub"] = payload["credentialSubject"]["id"].clone();
    payload["nbf"] = 1_768_464_000.into();
    let keys: [(SecretKey, &str); 2] =
        [(p256(), "p256-2026-01-jwk"), (ed25519(), "ed-2026-01-jwk")];
    for (key, name) in keys {
        let token = jws::sign(&key, &format!("{ISSUER}#{name}"), &payload).unwrap();
        let cut = token[..token.len() - 4].to_owned() + "AAAA";
        all.push(json!({"name": name, "secured": token}));
        all.push(json!({"name": format!("{name}, changed"), "secured": cut, "sound": false}));
    }
}

fn selective(document: &Value, all: &mut Vec<Value>) {
    let method = format!("{ISSUER}#p256-2026-01");
    let options = Options { verification_method: &method, ..OPTIONS };
    let mandatory = ["/credentialSubject/achievement/name"];
    let selective = Selective { mandatory: &mandatory, seed: &Seed([7; 32]) };
    let base = secure_selectively(document, &selective, &options, &p256(), &LIMITS).unwrap();
    for chosen in [&[][..], &["/name"], &["/credentialSubject/result", "/evidence/0"], &[""]] {
        if chosen.iter().all(|pointer| base.pointer(pointer).is_some()) {
            let derived = derive(&base, chosen, &LIMITS).unwrap();
            both(&format!("ecdsa-sd-2023, {chosen:?}"), derived, all);
        }
    }
}

fn issued() -> Vec<Value> {
    let mut all = Vec::new();
    for document in [named("a small badge"), named("a rich badge")] {
        for suite in [Suite::EddsaRdfc2022, Suite::EddsaJcs2022] {
            let signed = secure(&document, suite, &OPTIONS, &ed25519(), &LIMITS).unwrap();
            both(suite.name(), signed, &mut all);
        }
        tokens(&document, &mut all);
    }
    selective(&named("a small badge"), &mut all);
    selective(&without_lists(), &mut all);
    all
}

#[test]
fn independent_javascript_verifies_what_is_signed_here_and_nothing_changed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/javascript");
    if !folder.join("node_modules").is_dir() {
        eprintln!("skipped: the packages of tests/javascript are not installed");
        return;
    }
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("issued.json");
    let all = issued();
    let input = json!({"documents": independent()["documents"], "credentials": all});
    fs::write(&file, input.to_string()).unwrap();
    let ended = Command::new("node").arg(folder.join("verify.mjs")).arg(&file).output().unwrap();
    let said = String::from_utf8_lossy(&ended.stdout).into_owned();
    assert!(ended.status.success(), "{said}{}", String::from_utf8_lossy(&ended.stderr));
    assert!(said.contains(&format!("{} passed, 0 failed", all.len())), "{said}");
}
