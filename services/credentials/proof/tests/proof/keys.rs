//! Keys in the forms that others write them in.

use northstar_credentials_proof::{Algorithm, PublicKey, SecretKey};
use serde_json::json;

use crate::documents::{ed25519, independent, p256};

#[test]
fn a_key_is_the_same_in_every_form() {
    for key in [ed25519().public(), p256().public()] {
        let multibase = key.multibase().unwrap();
        assert_eq!(PublicKey::from_multibase(&multibase), Ok(key.clone()));
        assert_eq!(PublicKey::from_jwk(&key.jwk()), Ok(key.clone()));
        assert_eq!(PublicKey::from_did_key(&format!("did:key:{multibase}")), Ok(key));
    }
    let vectors = independent();
    let jwk = &vectors["documents"][0]["verificationMethod"][4]["publicKeyJwk"];
    let rsa = PublicKey::from_jwk(jwk).unwrap();
    assert_eq!((rsa.algorithm(), rsa.multibase()), (Algorithm::Rsa, None));
    assert_eq!(PublicKey::from_jwk(&rsa.jwk()), Ok(rsa));
}

#[test]
fn what_is_no_key_is_refused() {
    let good = p256().public().multibase().unwrap();
    let longer = format!("{good}1");
    for text in ["", "z", "zz", "m123", "z0OIl", &good[1..], &good[..good.len() - 1], &longer] {
        assert!(PublicKey::from_multibase(text).is_err(), "{text:?}");
    }
    assert!(PublicKey::from_multibase(&format!("z{}", "2".repeat(100_000))).is_err());
    // A point of small order, under which one signature is good for many messages.
    let weak = bs58::encode([&[0xED, 0x01, 1][..], &[0; 31]].concat()).into_string();
    assert!(PublicKey::from_multibase(&format!("z{weak}")).is_err());
    assert!(PublicKey::from_did_key("did:web:a.example").is_err());
    assert!(SecretKey::p256(&[0; 32]).is_err());
    assert!(SecretKey::p256(&[255; 32]).is_err());
}

#[test]
fn a_jwk_of_another_kind_a_private_one_and_a_short_rsa_key_are_refused() {
    let x = "A".repeat(43);
    let mut private = ed25519().public().jwk();
    private["d"] = json!(x);
    for jwk in [
        json!({}),
        json!(7),
        json!({"kty": "oct", "k": "AA"}),
        json!({"kty": "EC", "crv": "P-384", "x": x, "y": x}),
        json!({"kty": "EC", "crv": "P-256", "x": x, "y": x}),
        json!({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}),
        json!({"kty": "OKP", "crv": "X25519", "x": x}),
        json!({"kty": "RSA", "n": "A".repeat(171), "e": "AQAB"}),
        json!({"kty": "RSA", "n": "wA".repeat(171), "e": "AAAB"}),
        private,
    ] {
        assert!(PublicKey::from_jwk(&jwk).is_err(), "{jwk}");
    }
}

#[test]
fn a_secret_key_shows_nothing_of_itself() {
    assert_eq!(format!("{:?}{:?}", ed25519(), p256()), "SecretKey(private)SecretKey(private)");
}
