//! Making tokens: for `northstar token` and for deployments that have no identity provider yet.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use p256::pkcs8::{EncodePrivateKey as _, LineEnding};
use serde::Serialize;

use super::Grant;
use super::grant::Claims;

/// Why no token could be made.
#[derive(Debug, thiserror::Error)]
pub enum IssuerError {
    /// The key file cannot be read or written.
    #[error("key file {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("key file {path} holds no P-256 private key in PKCS#8 PEM")]
    NoKey {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: jsonwebtoken::errors::Error,
    },
    /// Signing failed.
    #[error("signing the token")]
    Sign(#[from] jsonwebtoken::errors::Error),
    /// A new key could not be made.
    #[error("making a new key")]
    Generate(#[source] p256::pkcs8::Error),
}

/// An issuer of tokens, with one P-256 key.
pub struct Issuer {
    key: EncodingKey,
    jwk: Jwk,
    kid: String,
    issuer: String,
    audience: String,
}

impl Issuer {
    /// Opens the key at `path`, making one, readable by its owner alone, if there is none.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or written or holds no P-256 key.
    pub fn open(path: &Path, issuer: &str, audience: &str) -> Result<Self, IssuerError> {
        let file = |source| IssuerError::File { path: path.to_owned(), source };
        let pem = match std::fs::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                create(path, &generate()?).map_err(file)?;
                // Another process may have been first; what stands there counts.
                std::fs::read(path).map_err(file)?
            }
            other => other.map_err(file)?,
        };
        let no_key = |source| IssuerError::NoKey { path: path.to_owned(), source };
        let key = EncodingKey::from_ec_pem(&pem).map_err(no_key)?;
        let mut jwk = Jwk::from_encoding_key(&key, Algorithm::ES256).map_err(no_key)?;
        let kid = jwk.thumbprint(ThumbprintHash::SHA256).map_err(no_key)?;
        jwk.common.key_id = Some(kid.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        Ok(Self { key, jwk, kid, issuer: issuer.to_owned(), audience: audience.to_owned() })
    }

    /// A token for `grant`, valid from now for `ttl` (whole seconds).
    ///
    /// # Errors
    ///
    /// When it cannot be signed.
    pub fn mint(&self, grant: &Grant, ttl: Duration) -> Result<String, IssuerError> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let expires = now.saturating_add(ttl.as_secs());
        self.sign(&Claims::new(grant, &self.issuer, &self.audience, now, expires))
    }

    pub(super) fn sign<T: Serialize>(&self, claims: &T) -> Result<String, IssuerError> {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(self.kid.clone());
        Ok(encode(&header, claims, &self.key)?)
    }

    /// The public key as a JWKS, to be published or written where `auth.jwks` points.
    pub fn jwks(&self) -> JwkSet {
        JwkSet { keys: vec![self.jwk.clone()] }
    }
}

/// A fresh P-256 key as PKCS#8 PEM.
fn generate() -> Result<String, IssuerError> {
    loop {
        let bytes: [u8; 32] = rand::random();
        // Fewer than one in four billion draws is out of the field; it is drawn again.
        if let Ok(key) = p256::SecretKey::from_slice(&bytes) {
            let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(IssuerError::Generate)?;
            return Ok(pem.to_string());
        }
    }
}

/// Puts the whole file in place or none; a file that is there already stays.
fn create(path: &Path, pem: &str) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let draft = path.with_extension(format!("draft-{}", std::process::id()));
    let mut file = options.open(&draft)?;
    file.write_all(pem.as_bytes())?;
    file.sync_all()?;
    let placed = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    match placed {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("issuer.pem");
        let first = Issuer::open(&path, "i", "a").unwrap();
        let again = Issuer::open(&path, "i", "a").unwrap();
        assert_eq!(first.jwks(), again.jwks());
        let other = Issuer::open(&folder.path().join("other.pem"), "i", "a").unwrap();
        assert_ne!(first.kid, other.kid);
        let files = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(files, 2, "no draft is left behind");
        #[cfg(unix)]
        {
            let mode = std::fs::metadata(&path).unwrap();
            let mode = std::os::unix::fs::PermissionsExt::mode(&mode.permissions());
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn what_is_published_is_public() {
        let folder = tempfile::tempdir().unwrap();
        let issuer = Issuer::open(&folder.path().join("issuer.pem"), "i", "a").unwrap();
        let published = serde_json::to_value(issuer.jwks()).unwrap();
        let key = published["keys"][0].as_object().unwrap();
        let mut fields: Vec<_> = key.keys().map(String::as_str).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
    }

    #[test]
    fn a_file_that_holds_no_key_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("issuer.pem");
        std::fs::write(&path, "hunter2").unwrap();
        let error = Issuer::open(&path, "i", "a").err().unwrap();
        assert!(error.to_string().contains("issuer.pem"), "{error}");
        let nowhere = folder.path().join("absent/issuer.pem");
        assert!(matches!(Issuer::open(&nowhere, "i", "a"), Err(IssuerError::File { .. })));
    }
}
