//! A learner's credentials as wallets get them: those issued here, and those that wallets brought.

use std::collections::BTreeSet;

use northstar_credentials_proof::verifier;
use northstar_eventlog::{Fault, TenantLog};
use northstar_kernel::{CredentialId, LearnerId, Timestamp};
use northstar_wire::credentials::v1 as wire;

use super::Api;
use crate::api::verification;
use crate::codec::field::instant;
use crate::codec::sealed;
use crate::projection::credential::CredentialDocument;
use crate::projection::received::{ReceivedDocument, TEXT};
use crate::projection::record::RecordDocument;
use crate::{beside, records};

/// A learner has some dozens.
const MOST: u32 = 10_000;

/// One that can be handed out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kept {
    /// When it came, or its latest edition.
    pub(super) at: Timestamp,
    id: String,
    text: Text,
}

/// What it says, byte for byte, or where that is read: a record is long, and few are looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Text {
    Here(String),
    Record(CredentialId),
}

impl Kept {
    /// Byte for byte; `None` if it cannot be read any more.
    pub(super) async fn text(self, log: &TenantLog) -> Result<Option<String>, Fault> {
        match self.text {
            Text::Here(text) => Ok(Some(text)),
            Text::Record(id) => {
                let record = beside::record(log, id).await?;
                Ok(record.and_then(|record| records::document(&record.document)))
            }
        }
    }
}

/// All of a learner's that this API hands out, the first one first. One that is held is looked at,
/// and not handed out.
pub(super) async fn all(log: &TenantLog, api: Api, learner: LearnerId) -> Result<Vec<Kept>, Fault> {
    let issued = log.documents::<CredentialDocument>(learner.as_bytes(), None, MOST).await?;
    let issued = issued.into_iter().map(|(_, document)| document.shown);
    let mut kept = match api {
        Api::Badges => issued.filter_map(badge).collect(),
        Api::Records => {
            let held = issued.filter(is_held).map(|badge| badge.credential_id).collect();
            assembled(log, learner, &held).await?
        }
    };
    kept.extend(brought(log, api, learner).await?);
    kept.sort_unstable();
    Ok(kept)
}

/// Whether exactly this is among them, under the id that it says it has.
pub(super) async fn has(
    log: &TenantLog,
    api: Api,
    learner: LearnerId,
    (said_id, text): (&str, &str),
) -> Result<bool, Fault> {
    let all = all(log, api, learner).await?;
    for kept in all.into_iter().filter(|kept| said_id.ends_with(&kept.id)) {
        if kept.text(log).await?.is_some_and(|known| known == text) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_held(credential: &wire::Credential) -> bool {
    credential.status() == wire::CredentialStatus::Held
}

fn badge(credential: wire::Credential) -> Option<Kept> {
    if is_held(&credential) {
        return None;
    }
    let wire::Credential { document, compact_jws, credential_id: id, issued_at, .. } = credential;
    let text = if document.is_empty() { compact_jws } else { document };
    let said = verification::said(&text).unwrap_or_default();
    let [edition, _] = verifier::bounds(&said);
    let at = edition
        .and_then(verifier::instant)
        .or(instant("issued_at", issued_at).ok())
        .unwrap_or_default();
    Some(Kept { at, id, text: Text::Here(text) })
}

/// The records that were made of a learner's badges, but for those with one that is held.
async fn assembled(
    log: &TenantLog,
    learner: LearnerId,
    held: &BTreeSet<String>,
) -> Result<Vec<Kept>, Fault> {
    let records = log.documents::<RecordDocument>(learner.as_bytes(), None, MOST).await?;
    let records = records.into_iter().map(|(_, record)| record.shown);
    let shown = records.filter(|record| !record.credential_ids.iter().any(|id| held.contains(id)));
    let kept = shown.filter_map(|record| {
        let id = record.record_id.parse().ok()?;
        let at = instant("valid_from", record.valid_from).unwrap_or_default();
        Some(Kept { at, id: record.record_id, text: Text::Record(id) })
    });
    Ok(kept.collect())
}

/// What wallets brought.
async fn brought(log: &TenantLog, api: Api, learner: LearnerId) -> Result<Vec<Kept>, Fault> {
    let mut kept = Vec::new();
    let brought = log.documents::<ReceivedDocument>(learner.as_bytes(), None, MOST).await?;
    for (_, ReceivedDocument(received)) in brought {
        let Some(sealed) = sealed::opened(&received.sealed) else { continue };
        // Nothing is left of what was sealed for somebody who was forgotten.
        let Some(text) = log.open(learner.uuid(), TEXT, &sealed).await? else { continue };
        let text = String::from_utf8_lossy(&text).into_owned();
        if verification::said(&text).is_some_and(|said| api.takes(&said)) {
            let (at, id) = (received.at, received.id.to_string());
            kept.push(Kept { at, id, text: Text::Here(text) });
        }
    }
    Ok(kept)
}
