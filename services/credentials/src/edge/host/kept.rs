//! A learner's credentials as wallets get them: those issued here, and those that wallets brought.

use northstar_eventlog::{Fault, TenantLog};
use northstar_kernel::{LearnerId, Timestamp};
use northstar_wire::credentials::v1 as wire;

use crate::api::verification;
use crate::codec::field::instant;
use crate::codec::sealed;
use crate::projection::credential::CredentialDocument;
use crate::projection::received::{ReceivedDocument, TEXT};

/// A learner has some dozens.
const MOST: u32 = 10_000;

/// One, as it is handed out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kept {
    /// When it came, or its latest edition.
    pub(super) at: Timestamp,
    id: String,
    /// Byte for byte.
    pub(super) text: String,
}

impl Kept {
    /// Whether it is a document with its proof inside, and not a token.
    pub(super) fn is_document(&self) -> bool {
        self.text.starts_with('{')
    }
}

/// All of a learner's, the first one first. One that is held is looked at, and not handed out.
pub(super) async fn all(log: &TenantLog, learner: LearnerId) -> Result<Vec<Kept>, Fault> {
    let mut kept = Vec::new();
    let own = log.documents::<CredentialDocument>(learner.as_bytes(), None, MOST).await?;
    kept.extend(own.into_iter().filter_map(|(_, document)| issued(document.shown)));
    let brought = log.documents::<ReceivedDocument>(learner.as_bytes(), None, MOST).await?;
    for (_, ReceivedDocument(received)) in brought {
        let Some(sealed) = sealed::opened(&received.sealed) else { continue };
        // Nothing is left of what was sealed for somebody who was forgotten.
        let Some(text) = log.open(learner.uuid(), TEXT, &sealed).await? else { continue };
        let text = String::from_utf8_lossy(&text).into_owned();
        kept.push(Kept { at: received.at, id: received.id.to_string(), text });
    }
    kept.sort_unstable();
    Ok(kept)
}

fn issued(credential: wire::Credential) -> Option<Kept> {
    if credential.status() == wire::CredentialStatus::Held {
        return None;
    }
    let wire::Credential { document, compact_jws, credential_id: id, issued_at, .. } = credential;
    let text = if document.is_empty() { compact_jws } else { document };
    let said = verification::said(&text).unwrap_or_default();
    let edition = said["validFrom"].as_str().and_then(|text| text.parse().ok());
    let at = edition.or(instant("issued_at", issued_at).ok()).unwrap_or_default();
    Some(Kept { at, id, text })
}
