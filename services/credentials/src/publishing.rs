//! Status lists with bits that no edition shows are signed and published, within a second or so.

use std::sync::Arc;

use async_trait::async_trait;
use northstar_bus::Timed;
use northstar_credentials_domain::issuer_keys::{Algorithm, Key, Purpose};
use northstar_credentials_domain::status::{Edition, Published};
use northstar_eventlog::{Append, AppendError, Cause, Fault, RequestKey, Stream, TenantLog};
use northstar_kernel::{Digest, ExpectedVersion, Timestamp};

use crate::codec;
use crate::projection::issuer::IssuerDocument;
use crate::projection::status::{StatusDue, StatusListDocument};
use crate::secrets::Vault;
use crate::standard::did_web::{Did, Host};
use crate::standard::embedded;
use crate::standard::issuer_document::proof_method;
use crate::standard::status::ListCredential;

const NAME: &str = "credentials.status";
/// Lists looked at in one go; each is for 131,072 credentials.
const PAGE: u32 = 1_000;

/// Publishes what is due.
pub(crate) struct Publishing {
    /// Where lists are published.
    pub(crate) host: Host,
    /// Where private keys are.
    pub(crate) vault: Arc<Vault>,
}

#[async_trait]
impl Timed for Publishing {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn due(&self, log: &TenantLog, now: Timestamp) -> Result<usize, Fault> {
        let Some((lists, issuer)) = due(log).await? else { return Ok(0) };
        let Some(key) = signing(&issuer, now) else { return Ok(0) };
        let mut appends = 0;
        for list in lists {
            if let Some((edition, known)) = edition(log, list).await? {
                let published = self.signed(log, &issuer, key, (edition, known), now).await?;
                publish(log, published).await?;
                appends += 1;
            }
        }
        Ok(appends)
    }

    async fn waiting(&self, log: &TenantLog, now: Timestamp) -> Result<u64, Fault> {
        let Some((lists, issuer)) = due(log).await? else { return Ok(0) };
        if signing(&issuer, now).is_none() {
            return Ok(0);
        }
        Ok(lists.len() as u64)
    }
}

/// Numbers of the lists with an edition to be published, and who publishes them; `None` if there is
/// no such list or no issuer.
async fn due(log: &TenantLog) -> Result<Option<(Vec<u64>, IssuerDocument)>, Fault> {
    let due = log.documents::<StatusDue>(&[], None, PAGE).await?;
    let numbers = due.iter().filter_map(|(key, _)| key.first_chunk());
    let lists: Vec<u64> = numbers.map(|bytes| u64::from_be_bytes(*bytes)).collect();
    if lists.is_empty() {
        return Ok(None);
    }
    let issuer: Option<IssuerDocument> = log.document(IssuerDocument::KEY).await?;
    Ok(issuer.map(|issuer| (lists, issuer)))
}

/// The key that may sign a list now, if there is one.
fn signing(issuer: &IssuerDocument, now: Timestamp) -> Option<&Key> {
    let at = issuer.ring.not_before(now);
    issuer.ring.signing_key(Purpose::StatusLists, Algorithm::Ed25519, at)
}

/// The edition of a list that is due, and the list.
async fn edition(
    log: &TenantLog,
    list: u64,
) -> Result<Option<(Edition, StatusListDocument)>, Fault> {
    let known: Option<StatusListDocument> = log.document(&StatusListDocument::key(list)).await?;
    Ok(known.and_then(|known| Some((known.due(list)?, known))))
}

impl Publishing {
    async fn signed(
        &self,
        log: &TenantLog,
        issuer: &IssuerDocument,
        key: &Key,
        (edition, known): (Edition, StatusListDocument),
        now: Timestamp,
    ) -> Result<Published, Fault> {
        let did = Did::of_tenant(&self.host, &issuer.slug);
        let url = self.host.status_list(&issuer.slug, edition.list);
        let document = ListCredential::new(url, &did, now, &known.bits);
        let signer = self.vault.signer(log, key).await?;
        let (seconds, _) = now.parts();
        let created = Timestamp::from_micros(seconds * 1_000_000).to_string();
        let document = embedded::sign(&*signer, &proof_method(&did, key), &created, &document)
            .map_err(|error| Fault::lasting("signing a status list", error))?;
        Ok(Published { edition, document })
    }
}

/// The id of the request that publishes this edition, by which it is found again.
pub(crate) fn request_id(list: u64, epoch: u64) -> String {
    format!("status/{list}/{epoch}")
}

/// The request names list and epoch: of two replicas, the first one's edition is it.
async fn publish(log: &TenantLog, published: Published) -> Result<(), Fault> {
    let id = request_id(published.edition.list, published.edition.epoch);
    let cause = Cause::clock(NAME, log.tenant().uuid(), &id);
    let append = Append {
        stream: Stream::new("status", log.tenant().uuid()),
        expected: ExpectedVersion::Any,
        events: vec![codec::encode(&published.into(), None)],
        request: Some(RequestKey { content: Digest::of(id.as_bytes()), id }),
        cause,
    };
    match log.append(append).await {
        Ok(_) => Ok(()),
        Err(AppendError::Fault(fault)) => Err(fault),
        Err(other) => Err(Fault::lasting("publishing a status list", other)),
    }
}
