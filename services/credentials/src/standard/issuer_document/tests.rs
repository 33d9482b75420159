use northstar_credentials_domain::issuer_keys::{Command, Event, IssuerKeys, KeyRing, Purpose};
use northstar_kernel::{Decider as _, Timestamp};
use serde_json::{Value, json};

use super::*;

fn did() -> Did {
    Did::of_tenant(&"badges.example".parse().expect("a host"), "front-range")
}

fn noon(day: u32) -> Timestamp {
    format!("2026-11-{day:02}T12:00:00Z").parse().expect("an instant")
}

fn url_safe(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).expect("base64url")
}

/// The public keys of RFC 8037, appendix A.2, and RFC 7515, appendix A.3.
fn publics() -> [(Algorithm, Vec<u8>); 2] {
    let ed = url_safe("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    let mut p256 = vec![0x03];
    p256.extend(url_safe("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"));
    [(Algorithm::Ed25519, ed), (Algorithm::P256, p256)]
}

fn after(ring: KeyRing, command: Command) -> KeyRing {
    let events = IssuerKeys::decide(&ring, command).expect("allowed");
    events.iter().fold(ring, IssuerKeys::evolve)
}

/// Both keys, created and published on 1 November.
fn ring() -> KeyRing {
    publics().into_iter().fold(KeyRing::default(), |ring, (algorithm, public)| {
        let purpose = Purpose::Credentials;
        let ring = after(ring, Command::Create { algorithm, purpose, public, at: noon(1) });
        let name = format!("{algorithm}-2026-11");
        after(ring, Command::Publish { name, at: noon(1) })
    })
}

fn document(ring: &KeyRing, at: Timestamp) -> Value {
    let document = IssuerDocument::new(&did(), ring.listed_keys(at)).expect("sound keys");
    serde_json::to_value(document).expect("it is JSON")
}

#[test]
fn each_key_is_listed_as_multikey_and_as_jwk_and_named_by_strings() {
    let document = document(&ring(), noon(1));
    let id = |fragment: &str| format!("did:web:badges.example:t:front-range#{fragment}");
    let names = ["ed-2026-11", "ed-2026-11-jwk", "p256-2026-11", "p256-2026-11-jwk"].map(id);
    assert_eq!(document["assertionMethod"], json!(names));
    let methods = document["verificationMethod"].as_array().expect("an array");
    for ((method, name), kind) in
        methods.iter().zip(names).zip(["Multikey", "JsonWebKey"].into_iter().cycle())
    {
        assert_eq!((&method["id"], &method["type"]), (&json!(name), &json!(kind)));
        assert_eq!(method["controller"], document["id"]);
    }
    assert_eq!(methods.len(), 4);
    let multibase = &methods[0]["publicKeyMultibase"];
    assert_eq!(multibase, "z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw");
    let p256 = methods[2]["publicKeyMultibase"].as_str().expect("a text");
    assert!(p256.starts_with("zDn"), "{p256}");
    let ed = json!({
        "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    });
    assert_eq!(methods[1]["publicKeyJwk"], ed);
    assert_eq!(methods[3]["publicKeyJwk"]["y"], "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
}

#[test]
fn a_multikey_holds_the_bytes_behind_the_number_of_their_kind() {
    for (key, number) in ring().keys().iter().zip([[0xED, 0x01], [0x80, 0x24]]) {
        let text = multibase(key);
        let bytes = bs58::decode(&text[1..]).into_vec().expect("base58");
        assert_eq!(bytes, [&number[..], &key.public].concat());
    }
}

#[test]
fn the_document_follows_the_keys_lives() {
    let ring = ring();
    let before = document(&ring, "2026-11-01T11:00:00Z".parse().expect("an instant"));
    assert_eq!(before["assertionMethod"], json!([]), "nothing was published yet");
    let (from, at) = (noon(2), noon(3));
    let ring = after(ring, Command::Compromise { name: "ed-2026-11".into(), from, at });
    let names = |at| document(&ring, at)["assertionMethod"].as_array().map(Vec::len);
    assert_eq!((names(noon(2)), names(noon(3))), (Some(4), Some(2)));
}

#[test]
fn the_key_set_names_keys_as_tokens_do() {
    let ring = ring();
    let set = KeySet::new(&did(), ring.listed_keys(noon(1))).expect("sound keys");
    let set = serde_json::to_value(set).expect("it is JSON");
    for (named, key) in set["keys"].as_array().expect("an array").iter().zip(ring.keys()) {
        assert_eq!(named["kid"], token_method(&did(), key));
        assert_eq!(named["use"], "sig");
    }
    assert_eq!(
        (&set["keys"][0]["alg"], &set["keys"][1]["alg"]),
        (&json!("EdDSA"), &json!("ES256"))
    );
}

#[test]
fn the_same_keys_give_the_same_bytes() {
    let text = |ring: &KeyRing| {
        let document = IssuerDocument::new(&did(), ring.listed_keys(noon(1))).expect("sound keys");
        serde_json::to_string(&document).expect("it is JSON")
    };
    assert_eq!(text(&ring()), text(&ring()));
    assert!(text(&ring()).starts_with("{\"@context\":[\"https://www.w3.org/ns/did/v1\""));
}

#[test]
fn bytes_that_are_no_point_are_not_published() {
    let event = Event::KeyCreated {
        name: "p256-2026-11".into(),
        algorithm: Algorithm::P256,
        purpose: Purpose::Credentials,
        public: vec![0xFF; 33],
        at: noon(1),
    };
    let ring = IssuerKeys::fold(&[event]);
    let refused = IssuerDocument::new(&did(), ring.keys().iter());
    assert_eq!(refused.map(|_| ()), Err(NoPoint("p256-2026-11".into())));
    assert!(KeySet::new(&did(), ring.keys().iter()).is_err());
}
