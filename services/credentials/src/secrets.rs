//! What an issuer must keep to itself: its signing key, and the key behind its pseudonyms.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use hmac::{Hmac, KeyInit as _, Mac as _};
use northstar_credentials_domain::issuer::PublicKey;
use northstar_eventlog::{Fault, TenantLog};
use northstar_kernel::{AwardId, CredentialId, TenantId};
use sha2::Sha256;
use uuid::{Builder, Uuid};

use crate::standard::jose::Key;

/// Name of the key that signs, as verification methods have it.
pub(crate) const SIGNING_KEY: &str = "es256-1";

/// Names that nobody outside can connect with a learner, and that come out the same each time.
///
/// A learner's id follows from the roster's own key for them, so an id derived from it in the open
/// could be found by trying all of a roster. These take a secret.
pub(crate) struct Pseudonyms([u8; 32]);

impl Pseudonyms {
    /// Id of an award's `ordinal`-th credential.
    pub(crate) fn credential(&self, award: AwardId, ordinal: u32) -> Result<CredentialId, Fault> {
        let uuid = self.derive(&[b"credential", award.as_bytes(), &ordinal.to_be_bytes()]);
        uuid.map(CredentialId::from_uuid)
    }

    /// The learner's name within one credential.
    pub(crate) fn subject(&self, credential: CredentialId) -> Result<Uuid, Fault> {
        self.derive(&[b"subject", credential.as_bytes()])
    }

    /// The first part tells the others' lengths, so no two lists run together to the same bytes.
    fn derive(&self, parts: &[&[u8]]) -> Result<Uuid, Fault> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0)
            .map_err(|error| Fault::lasting("making a pseudonym", error))?;
        parts.iter().for_each(|part| mac.update(part));
        let tag: [u8; 32] = mac.finalize().into_bytes().into();
        let mut half = [0; 16];
        half.copy_from_slice(&tag[..16]);
        Ok(Builder::from_custom_bytes(half).into_uuid())
    }
}

/// What one tenant signs and names with.
pub(crate) struct Secrets {
    /// Signs credentials.
    pub(crate) key: Key,
    /// Names credentials and subjects.
    pub(crate) pseudonyms: Pseudonyms,
}

impl Secrets {
    /// The public half of the signing key.
    pub(crate) fn public_key(&self) -> PublicKey {
        PublicKey { name: SIGNING_KEY.into(), jwk: self.key.public_jwk() }
    }
}

/// The secrets of all tenants served here: made at first need, kept sealed beside the log.
#[derive(Default)]
pub(crate) struct Vault {
    opened: Mutex<BTreeMap<TenantId, Arc<Secrets>>>,
}

impl Vault {
    /// The tenant's secrets. Replicas that make them at the same time get the same ones.
    pub(crate) async fn open(&self, log: &TenantLog) -> Result<Arc<Secrets>, Fault> {
        let tenant = log.tenant();
        if let Some(secrets) = self.lock().get(&tenant) {
            return Ok(Arc::clone(secrets));
        }
        let secrets = Arc::new(Secrets {
            key: signing_key(log).await?,
            pseudonyms: Pseudonyms(kept(log, "credentials/pseudonyms", rand::random()).await?),
        });
        self.lock().insert(tenant, Arc::clone(&secrets));
        Ok(secrets)
    }

    /// A panic while it was locked cannot leave the map half-written.
    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<TenantId, Arc<Secrets>>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn signing_key(log: &TenantLog) -> Result<Key, Fault> {
    let mut fresh: [u8; 32] = rand::random();
    while Key::from_bytes(&fresh).is_err() {
        fresh = rand::random();
    }
    let name = format!("credentials/{SIGNING_KEY}");
    let scalar = kept(log, &name, fresh).await?;
    Key::from_bytes(&scalar).map_err(|error| Fault::lasting("reading a signing key", error))
}

async fn kept(log: &TenantLog, name: &str, fresh: [u8; 32]) -> Result<[u8; 32], Fault> {
    let kept = match log.secret(name).await? {
        Some(kept) => kept,
        None => log.keep_secret(name, &fresh).await?,
    };
    <[u8; 32]>::try_from(kept.as_slice())
        .map_err(|error| Fault::lasting("reading an issuer's secret", error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pseudonyms_repeat_and_differ_by_secret_award_and_ordinal() {
        let award = AwardId::derive(TenantId::COMMONS, "a");
        let other = AwardId::derive(TenantId::COMMONS, "b");
        let (ours, theirs) = (Pseudonyms([1; 32]), Pseudonyms([2; 32]));
        let id = ours.credential(award, 1).expect("a key of 32 bytes");
        assert_eq!(ours.credential(award, 1).expect("the same"), id);
        let others =
            [ours.credential(award, 2), ours.credential(other, 1), theirs.credential(award, 1)];
        for different in others {
            assert_ne!(different.expect("a key of 32 bytes"), id);
        }
        let subject = ours.subject(id).expect("a key of 32 bytes");
        assert_ne!(subject, id.uuid());
        assert_ne!(subject, theirs.subject(id).expect("a key of 32 bytes"));
        assert_eq!(subject.get_version_num(), 8);
    }
}
