//! JSON Web Signatures in compact form, ES256 alone (RFC 7515, RFC 7518 section 3.4).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use northstar_credentials_canonical::{Limits, parse_json};
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use serde::Serialize;
use serde_json::{Value, json};

/// The one algorithm; a key is pinned to it, whatever a header says.
pub const ALGORITHM: &str = "ES256";

/// Longest compact form that is looked at, in bytes.
const LONGEST: usize = 2 * Limits::BADGE.bytes;

/// A private key that signs. Shows nothing of itself, and is wiped from memory when dropped.
pub struct Key(SigningKey);

/// Bytes that are no private key: not 32, or not a scalar of the curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are no P-256 private key")]
pub struct NotAKey;

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(private)")
    }
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'a str,
    kid: &'a str,
    typ: &'a str,
}

impl Key {
    /// From the 32 bytes of the scalar, most significant first.
    ///
    /// # Errors
    /// The bytes are no such scalar (of random ones, one in four thousand million is not).
    pub fn from_bytes(scalar: &[u8]) -> Result<Self, NotAKey> {
        let scalar = <[u8; 32]>::try_from(scalar).map_err(|_| NotAKey)?;
        SigningKey::from_bytes(&scalar.into()).map(Self).map_err(|_| NotAKey)
    }

    /// The public half as a JSON Web Key.
    pub fn public_jwk(&self) -> String {
        let point = self.0.verifying_key().to_encoded_point(false);
        let coordinate = |bytes: Option<&p256::FieldBytes>| {
            bytes.map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_default()
        };
        let (x, y) = (coordinate(point.x()), coordinate(point.y()));
        json!({"crv": "P-256", "kty": "EC", "x": x, "y": y}).to_string()
    }

    /// Signs `payload`; `method` is the full name of the verification method. The same payload
    /// under the same key gives the same bytes (RFC 6979).
    ///
    /// # Errors
    /// The payload cannot be written as JSON.
    pub fn sign(
        &self,
        method: &str,
        payload: &impl Serialize,
    ) -> Result<String, serde_json::Error> {
        let header = Header { alg: ALGORITHM, kid: method, typ: "JWT" };
        let mut compact = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header)?);
        compact.push('.');
        URL_SAFE_NO_PAD.encode_string(serde_json::to_vec(payload)?, &mut compact);
        let signature: Signature = self.0.sign(compact.as_bytes());
        compact.push('.');
        URL_SAFE_NO_PAD.encode_string(signature.to_bytes(), &mut compact);
        Ok(compact)
    }
}

/// A compact JWS taken apart, its signature not looked at yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Compact<'a> {
    /// What the header says the algorithm is.
    pub algorithm: String,
    /// What the header says signed it: the full name of a verification method.
    pub method: String,
    /// The payload, an object.
    pub payload: Value,
    signed: &'a str,
    signature: Vec<u8>,
}

impl<'a> Compact<'a> {
    /// Takes the compact form apart, strictly: three parts of unpadded base64url, a header of
    /// `alg`, `kid` and `typ` and nothing else (a key in the header proves nothing), an object.
    ///
    /// # Errors
    /// A sentence on what is not as it must be.
    pub fn parse(text: &'a str) -> Result<Self, String> {
        if text.len() > LONGEST {
            return Err(format!("it has {} bytes, more than {LONGEST}", text.len()));
        }
        let parts: Vec<_> = text.split('.').collect();
        let [header, payload, signature] = parts[..] else {
            return Err(format!("it has {} parts between dots, not 3", parts.len()));
        };
        let (algorithm, method) = read_header(&object("header", header)?)?;
        Ok(Self {
            algorithm,
            method,
            payload: object("payload", payload)?,
            signed: &text[..header.len() + 1 + payload.len()],
            signature: decode("signature", signature)?,
        })
    }

    /// Whether the key of this JWK made the signature.
    ///
    /// # Errors
    /// A sentence on why not: another key, changed bytes, or no P-256 JWK.
    pub fn verify(&self, jwk: &str) -> Result<(), String> {
        let signature = Signature::from_slice(&self.signature)
            .map_err(|_| "the signature is not 64 bytes of two scalars".to_owned())?;
        public_key(jwk)?
            .verify(self.signed.as_bytes(), &signature)
            .map_err(|_| "the signature is not over these bytes by this key".to_owned())
    }
}

fn decode(part: &str, text: &str) -> Result<Vec<u8>, String> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| format!("the {part} is not unpadded base64url"))
}

fn object(part: &str, text: &str) -> Result<Value, String> {
    let value = parse_json(&decode(part, text)?, &Limits::BADGE);
    let value = value.map_err(|e| format!("the {part}: {e}"))?;
    if value.is_object() { Ok(value) } else { Err(format!("the {part} is not a JSON object")) }
}

fn read_header(header: &Value) -> Result<(String, String), String> {
    let strange = header.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    if let Some(name) = strange.into_iter().find(|name| !["alg", "kid", "typ"].contains(name)) {
        return Err(format!("the header member {name:?} is not accepted"));
    }
    if header["typ"] != "JWT" {
        return Err("the header's typ is not \"JWT\"".into());
    }
    let text = |name: &str| {
        let value = header[name].as_str().map(ToOwned::to_owned);
        value.ok_or_else(|| format!("the header's {name} is not a string"))
    };
    Ok((text("alg")?, text("kid")?))
}

