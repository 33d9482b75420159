//! Shares on the wire.

use bytes::Bytes;
use northstar_credentials_domain::share::{Event, Share};
use northstar_kernel::Digest;
use northstar_wire::credentials::v1 as wire;

use super::field::{id, instant, moment};
use super::{bytes, message};

/// Type and payload.
pub(super) fn encode(event: &Event) -> (&'static str, Bytes) {
    match event {
        Event::Opened(share) => {
            let shared = wire::CredentialShared {
                share_id: share.id.to_string(),
                credential_id: share.credential.to_string(),
                learner_id: share.learner.to_string(),
                token_digest: share.token.0.to_vec(),
                until: Some(moment(share.until)),
                actor: share.by.clone(),
                at: Some(moment(share.at)),
            };
            ("credential_shared", bytes(&shared))
        }
        Event::Withdrawn { id, credential, by, at } => {
            let withdrawn = wire::CredentialShareWithdrawn {
                share_id: id.to_string(),
                credential_id: credential.to_string(),
                actor: by.clone(),
                at: Some(moment(*at)),
            };
            ("credential_share_withdrawn", bytes(&withdrawn))
        }
    }
}

/// The event of this type, in version 1; `None` if the type is not one of these.
pub(super) fn decode(event_type: &str, payload: &Bytes) -> Option<Result<Event, String>> {
    Some(match event_type {
        "credential_shared" => message(payload).and_then(opened),
        "credential_share_withdrawn" => message(payload).and_then(withdrawn),
        _ => return None,
    })
}

fn opened(shared: wire::CredentialShared) -> Result<Event, String> {
    let token = <[u8; 32]>::try_from(shared.token_digest.as_slice());
    Ok(Event::Opened(Share {
        id: id(&shared.share_id)?,
        credential: id(&shared.credential_id)?,
        learner: id(&shared.learner_id)?,
        token: Digest(token.map_err(|_| "the token's digest has not 32 bytes")?),
        until: instant("until", shared.until)?,
        by: shared.actor,
        at: instant("at", shared.at)?,
    }))
}

fn withdrawn(it: wire::CredentialShareWithdrawn) -> Result<Event, String> {
    Ok(Event::Withdrawn {
        id: id(&it.share_id)?,
        credential: id(&it.credential_id)?,
        by: it.actor,
        at: instant("at", it.at)?,
    })
}
