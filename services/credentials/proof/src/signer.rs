//! Whoever holds a private key: this process, or something that it asks.

use std::fmt;

use ed25519_dalek::Signer as _;

use crate::key::{Algorithm, PublicKey};

/// A handle on a private key. What it gives for the same message must be the same each time: what was
/// issued is made again from the log, byte for byte.
pub trait Signer {
    /// What the key signs by.
    fn algorithm(&self) -> Algorithm;

    /// Signs the message, which is not hashed yet; 64 bytes, for ECDSA the two scalars.
    ///
    /// # Errors
    /// The key cannot be reached, or may not be used.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignerFailed>;
}

/// The key's holder did not sign; a sentence says why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the key was not used: {0}")]
pub struct SignerFailed(pub String);

/// A private key in memory. Shows nothing of itself, and is wiped when dropped.
pub struct SecretKey(Kind);

enum Kind {
    Ed25519(Box<ed25519_dalek::SigningKey>),
    P256(p256::ecdsa::SigningKey),
}

/// Bytes that are no private key of the algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are no private key of this kind")]
pub struct NotAKey;

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(private)")
    }
}

impl SecretKey {
    /// From the 32 bytes that an Ed25519 key grows from.
    pub fn ed25519(seed: &[u8; 32]) -> Self {
        Self(Kind::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(seed))))
    }

    /// From the 32 bytes of a P-256 scalar, most significant first.
    ///
    /// # Errors
    /// They are no such scalar (of random ones, one in four thousand million is not).
    pub fn p256(scalar: &[u8; 32]) -> Result<Self, NotAKey> {
        let key = p256::ecdsa::SigningKey::from_bytes(scalar.into());
        key.map(|key| Self(Kind::P256(key))).map_err(|_| NotAKey)
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        match &self.0 {
            Kind::Ed25519(key) => PublicKey::of_ed25519(key.verifying_key()),
            Kind::P256(key) => PublicKey::of_p256(*key.verifying_key()),
        }
    }
}

/// Deterministic: Ed25519 by its nature, P-256 by RFC 6979.
impl Signer for SecretKey {
    fn algorithm(&self) -> Algorithm {
        match self.0 {
            Kind::Ed25519(_) => Algorithm::Ed25519,
            Kind::P256(_) => Algorithm::P256,
        }
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignerFailed> {
        Ok(match &self.0 {
            Kind::Ed25519(key) => key.sign(message).to_bytes(),
            Kind::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_bytes().into()
            }
        })
    }
}
