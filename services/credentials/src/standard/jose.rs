//! Tokens as this service signs them: ES256 and nothing else. What others sign is read in
//! [`northstar_credentials_proof::jws`].

use std::fmt;

use northstar_credentials_canonical::Limits;
pub use northstar_credentials_proof::jws::Compact;
use northstar_credentials_proof::{NotAKey, ProofError, PublicKey, SecretKey, jws};
use serde::Serialize;

/// The one algorithm; a key is pinned to it, whatever a header says.
pub const ALGORITHM: &str = "ES256";

/// A private P-256 key that signs. Shows nothing of itself, and is wiped from memory when dropped.
pub struct Key(SecretKey);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(private)")
    }
}

impl Key {
    /// From the 32 bytes of the scalar, most significant first.
    ///
    /// # Errors
    /// The bytes are no such scalar (of random ones, one in four thousand million is not).
    pub fn from_bytes(scalar: &[u8]) -> Result<Self, NotAKey> {
        SecretKey::p256(scalar.try_into().map_err(|_| NotAKey)?).map(Self)
    }

    /// The public half as a JSON Web Key.
    pub fn public_jwk(&self) -> String {
        self.0.public().jwk().to_string()
    }

    /// Signs `payload`; `method` is the full name of the verification method. The same payload
    /// under the same key gives the same bytes (RFC 6979).
    ///
    /// # Errors
    /// The payload cannot be written as JSON.
    pub fn sign(&self, method: &str, payload: &impl Serialize) -> Result<String, ProofError> {
        jws::sign(&self.0, method, payload)
    }
}

/// Takes a badge's compact form apart.
///
/// # Errors
/// A sentence on what is not as it must be.
pub fn parse(compact_jws: &str) -> Result<Compact<'_>, String> {
    Compact::parse(compact_jws, &Limits::BADGE)
}

/// Whether the key of this JWK made the token's signature.
///
/// # Errors
/// A sentence on why not: another key, changed bytes, or no JWK.
pub fn verify(compact: &Compact<'_>, jwk: &str) -> Result<(), String> {
    let jwk = serde_json::from_str(jwk).map_err(|_| "the issuer's key is no JSON".to_owned())?;
    compact.verify(&PublicKey::from_jwk(&jwk)?).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn key() -> Key {
        Key::from_bytes(&[7; 32]).expect("a scalar")
    }

    #[test]
    fn signing_is_deterministic_and_survives_the_round() {
        let payload = json!({"a": 1});
        let text = key().sign("did:web:a#k", &payload).expect("JSON");
        assert_eq!(text, key().sign("did:web:a#k", &payload).expect("JSON"));
        let compact = parse(&text).expect("ours");
        assert_eq!(
            (compact.algorithm(), compact.method.as_deref()),
            (ALGORITHM, Some("did:web:a#k"))
        );
        assert_eq!(compact.payload, payload);
        assert_eq!(verify(&compact, &key().public_jwk()), Ok(()));
    }

    #[test]
    fn another_key_or_no_key_does_not_verify() {
        let text = key().sign("m", &json!({})).expect("JSON");
        let compact = parse(&text).expect("ours");
        let other = Key::from_bytes(&[9; 32]).expect("a scalar").public_jwk();
        assert!(verify(&compact, &other).expect_err("another").contains("not over these bytes"));
        for jwk in ["", "{}", r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#] {
            verify(&compact, jwk).expect_err("no key");
        }
    }

    #[test]
    fn a_key_shows_nothing_of_itself() {
        assert_eq!(format!("{:?}", key()), "Key(private)");
        assert_eq!(Key::from_bytes(&[0; 32]).err(), Some(NotAKey));
        assert_eq!(Key::from_bytes(&[1; 31]).err(), Some(NotAKey));
    }
}
