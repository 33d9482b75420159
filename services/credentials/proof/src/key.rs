//! Public keys, as Multikey, JSON Web Key and `did:key` write them.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Verifier as _;
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde_json::{Value, json};

use crate::multibase;

/// Codes in front of a Multikey's bytes, as unsigned varints.
const ED25519: [u8; 2] = [0xED, 0x01];
const P256: [u8; 2] = [0x80, 0x24];

/// What a key signs by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    /// Edwards curve 25519; `EdDSA` in JSON Web Signatures.
    Ed25519,
    /// ECDSA over P-256 with SHA-256; `ES256`.
    P256,
    /// RSA of 2,048 to 8,192 bits, PKCS#1 1.5 with SHA-256; `RS256`. Verified, never signed with.
    Rsa,
}

impl Algorithm {
    /// Its name in a JSON Web Signature's header.
    pub fn jws(self) -> &'static str {
        match self {
            Self::Ed25519 => "EdDSA",
            Self::P256 => "ES256",
            Self::Rsa => "RS256",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ed25519 => "an Ed25519 key",
            Self::P256 => "a P-256 key",
            Self::Rsa => "an RSA key",
        })
    }
}

/// A public key. Two are equal if they are the same key, however each was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Ed25519(ed25519_dalek::VerifyingKey),
    P256(p256::ecdsa::VerifyingKey),
    Rsa { n: Vec<u8>, e: Vec<u8> },
}

impl PublicKey {
    /// From a Multikey's `publicKeyMultibase`.
    ///
    /// # Errors
    /// A sentence: no base58 multibase, another kind of key, or no point of its curve.
    pub fn from_multibase(text: &str) -> Result<Self, String> {
        let bytes = multibase::decode('z', text).ok_or("the key is not base58 behind a \"z\"")?;
        Self::from_multicodec(&bytes)
    }

    /// From the bytes of a Multikey.
    pub(crate) fn from_multicodec(bytes: &[u8]) -> Result<Self, String> {
        match bytes.split_first_chunk::<2>() {
            Some((&ED25519, key)) => Self::ed25519(key),
            Some((&P256, key)) if key.len() == 33 => Self::p256(key),
            _ => Err("the Multikey is neither Ed25519 nor a compressed P-256 point".into()),
        }
    }

    /// The key that a `did:key` is made of; `did` has no fragment.
    ///
    /// # Errors
    /// A sentence: no `did:key`, or no key in it.
    pub fn from_did_key(did: &str) -> Result<Self, String> {
        Self::from_multibase(did.strip_prefix("did:key:").ok_or("it is no did:key")?)
    }

    /// From a JSON Web Key: OKP Ed25519, EC P-256, or RSA.
    ///
    /// # Errors
    /// A sentence: another kind of key, or members that are missing or wrong.
    pub fn from_jwk(jwk: &Value) -> Result<Self, String> {
        let bytes = |member: &str| {
            let text = jwk[member].as_str().and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
            text.ok_or_else(|| format!("the JWK's {member} is not unpadded base64url"))
        };
        match (jwk["kty"].as_str(), jwk["crv"].as_str()) {
            _ if jwk.get("d").is_some() => Err("the JWK is a private key".into()),
            (Some("OKP"), Some("Ed25519")) => Self::ed25519(&bytes("x")?),
            (Some("EC"), Some("P-256")) => {
                let (x, y) = (bytes("x")?, bytes("y")?);
                if x.len() != 32 || y.len() != 32 {
                    return Err("the JWK's coordinates are not 32 bytes each".into());
                }
                Self::p256(&[&[4], &x[..], &y].concat())
            }
            (Some("RSA"), None) => Self::rsa(bytes("n")?, bytes("e")?),
            _ => Err("the JWK is no Ed25519, P-256 or RSA key".into()),
        }
    }

    fn ed25519(bytes: &[u8]) -> Result<Self, String> {
        let wrong = "the bytes are no Ed25519 public key";
        let bytes = bytes.try_into().map_err(|_| wrong)?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| wrong)?;
        // Of a few points, one signature is good for many messages.
        if key.is_weak() { Err(wrong.into()) } else { Ok(Self(Kind::Ed25519(key))) }
    }

    fn p256(point: &[u8]) -> Result<Self, String> {
        let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point);
        key.map(|key| Self(Kind::P256(key))).map_err(|_| "the bytes are no P-256 point".into())
    }

    fn rsa(n: Vec<u8>, e: Vec<u8>) -> Result<Self, String> {
        if !(256..=1_024).contains(&n.len()) || n[0] == 0 {
            return Err("the RSA modulus has not 2,048 to 8,192 bits".into());
        }
        if !(1..=5).contains(&e.len()) || e[0] == 0 {
            return Err("the RSA exponent has not 1 to 5 bytes".into());
        }
        Ok(Self(Kind::Rsa { n, e }))
    }

    pub(crate) fn of_ed25519(key: ed25519_dalek::VerifyingKey) -> Self {
        Self(Kind::Ed25519(key))
    }

    pub(crate) fn of_p256(key: p256::ecdsa::VerifyingKey) -> Self {
        Self(Kind::P256(key))
    }

    /// What it signs by.
    pub fn algorithm(&self) -> Algorithm {
        match self.0 {
            Kind::Ed25519(_) => Algorithm::Ed25519,
            Kind::P256(_) => Algorithm::P256,
            Kind::Rsa { .. } => Algorithm::Rsa,
        }
    }

    /// The bytes of the Multikey; an RSA key has none here.
    pub(crate) fn multicodec(&self) -> Option<Vec<u8>> {
        match &self.0 {
            Kind::Ed25519(key) => Some([&ED25519[..], key.as_bytes()].concat()),
            Kind::P256(key) => Some([&P256[..], key.to_encoded_point(true).as_bytes()].concat()),
            Kind::Rsa { .. } => None,
        }
    }

    /// As `publicKeyMultibase`; an RSA key is not written so.
    pub fn multibase(&self) -> Option<String> {
        self.multicodec().map(|bytes| multibase::base58(&bytes))
    }

    /// As a JSON Web Key, with the members that its thumbprint has.
    pub fn jwk(&self) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match &self.0 {
            Kind::Ed25519(key) => {
                json!({"crv": "Ed25519", "kty": "OKP", "x": text(key.as_bytes())})
            }
            Kind::P256(key) => {
                let point = p256::PublicKey::from(key).to_encoded_point(false);
                let coordinate = |bytes: Option<&p256::FieldBytes>| bytes.map(|bytes| text(bytes));
                let (x, y) = (coordinate(point.x()), coordinate(point.y()));
                json!({"crv": "P-256", "kty": "EC", "x": x, "y": y})
            }
            Kind::Rsa { n, e } => json!({"e": text(e), "kty": "RSA", "n": text(n)}),
        }
    }

    /// Whether this key made the signature over the message.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.0 {
            Kind::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            Kind::P256(key) => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            Kind::Rsa { n, e } => RsaPublicKeyComponents { n, e }
                .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
                .is_ok(),
        }
    }
}
