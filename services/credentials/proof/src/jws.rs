//! JSON Web Signatures in compact form (RFC 7515): ES256 and EdDSA, and RS256 to verify.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use northstar_credentials_canonical::{Limits, parse_json};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::eddsa::expect;
use crate::error::ProofError;
use crate::key::{Algorithm, PublicKey};
use crate::signer::Signer;

/// Header members that are read. One that is not could change what the signature means.
const HEADER: [&str; 5] = ["alg", "cty", "jwk", "kid", "typ"];
/// What the header may say that the token is; letters' case does not count.
const TYPES: [&str; 3] = ["JWT", "vc+jwt", "vc+ld+jwt"];

/// Signs `payload`; `method` is the full name of the key, the header's `kid`. The same payload under
/// the same key gives the same bytes.
///
/// # Errors
/// The payload cannot be written as JSON, or the key did not sign.
pub fn sign(
    signer: &dyn Signer,
    method: &str,
    payload: &impl Serialize,
) -> Result<String, ProofError> {
    let payload =
        serde_json::to_vec(payload).map_err(|error| ProofError::Malformed(error.to_string()))?;
    let header = json!({"alg": signer.algorithm().jws(), "kid": method, "typ": "JWT"});
    let mut compact = URL_SAFE_NO_PAD.encode(header.to_string());
    compact.push('.');
    URL_SAFE_NO_PAD.encode_string(payload, &mut compact);
    let signature = signer.sign(compact.as_bytes())?;
    compact.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut compact);
    Ok(compact)
}

/// A compact JWS taken apart, its signature not looked at yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Compact<'a> {
    /// What the header says signed it: the full name of a key.
    pub method: Option<String>,
    /// The key that the header brings along. It proves that somebody signed, and not who.
    pub jwk: Option<Value>,
    /// The payload, an object.
    pub payload: Value,
    algorithm: Option<Algorithm>,
    named: String,
    signed: &'a str,
    signature: Vec<u8>,
}

impl<'a> Compact<'a> {
    /// Takes the compact form apart, strictly: three parts of unpadded base64url, a header of known
    /// members alone, and a payload that is an object.
    ///
    /// # Errors
    /// A sentence on what is not as it must be.
    pub fn parse(text: &'a str, limits: &Limits) -> Result<Self, String> {
        // Base64 makes four letters of three bytes.
        let longest = limits.bytes / 3 * 4 + 16_384;
        if text.len() > longest {
            return Err(format!("it has {} bytes, more than {longest}", text.len()));
        }
        let parts: Vec<_> = text.split('.').collect();
        let [header, payload, signature] = parts[..] else {
            return Err(format!("it has {} parts between dots, not 3", parts.len()));
        };
        let members = object("header", header, limits)?;
        read_header(&members)?;
        let named = text_of(&members, "alg")?.ok_or("the header has no alg")?;
        let known = [Algorithm::Ed25519, Algorithm::P256, Algorithm::Rsa];
        Ok(Self {
            method: text_of(&members, "kid")?,
            jwk: members.get("jwk").cloned(),
            algorithm: known.into_iter().find(|algorithm| algorithm.jws() == named),
            named,
            payload: object("payload", payload, limits)?.into(),
            signed: &text[..header.len() + 1 + payload.len()],
            signature: decode("signature", signature)?,
        })
    }

    /// What the header says the algorithm is. A key is pinned to its own, whatever this is.
    pub fn algorithm(&self) -> &str {
        &self.named
    }

    /// Whether this key made the signature, by its own algorithm and no other.
    ///
    /// # Errors
    /// Why not: another algorithm, another key, or changed bytes.
    pub fn verify(&self, key: &PublicKey) -> Result<(), ProofError> {
        let unknown = || ProofError::Malformed(format!("alg is {:?}: not accepted", self.named));
        expect(self.algorithm.ok_or_else(unknown)?, key.algorithm())?;
        let sound = key.verifies(self.signed.as_bytes(), &self.signature);
        if sound { Ok(()) } else { Err(ProofError::Unsound("these bytes")) }
    }
}

fn decode(part: &str, text: &str) -> Result<Vec<u8>, String> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| format!("the {part} is not unpadded base64url"))
}

fn object(part: &str, text: &str, limits: &Limits) -> Result<Map<String, Value>, String> {
    let value = parse_json(&decode(part, text)?, limits).map_err(|e| format!("the {part}: {e}"))?;
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(format!("the {part} is not a JSON object")),
    }
}

fn read_header(header: &Map<String, Value>) -> Result<(), String> {
    if let Some(name) = header.keys().find(|name| !HEADER.contains(&name.as_str())) {
        return Err(format!("the header member {name:?} is not accepted"));
    }
    match text_of(header, "typ")? {
        Some(typ) if !TYPES.iter().any(|known| known.eq_ignore_ascii_case(&typ)) => {
            Err(format!("the header's typ {typ:?} is no credential's"))
        }
        _ => Ok(()),
    }
}

fn text_of(header: &Map<String, Value>, name: &str) -> Result<Option<String>, String> {
    match header.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!("the header's {name} is not a string")),
    }
}