fn public_key(jwk: &str) -> Result<VerifyingKey, String> {
    let bad = || "the issuer's key is no P-256 JWK".to_owned();
    let jwk: Value = serde_json::from_str(jwk).map_err(|_| bad())?;
    if jwk["kty"] != "EC" || jwk["crv"] != "P-256" {
        return Err(bad());
    }
    let coordinate = |name: &str| {
        let bytes = URL_SAFE_NO_PAD.decode(jwk[name].as_str()?).ok()?;
        <[u8; 32]>::try_from(bytes).ok()
    };
    let (x, y) = coordinate("x").zip(coordinate("y")).ok_or_else(bad)?;
    let point = p256::EncodedPoint::from_affine_coordinates(&x.into(), &y.into(), false);
    VerifyingKey::from_encoded_point(&point).map_err(|_| bad())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The private key of RFC 7515, appendix A.3.
    const SCALAR: &str = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";

    fn key() -> Key {
        Key::from_bytes(&URL_SAFE_NO_PAD.decode(SCALAR).expect("base64url")).expect("a scalar")
    }

    #[test]
    fn the_public_half_is_the_one_of_the_rfc() {
        let jwk: Value = serde_json::from_str(&key().public_jwk()).expect("JSON");
        assert_eq!(jwk["x"], "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU");
        assert_eq!(jwk["y"], "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
    }

    #[test]
    fn the_rfcs_own_signature_verifies() {
        let text = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6\
                    Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4Gawxa\
                    epmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
        let (signed, signature) = text.rsplit_once('.').expect("two dots");
        let compact = Compact {
            algorithm: String::new(),
            method: String::new(),
            payload: Value::Null,
            signed,
            signature: decode("signature", signature).expect("base64url"),
        };
        assert_eq!(compact.verify(&key().public_jwk()), Ok(()));
    }

    #[test]
    fn signing_is_deterministic_and_survives_the_round() {
        let payload = json!({"a": 1});
        let text = key().sign("did:web:a#k", &payload).expect("JSON");
        assert_eq!(text, key().sign("did:web:a#k", &payload).expect("JSON"));
        let compact = Compact::parse(&text).expect("ours");
        assert_eq!((compact.algorithm.as_str(), compact.method.as_str()), ("ES256", "did:web:a#k"));
        assert_eq!(compact.payload, payload);
        assert_eq!(compact.verify(&key().public_jwk()), Ok(()));
    }

    #[test]
    fn another_key_or_no_key_does_not_verify() {
        let text = key().sign("m", &json!({})).expect("JSON");
        let compact = Compact::parse(&text).expect("ours");
        let other = Key::from_bytes(&[7; 32]).expect("a scalar").public_jwk();
        assert!(compact.verify(&other).expect_err("another key").contains("not over these bytes"));
        for jwk in ["", "{}", r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#] {
            assert!(compact.verify(jwk).expect_err("no key").contains("no P-256 JWK"));
        }
    }

    #[test]
    fn loose_forms_are_refused() {
        let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let header = encode(r#"{"alg":"ES256","kid":"k","typ":"JWT"}"#);
        let with = |header: &str| format!("{}.e30.AAAA", encode(header));
        let cases = [
            ("e30.e30".to_owned(), "2 parts"),
            (format!("{header}.e30.AAAA.x"), "4 parts"),
            (format!("{header}=.e30.AAAA"), "header is not unpadded base64url"),
            (format!("{header}.e31.AAAA"), "payload"),
            (format!("{header}.W10.AAAA"), "payload is not a JSON object"),
            (format!("{header}.{}.AAAA", encode(r#"{"a":1,"a":2}"#)), "/a: is there twice"),
            (format!("{header}.e30.A+A/"), "signature is not unpadded base64url"),
            (format!(" {header}.e30.AAAA"), "header is not unpadded base64url"),
            (with(r#"{"alg":"ES256","kid":"k","typ":"JWT","jwk":{}}"#), "\"jwk\" is not accepted"),
            (with(r#"{"alg":"ES256","kid":"k","typ":"JWT","crit":[]}"#), "\"crit\""),
            (with(r#"{"alg":"ES256","kid":"k"}"#), "typ"),
            (with(r#"{"alg":1,"kid":"k","typ":"JWT"}"#), "alg is not a string"),
            (with(r#"{"alg":"none","typ":"JWT"}"#), "kid is not a string"),
            ("x".repeat(LONGEST + 1), "more than"),
        ];
        for (text, expected) in cases {
            let error = Compact::parse(&text).expect_err(expected);
            assert!(error.contains(expected), "{error} / {expected}");
        }
    }

    #[test]
    fn a_key_shows_nothing_of_itself() {
        assert_eq!(format!("{:?}", key()), "Key(private)");
        assert_eq!(Key::from_bytes(&[0; 32]).err(), Some(NotAKey));
        assert_eq!(Key::from_bytes(&[1; 31]).err(), Some(NotAKey));
    }
}
