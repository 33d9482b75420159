//! The issuer's public keys.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;

/// An RSA modulus of 2048 bits; shorter ones are no longer thought safe.
const MIN_RSA_BYTES: usize = 256;

/// A public key and the one algorithm it is used with.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) algorithm: Algorithm,
    pub(super) key: DecodingKey,
}

/// Keys by their `kid`.
pub(super) type Keys = BTreeMap<String, Arc<Key>>;

#[derive(Deserialize)]
struct Set {
    keys: Vec<serde_json::Value>,
}

/// Reads a JWKS; keys that we cannot or will not use are left out, as RFC 7517 asks.
pub(super) fn parse(bytes: &[u8]) -> Result<Keys, serde_json::Error> {
    let set: Set = serde_json::from_slice(bytes)?;
    Ok(set.keys.into_iter().filter_map(usable).collect())
}

/// The algorithm is a property of the key, never of the token: a token must not choose how it is
/// judged.
fn usable(key: serde_json::Value) -> Option<(String, Arc<Key>)> {
    let jwk: Jwk = serde_json::from_value(key).ok()?;
    let algorithm = match &jwk.algorithm {
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
            Algorithm::ES256
        }
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => {
            Algorithm::EdDSA
        }
        AlgorithmParameters::RSA(key) if long_enough(&key.n) => Algorithm::RS256,
        _ => return None,
    };
    let other_use =
        jwk.common.public_key_use.as_ref().is_some_and(|r#use| *r#use != PublicKeyUse::Signature);
    let other_algorithm =
        jwk.common.key_algorithm.is_some_and(|named| named.to_string() != format!("{algorithm:?}"));
    if other_use || other_algorithm {
        return None;
    }
    let key = DecodingKey::from_jwk(&jwk).ok()?;
    Some((jwk.common.key_id?, Arc::new(Key { algorithm, key })))
}

fn long_enough(modulus: &str) -> bool {
    URL_SAFE_NO_PAD.decode(modulus).is_ok_and(|bytes| bytes.len() >= MIN_RSA_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    const P256: &str = r#""kty":"EC","crv":"P-256",
        "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM""#;
    const ED25519: &str =
        r#""kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo""#;

    fn kids(keys: &[String]) -> Vec<(String, Algorithm)> {
        let set = format!(r#"{{"keys":[{}]}}"#, keys.join(","));
        let keys = parse(set.as_bytes()).unwrap();
        keys.into_iter().map(|(kid, key)| (kid, key.algorithm)).collect()
    }

    #[test]
    fn the_kind_of_key_decides_the_algorithm() {
        let rsa = |bytes: usize| URL_SAFE_NO_PAD.encode(vec![0xff; bytes]);
        let found = kids(&[
            format!(r#"{{"kid":"e",{P256}}}"#),
            format!(r#"{{"kid":"o",{ED25519},"use":"sig","alg":"EdDSA"}}"#),
            format!(r#"{{"kid":"r","kty":"RSA","e":"AQAB","n":"{}"}}"#, rsa(256)),
        ]);
        let expected = [("e", Algorithm::ES256), ("o", Algorithm::EdDSA), ("r", Algorithm::RS256)];
        assert_eq!(found, expected.map(|(kid, algorithm)| (kid.to_owned(), algorithm)));
    }

    #[test]
    fn what_cannot_be_used_is_left_out_and_spoils_nothing() {
        let short = URL_SAFE_NO_PAD.encode([0xff; 128]);
        let found = kids(&[
            r#"{"kid":"h","kty":"oct","k":"c2VjcmV0"}"#.to_owned(),
            r#"{"kid":"x","kty":"EC","crv":"X-99","x":"","y":""}"#.to_owned(),
            format!(r#"{{"kid":"s","kty":"RSA","e":"AQAB","n":"{short}"}}"#),
            format!(r#"{{"kid":"enc",{P256},"use":"enc"}}"#),
            format!(r#"{{"kid":"alg",{P256},"alg":"ES384"}}"#),
            format!("{{{P256}}}"),
            "17".to_owned(),
            format!(r#"{{"kid":"good",{P256}}}"#),
        ]);
        assert_eq!(found, [("good".to_owned(), Algorithm::ES256)]);
        assert!(parse(b"not json").is_err());
    }
}
