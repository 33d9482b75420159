//! JSON Web Signatures: read strictly, and pinned to the key's own algorithm.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use northstar_credentials_proof::jws::{Compact, sign};
use northstar_credentials_proof::{ProofError, PublicKey, SecretKey};
use serde_json::{Value, json};

use crate::documents::{LIMITS, ed25519, p256};

const METHOD: &str = "did:web:a.example:t:one#k";

fn compact(key: &SecretKey) -> String {
    sign(key, METHOD, &json!({"a": 1, "b": {"c": true}})).unwrap()
}

/// The same with another header.
fn with_header(compact: &str, header: &Value) -> String {
    let rest = compact.split_once('.').unwrap().1;
    format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string()))
}

#[test]
fn what_is_signed_verifies_and_is_the_same_each_time() {
    for (key, algorithm) in [(p256(), "ES256"), (ed25519(), "EdDSA")] {
        let text = compact(&key);
        assert_eq!(text, compact(&key));
        let parsed = Compact::parse(&text, &LIMITS).unwrap();
        assert_eq!((parsed.algorithm(), parsed.method.as_deref()), (algorithm, Some(METHOD)));
        assert_eq!(parsed.payload["b"]["c"], true);
        parsed.verify(&key.public()).unwrap();
    }
}

/// RFC 8037, appendix A.4, over its own header; ours are longer.
#[test]
fn the_rfcs_ed25519_key_is_read_and_its_signature_verifies() {
    let jwk = json!({"kty": "OKP", "crv": "Ed25519",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    let signature =
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    let signed = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    assert!(PublicKey::from_jwk(&jwk).unwrap().verifies(signed.as_bytes(), &signature));
}

/// RFC 7515, appendix A.3.
#[test]
fn the_rfcs_p256_key_is_ours_and_its_signature_verifies() {
    let scalar = URL_SAFE_NO_PAD.decode("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI").unwrap();
    let key = SecretKey::p256(&scalar.try_into().unwrap()).unwrap().public();
    assert_eq!(key.jwk()["x"], "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU");
    assert_eq!(key.jwk()["y"], "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
    let text = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6\
                Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4Gawxa\
                epmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    let compact = Compact::parse(text, &LIMITS).unwrap();
    assert_eq!((compact.method.as_deref(), compact.verify(&key)), (None, Ok(())));
}

#[test]
fn the_header_cannot_choose_the_algorithm() {
    let text = compact(&p256());
    for algorithm in ["none", "HS256", "ES384", "es256", "EdDSA", "RS256", ""] {
        let changed = with_header(&text, &json!({"alg": algorithm, "kid": METHOD, "typ": "JWT"}));
        let error =
            Compact::parse(&changed, &LIMITS).unwrap().verify(&p256().public()).unwrap_err();
        let refused = matches!(error, ProofError::Malformed(_) | ProofError::WrongKey { .. });
        assert!(refused, "{algorithm}: {error}");
    }
}

#[test]
fn a_header_that_says_more_than_is_understood_is_refused() {
    let text = compact(&p256());
    for (name, value) in [
        ("crit", json!(["b64"])),
        ("b64", json!(false)),
        ("jku", json!("https://evil.example")),
        ("x5c", json!([])),
        ("typ", json!("at+jwt")),
        ("kid", json!(1)),
        ("alg", json!(null)),
    ] {
        let mut header = json!({"alg": "ES256", "kid": METHOD, "typ": "JWT"});
        header[name] = value;
        let changed = with_header(&text, &header);
        assert!(Compact::parse(&changed, &LIMITS).is_err(), "{name}");
    }
}

#[test]
fn what_is_no_token_is_refused() {
    for text in ["", ".", "..", "a.b.c", "not a token", "e30.e30.e30", "e30.e30.e30.e30", "=.=.="] {
        assert!(Compact::parse(text, &LIMITS).is_err(), "{text:?}");
    }
    let twice = URL_SAFE_NO_PAD.encode(r#"{"a":1,"a":2}"#);
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256"}"#);
    let error = Compact::parse(&format!("{header}.{twice}.AA"), &LIMITS).unwrap_err();
    assert!(error.contains("DUPLICATE_MEMBER"), "{error}");
    let long = "A".repeat(10 * LIMITS.bytes);
    assert!(Compact::parse(&format!("{header}.{long}.AA"), &LIMITS).unwrap_err().contains("bytes"));
}

#[test]
fn no_byte_of_a_token_can_be_changed() {
    for key in [p256(), ed25519()] {
        let text = compact(&key);
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            let verified = Compact::parse(&changed, &LIMITS)
                .is_ok_and(|parsed| parsed.verify(&key.public()).is_ok());
            assert!(!verified, "byte {at}");
        }
    }
}
