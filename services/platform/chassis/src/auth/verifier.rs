//! From a token's text to what it grants.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Validation, decode, decode_header};
use lru::LruCache;
use sha2::{Digest as _, Sha256};

use super::grant::Claims;
use super::ring::{Pace, Ring};
use super::source::{FetchError, Source};
use super::{Denied, Grant};
use crate::config::AuthConfig;

/// How many proven tokens are remembered. A signature costs a hundred times a look-up.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(10_000).expect("ten thousand is not zero");

/// Validity is compared in whole seconds; more skew than this would make expiry meaningless.
const MAX_SKEW_SECONDS: u64 = 600;

/// Why tokens cannot be verified at all.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The key file is missing or unusable.
    #[error("auth.jwks: {path}")]
    Keys {
        /// The file.
        path: String,
        /// What is wrong with it.
        source: FetchError,
    },
    /// The skew is out of bounds.
    #[error("auth.clock_skew_seconds: at most {MAX_SKEW_SECONDS}")]
    Skew,
}

/// Verifies tokens of one issuer for one audience.
pub struct Verifier {
    ring: Arc<Ring>,
    issuer: String,
    audience: String,
    skew: u64,
    proven: Mutex<LruCache<[u8; 32], Proven>>,
}

/// A token whose signature and claims were found good, under the keys of `generation`.
struct Proven {
    grant: Arc<Grant>,
    not_before: u64,
    expires: u64,
    generation: u64,
}

impl Verifier {
    /// Prepares to verify, and fetches the issuer's keys.
    ///
    /// # Errors
    ///
    /// When a key *file* cannot be used. An issuer that cannot be reached is not an error: calls are
    /// answered with `UNAVAILABLE` until it can.
    pub async fn open(config: &AuthConfig) -> Result<Self, SetupError> {
        Self::open_at(config, Pace::DEFAULT).await
    }

    async fn open_at(config: &AuthConfig, pace: Pace) -> Result<Self, SetupError> {
        if config.clock_skew_seconds > MAX_SKEW_SECONDS {
            return Err(SetupError::Skew);
        }
        let source = Source::new(&config.jwks);
        let is_file = matches!(source, Source::File(_));
        let ring = Arc::new(Ring::new(source, pace));
        match ring.load().await {
            Ok(()) => {}
            Err(source) if is_file => {
                return Err(SetupError::Keys { path: config.jwks.clone(), source });
            }
            Err(error) => {
                let cause = crate::status::chain(&error);
                tracing::warn!(cause, "the issuer's keys cannot be fetched yet");
            }
        }
        Ok(Self {
            ring,
            issuer: config.issuer.clone(),
            audience: config.audience.clone(),
            skew: config.clock_skew_seconds,
            proven: Mutex::new(LruCache::new(REMEMBERED)),
        })
    }

    /// What `token` (without the word `Bearer`) grants at this moment.
    ///
    /// # Errors
    ///
    /// [`Denied`], with the reason to tell the caller.
    pub async fn verify(&self, token: &str) -> Result<Arc<Grant>, Denied> {
        self.ring.renew_if_old();
        let name: [u8; 32] = Sha256::digest(token).into();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        if let Some(grant) = self.remembered(&name, now)? {
            return Ok(grant);
        }
        let generation = self.ring.generation();
        let header = decode_header(token).map_err(|_| Denied::Malformed)?;
        let key = self.ring.find(&header.kid.ok_or(Denied::UnknownKey)?).await?;
        let claims = decode::<Claims>(token, &key.key, &self.validation(key.algorithm))
            .map_err(|error| denied(error.kind()))?
            .claims;
        let grant = Arc::new(claims.grant()?);
        let proven = Proven {
            grant: Arc::clone(&grant),
            not_before: claims.nbf.unwrap_or(0),
            expires: claims.exp.unwrap_or(0),
            generation,
        };
        self.proven.lock().unwrap_or_else(PoisonError::into_inner).put(name, proven);
        Ok(grant)
    }

    fn remembered(&self, name: &[u8; 32], now: u64) -> Result<Option<Arc<Grant>>, Denied> {
        let mut proven = self.proven.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(found) = proven.get(name) else { return Ok(None) };
        if found.generation != self.ring.generation() {
            return Ok(None);
        }
        if found.expires.saturating_add(self.skew) < now {
            return Err(Denied::Expired);
        }
        if found.not_before > now.saturating_add(self.skew) {
            return Err(Denied::TooEarly);
        }
        Ok(Some(Arc::clone(&found.grant)))
    }

    fn validation(&self, algorithm: jsonwebtoken::Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        validation.leeway = self.skew;
        validation.validate_nbf = true;
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation
    }
}

fn denied(kind: &ErrorKind) -> Denied {
    match kind {
        ErrorKind::ExpiredSignature => Denied::Expired,
        ErrorKind::ImmatureSignature => Denied::TooEarly,
        ErrorKind::InvalidIssuer => Denied::Issuer,
        ErrorKind::InvalidAudience => Denied::Audience,
        ErrorKind::InvalidSignature => Denied::Signature,
        ErrorKind::InvalidAlgorithm => Denied::Algorithm,
        ErrorKind::MissingRequiredClaim(_) => Denied::Incomplete,
        _ => Denied::Malformed,
    }
}

#[cfg(test)]
mod tests;
