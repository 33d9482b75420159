//! Secrets at rest: one key a person, so that destroying it forgets them.
//!
//! Sealing is deterministic: the nonce is derived from key, field and plaintext (as in SIV modes),
//! so equal boxes under one person's key mean equal text, and an import can see "unchanged".
//! What that gives away is only this equality, within one person and field.

use std::num::NonZeroUsize;
use std::sync::Arc;

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use lru::LruCache;
use northstar_kernel::{Digest, TenantId};
use sha2::Sha256;
use tokio::sync::Mutex;
use tokio::time::{Duration, Instant};
use uuid::Uuid;

use crate::Fault;
use crate::engine::Engine;

const NONCE: usize = 24;
const CACHED_KEYS: usize = 4_096;
/// How long a key is used without asking the store for it: after this, whoever one replica has
/// forgotten is forgotten by all.
const TRUSTED: Duration = Duration::from_secs(30);

/// The key that all other keys of a deployment are sealed under.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    /// From 32 random bytes that are kept outside the database and its backups.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// Personal data under a person's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Names the key without giving it away.
    pub key_id: Uuid,
    /// 24 bytes of nonce, then ciphertext and tag (XChaCha20-Poly1305).
    pub bytes: Vec<u8>,
}

type SubjectKey = [u8; 32];

/// Seals and opens, with the keys it has seen kept at hand.
pub(crate) struct Keyring {
    engine: Arc<dyn Engine>,
    master: MasterKey,
    cached: Mutex<LruCache<(TenantId, Uuid), (SubjectKey, Instant)>>,
}

impl Keyring {
    pub(crate) fn new(engine: Arc<dyn Engine>, master: MasterKey) -> Self {
        let size = NonZeroUsize::new(CACHED_KEYS).unwrap_or(NonZeroUsize::MIN);
        Self { engine, master, cached: Mutex::new(LruCache::new(size)) }
    }

    pub(crate) async fn seal(
        &self,
        tenant: TenantId,
        subject: Uuid,
        field: &str,
        plain: &[u8],
    ) -> Result<Sealed, Fault> {
        let key = match self.find(tenant, subject).await? {
            Some(key) => key,
            None => self.create(tenant, subject).await?,
        };
        let bytes = encrypt(&key, &context(tenant, subject, field), plain)?;
        Ok(Sealed { key_id: key_id(&key), bytes })
    }

