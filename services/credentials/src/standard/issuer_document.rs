//! What an issuer publishes about its keys: the document that its `did:web` name leads to, and the
//! key set for verifiers that know only JSON Web Tokens.
//!
//! Every key is listed twice, as Multikey for embedded proofs and as JsonWebKey for tokens, and
//! `assertionMethod` names both by strings: known resolvers fail on methods embedded there. The
//! same keys give the same bytes, so that an ETag over them means something.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use northstar_credentials_domain::issuer_keys::{Algorithm, Key};
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use serde::Serialize;

use super::did_web::Did;

const CONTEXTS: [&str; 3] = [
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/security/jwk/v1",
];

/// Ends the fragment of a key's second method: `#ed-2026-11-jwk`.
const JWK: &str = "-jwk";

/// A key whose bytes are no point of its curve.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the bytes of key {0} are no public key of its algorithm")]
pub struct NoPoint(pub String);

/// The document; serialized, it is `did.json`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IssuerDocument {
    #[serde(rename = "@context")]
    context: [&'static str; 3],
    id: String,
    verification_method: Vec<Method>,
    assertion_method: Vec<String>,
}

/// The key set; serialized, it is `jwks.json`.
#[derive(Debug, Clone, Serialize)]
pub struct KeySet {
    keys: Vec<NamedJwk>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Method {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    controller: String,
    #[serde(flatten)]
    material: Material,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
enum Material {
    PublicKeyMultibase(String),
    PublicKeyJwk(Jwk),
}

/// RFC 7518 section 6.2 and RFC 8037: `y` is for curves that have one.
#[derive(Debug, Clone, Serialize)]
struct Jwk {
    kty: &'static str,
    crv: &'static str,
    x: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    y: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct NamedJwk {
    kid: String,
    #[serde(rename = "use")]
    used_for: &'static str,
    alg: &'static str,
    #[serde(flatten)]
    jwk: Jwk,
}

/// Full name of the key's method for embedded proofs.
pub fn proof_method(did: &Did, key: &Key) -> String {
    did.method(&key.name)
}

/// Full name of the key's method for tokens, their `kid`.
pub fn token_method(did: &Did, key: &Key) -> String {
    did.method(&format!("{}{JWK}", key.name))
}

impl IssuerDocument {
    /// The document with these keys; see `KeyRing::listed_keys`.
    ///
    /// # Errors
    /// A key that is none.
    pub fn new<'k>(did: &Did, listed: impl Iterator<Item = &'k Key>) -> Result<Self, NoPoint> {
        let mut methods = Vec::new();
        for key in listed {
            let method =
                |id, kind, material| Method { id, kind, controller: did.to_string(), material };
            let multibase = Material::PublicKeyMultibase(multibase(key));
            methods.push(method(proof_method(did, key), "Multikey", multibase));
            let jwk = Material::PublicKeyJwk(jwk(key)?);
            methods.push(method(token_method(did, key), "JsonWebKey", jwk));
        }
        let names = methods.iter().map(|method| method.id.clone()).collect();
        Ok(Self {
            context: CONTEXTS,
            id: did.to_string(),
            verification_method: methods,
            assertion_method: names,
        })
    }
}

impl KeySet {
    /// The set with these keys.
    ///
    /// # Errors
    /// A key that is none.
    pub fn new<'k>(did: &Did, listed: impl Iterator<Item = &'k Key>) -> Result<Self, NoPoint> {
        let named = |key: &'k Key| {
            let alg = match key.algorithm {
                Algorithm::Ed25519 => "EdDSA",
                Algorithm::P256 => "ES256",
            };
            let (kid, jwk) = (token_method(did, key), jwk(key)?);
            Ok(NamedJwk { kid, used_for: "sig", alg, jwk })
        };
        Ok(Self { keys: listed.map(named).collect::<Result<_, _>>()? })
    }
}

/// Base58 behind the letter `z`, of the bytes behind the number of their kind.
fn multibase(key: &Key) -> String {
    let kind: [u8; 2] = match key.algorithm {
        Algorithm::Ed25519 => [0xED, 0x01],
        Algorithm::P256 => [0x80, 0x24],
    };
    format!("z{}", bs58::encode([&kind[..], &key.public].concat()).into_string())
}

fn jwk(key: &Key) -> Result<Jwk, NoPoint> {
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    match key.algorithm {
        Algorithm::Ed25519 => Ok(Jwk { kty: "OKP", crv: "Ed25519", x: text(&key.public), y: None }),
        Algorithm::P256 => {
            let no_point = || NoPoint(key.name.clone());
            let point = p256::PublicKey::from_sec1_bytes(&key.public).map_err(|_| no_point())?;
            let point = point.to_encoded_point(false);
            let (x, y) = point.x().zip(point.y()).ok_or_else(no_point)?;
            Ok(Jwk { kty: "EC", crv: "P-256", x: text(x), y: Some(text(y)) })
        }
    }
}

#[cfg(test)]
mod tests;
