//! What an issuer must keep to itself: its signing keys, and the key behind its pseudonyms.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hmac::{Hmac, KeyInit as _, Mac as _};
use northstar_credentials_domain::issuer_keys::{Algorithm, Key};
use northstar_credentials_domain::status::PlacingKey;
use northstar_credentials_proof::SecretKey;
use northstar_eventlog::{Fault, TenantLog};
use northstar_kernel::{AwardId, CredentialId, TenantId};
use sha2::Sha256;
use uuid::{Builder, Uuid};

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

    /// Id of the record that this request asks for.
    pub(crate) fn record(&self, request: &str) -> Result<CredentialId, Fault> {
        self.derive(&[b"record", request.as_bytes()]).map(CredentialId::from_uuid)
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

/// The secrets of all tenants served here: made at first need, kept sealed beside the log.
#[derive(Default)]
pub(crate) struct Vault {
    pseudonyms: Mutex<BTreeMap<TenantId, Arc<Pseudonyms>>>,
    places: Mutex<BTreeMap<TenantId, PlacingKey>>,
    keys: Mutex<BTreeMap<(TenantId, String), Arc<SecretKey>>>,
}

/// The kept key is not the one that the log has the public half of.
#[derive(Debug, thiserror::Error)]
#[error("the secret kept for key {0} is not its private half")]
struct OtherKey(String);

impl Vault {
    /// What the tenant's credentials and subjects are named by.
    pub(crate) async fn pseudonyms(&self, log: &TenantLog) -> Result<Arc<Pseudonyms>, Fault> {
        let tenant = log.tenant();
        if let Some(known) = locked(&self.pseudonyms).get(&tenant) {
            return Ok(Arc::clone(known));
        }
        let secret = kept(log, "credentials/pseudonyms", rand::random()).await?;
        let pseudonyms = Arc::new(Pseudonyms(secret));
        locked(&self.pseudonyms).insert(tenant, Arc::clone(&pseudonyms));
        Ok(pseudonyms)
    }

    /// What hides in which order the tenant's credentials were issued.
    pub(crate) async fn places(&self, log: &TenantLog) -> Result<PlacingKey, Fault> {
        let tenant = log.tenant();
        if let Some(known) = locked(&self.places).get(&tenant) {
            return Ok(known.clone());
        }
        let key = PlacingKey::new(kept(log, "credentials/places", rand::random()).await?);
        locked(&self.places).insert(tenant, key.clone());
        Ok(key)
    }

    /// Makes the key of this name, and gives its public half. Replicas that make it at the same
    /// time get the same one.
    pub(crate) async fn make(
        &self,
        log: &TenantLog,
        algorithm: Algorithm,
        name: &str,
    ) -> Result<Vec<u8>, Fault> {
        let mut fresh: [u8; 32] = rand::random();
        while private(algorithm, &fresh).is_err() {
            fresh = rand::random();
        }
        let secret = kept(log, &secret_name(name), fresh).await?;
        public(&private(algorithm, &secret)?)
    }

    /// The private half of a key.
    pub(crate) async fn signer(&self, log: &TenantLog, key: &Key) -> Result<Arc<SecretKey>, Fault> {
        let place = (log.tenant(), key.name.clone());
        if let Some(known) = locked(&self.keys).get(&place) {
            return Ok(Arc::clone(known));
        }
        let other = || Fault::lasting("reading a signing key", OtherKey(key.name.clone()));
        let secret = log.secret(&secret_name(&key.name)).await?.ok_or_else(other)?;
        let secret = <[u8; 32]>::try_from(secret.as_slice()).map_err(|_| other())?;
        let secret = private(key.algorithm, &secret)?;
        if public(&secret)? != key.public {
            return Err(other());
        }
        let secret = Arc::new(secret);
        locked(&self.keys).insert(place, Arc::clone(&secret));
        Ok(secret)
    }
}

/// A panic while it was locked cannot leave a map half-written.
fn locked<T>(map: &Mutex<T>) -> MutexGuard<'_, T> {
    map.lock().unwrap_or_else(PoisonError::into_inner)
}

fn secret_name(key_name: &str) -> String {
    format!("credentials/keys/{key_name}")
}

fn private(algorithm: Algorithm, secret: &[u8; 32]) -> Result<SecretKey, Fault> {
    match algorithm {
        Algorithm::Ed25519 => Ok(SecretKey::ed25519(secret)),
        Algorithm::P256 => {
            SecretKey::p256(secret).map_err(|error| Fault::lasting("reading a signing key", error))
        }
    }
}

/// The bytes of the public half: those of a Multikey, without the two that say what kind it is.
fn public(secret: &SecretKey) -> Result<Vec<u8>, Fault> {
    let text = secret.public().multibase().unwrap_or_default();
    let bytes = bs58::decode(text.trim_start_matches('z')).into_vec();
    let wrong =
        |error: bs58::decode::Error| Fault::lasting("reading a public key", error.to_string());
    let mut bytes = bytes.map_err(wrong)?;
    Ok(bytes.split_off(bytes.len().min(2)))
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

    #[test]
    fn public_halves_have_the_bytes_of_their_algorithm() {
        for algorithm in [Algorithm::Ed25519, Algorithm::P256] {
            let secret = private(algorithm, &[7; 32]).expect("a key");
            assert_eq!(public(&secret).expect("its half").len(), algorithm.public_bytes());
        }
        assert!(private(Algorithm::P256, &[0; 32]).is_err());
    }
}