    pub(crate) async fn open(
        &self,
        tenant: TenantId,
        subject: Uuid,
        field: &str,
        sealed: &Sealed,
    ) -> Result<Option<Vec<u8>>, Fault> {
        match self.find(tenant, subject).await? {
            Some(key) if key_id(&key) == sealed.key_id => {
                decrypt(&key, &context(tenant, subject, field), &sealed.bytes).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// A tenant's own secret (a signing key), if there is one.
    pub(crate) async fn secret(
        &self,
        tenant: TenantId,
        name: &str,
    ) -> Result<Option<Vec<u8>>, Fault> {
        let sealed = self.engine.secret(tenant, name).await?;
        sealed
            .map(|sealed| decrypt(&self.master.0, &secret_context(tenant, name), &sealed))
            .transpose()
    }

    /// Keeps a secret unless there is one, and returns the one that is kept.
    pub(crate) async fn keep_secret(
        &self,
        tenant: TenantId,
        name: &str,
        secret: &[u8],
    ) -> Result<Vec<u8>, Fault> {
        let context = secret_context(tenant, name);
        let sealed = encrypt(&self.master.0, &context, secret)?;
        let kept = self.engine.keep_secret(tenant, name, &sealed).await?;
        decrypt(&self.master.0, &context, &kept)
    }

    /// Destroys a person's key: what was sealed under it is forgotten, here and in every backup
    /// of the log, and by other replicas within [`TRUSTED`].
    pub(crate) async fn forget(&self, tenant: TenantId, subject: Uuid) -> Result<(), Fault> {
        self.engine.destroy_secret(tenant, &subject_name(subject)).await?;
        self.cached.lock().await.pop(&(tenant, subject));
        Ok(())
    }

    async fn find(&self, tenant: TenantId, subject: Uuid) -> Result<Option<SubjectKey>, Fault> {
        if let Some((key, since)) = self.cached.lock().await.get(&(tenant, subject))
            && since.elapsed() < TRUSTED
        {
            return Ok(Some(*key));
        }
        match self.secret(tenant, &subject_name(subject)).await? {
            Some(bytes) => self.remember(tenant, subject, &bytes).await.map(Some),
            None => Ok(None),
        }
    }

    async fn create(&self, tenant: TenantId, subject: Uuid) -> Result<SubjectKey, Fault> {
        let fresh: SubjectKey = rand::random();
        let kept = self.keep_secret(tenant, &subject_name(subject), &fresh).await?;
        self.remember(tenant, subject, &kept).await
    }

    async fn remember(
        &self,
        tenant: TenantId,
        subject: Uuid,
        bytes: &[u8],
    ) -> Result<SubjectKey, Fault> {
        let key = SubjectKey::try_from(bytes)
            .map_err(|error| Fault::lasting("reading a person's key", error))?;
        self.cached.lock().await.put((tenant, subject), (key, Instant::now()));
        Ok(key)
    }
}

fn subject_name(subject: Uuid) -> String {
    format!("subject/{subject}")
}

/// What a box is bound to: moved to another person or field, it does not open.
fn context(tenant: TenantId, subject: Uuid, field: &str) -> Vec<u8> {
    [tenant.as_bytes(), subject.as_bytes().as_slice(), field.as_bytes()].concat()
}

fn secret_context(tenant: TenantId, name: &str) -> Vec<u8> {
    [tenant.as_bytes(), name.as_bytes()].concat()
}

/// The first half of the key's hash, so that an event can say which key it needs.
fn key_id(key: &SubjectKey) -> Uuid {
    let digest = Digest::of_parts([b"northstar key id".as_slice(), key]);
    let mut half = [0; 16];
    half.copy_from_slice(&digest.0[..16]);
    Uuid::from_bytes(half)
}

fn encrypt(key: &[u8; 32], context: &[u8], plain: &[u8]) -> Result<Vec<u8>, Fault> {
    let nonce = derived_nonce(key, context, plain)?;
    let cipher = XChaCha20Poly1305::new(key.into());
    let boxed = cipher
        .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: context })
        .map_err(|_| Fault::lasting("sealing", "the text is too long"))?;
    Ok([nonce.as_slice(), &boxed].concat())
}

fn decrypt(key: &[u8; 32], context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Fault> {
    let wrong = || Fault::lasting("opening a sealed text", "it was not sealed under this key");
    let (nonce, boxed) = sealed.split_first_chunk::<NONCE>().ok_or_else(wrong)?;
    XChaCha20Poly1305::new(key.into())
        .decrypt(&XNonce::from(*nonce), Payload { msg: boxed, aad: context })
        .map_err(|_| wrong())
}

fn derived_nonce(key: &[u8; 32], context: &[u8], plain: &[u8]) -> Result<[u8; NONCE], Fault> {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key)
        .map_err(|error| Fault::lasting("sealing", error))?;
    mac.update(b"northstar nonce");
    mac.update(&(context.len() as u64).to_be_bytes());
    mac.update(context);
    mac.update(plain);
    let tag = mac.finalize().into_bytes();
    let mut nonce = [0; NONCE];
    nonce.copy_from_slice(&tag[..NONCE]);
    Ok(nonce)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::Sqlite;

    const KEY: [u8; 32] = [9; 32];
    const PERSON: Uuid = Uuid::from_u128(1);

    #[test]
    fn what_is_cut_or_bent_does_not_open() {
        let sealed = encrypt(&KEY, b"here", b"text").unwrap();
        assert_eq!(decrypt(&KEY, b"here", &sealed).unwrap(), b"text");
        assert!(decrypt(&KEY, b"there", &sealed).is_err());
        assert!(decrypt(&[8; 32], b"here", &sealed).is_err());
        for index in 0..sealed.len() {
            let mut bent = sealed.clone();
            bent[index] ^= 0x80;
            assert!(decrypt(&KEY, b"here", &bent).is_err(), "byte {index}");
            assert!(decrypt(&KEY, b"here", &sealed[..index]).is_err(), "cut at {index}");
        }
    }

    #[test]
    fn boxes_are_equal_if_key_place_and_text_are() {
        let sealed = encrypt(&KEY, b"here", b"text").unwrap();
        assert_eq!(encrypt(&KEY, b"here", b"text").unwrap(), sealed);
        let others = [(KEY, "here", "texts"), (KEY, "heret", "ext"), ([8; 32], "here", "text")];
        for (key, place, text) in others {
            let other = encrypt(&key, place.as_bytes(), text.as_bytes()).unwrap();
            assert_ne!(other[..NONCE], sealed[..NONCE], "{place} {text}: a nonce used twice");
        }
    }

    #[test]
    fn a_master_key_does_not_show_itself() {
        assert!(!format!("{:?}", MasterKey::new([123; 32])).contains("123"));
    }

    #[tokio::test(start_paused = true)]
    async fn whom_one_replica_forgot_the_others_forget_soon() {
        let folder = tempfile::tempdir().unwrap();
        let engine: Arc<dyn Engine> = Arc::new(Sqlite::open(&folder.path().join("db")).unwrap());
        let keyring = || Keyring::new(Arc::clone(&engine), MasterKey::new(KEY));
        let (one, other) = (keyring(), keyring());
        let tenant = TenantId::from_slug("a");
        let sealed = one.seal(tenant, PERSON, "name", b"Ana").await.unwrap();
        let opened = other.open(tenant, PERSON, "name", &sealed).await.unwrap();
        assert_eq!(opened.unwrap(), b"Ana");
        one.forget(tenant, PERSON).await.unwrap();
        assert_eq!(one.open(tenant, PERSON, "name", &sealed).await.unwrap(), None);
        tokio::time::advance(TRUSTED).await;
        assert_eq!(other.open(tenant, PERSON, "name", &sealed).await.unwrap(), None);
        let anew = other.seal(tenant, PERSON, "name", b"Ana").await.unwrap();
        assert_ne!(anew.key_id, sealed.key_id);
        assert_eq!(one.seal(tenant, PERSON, "name", b"Ana").await.unwrap(), anew);
    }
}
