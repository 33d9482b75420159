//! Disclosures on the wire.

use bytes::Bytes;
use northstar_credentials_domain::disclosure::{Disclosable, Disclosure, Event};
use northstar_wire::credentials::v1 as wire;

use super::field::{id, instant, moment, present};
use super::{bytes, message, sealed};

/// Type and payload.
pub(super) fn encode(event: &Event) -> (&'static str, Bytes) {
    match event {
        Event::Made(made) => {
            let made = wire::CredentialMadeDisclosable {
                credential_id: made.credential.to_string(),
                learner_id: made.learner.to_string(),
                edition: made.edition.clone(),
                key_name: made.key_name.clone(),
                document: made.document.clone(),
                at: Some(moment(made.at)),
            };
            ("credential_made_disclosable", bytes(&made))
        }
        Event::Disclosed(disclosure) => {
            let disclosed = wire::CredentialDisclosed {
                credential_id: disclosure.credential.to_string(),
                learner_id: disclosure.learner.to_string(),
                edition: disclosure.edition.clone(),
                members: disclosure.members.clone(),
                actor: disclosure.actor.clone(),
                audience: Some(sealed::to_wire(&disclosure.audience)),
                at: Some(moment(disclosure.at)),
            };
            ("credential_disclosed", bytes(&disclosed))
        }
    }
}

/// The event of this type, in version 1; `None` if the type is not one of these.
pub(super) fn decode(event_type: &str, payload: &Bytes) -> Option<Result<Event, String>> {
    match event_type {
        "credential_made_disclosable" => Some(message(payload).and_then(made)),
        "credential_disclosed" => Some(message(payload).and_then(disclosed)),
        _ => None,
    }
}

fn made(it: wire::CredentialMadeDisclosable) -> Result<Event, String> {
    Ok(Event::Made(Disclosable {
        credential: id(&it.credential_id)?,
        learner: id(&it.learner_id)?,
        edition: it.edition,
        key_name: it.key_name,
        document: it.document,
        at: instant("at", it.at)?,
    }))
}

fn disclosed(it: wire::CredentialDisclosed) -> Result<Event, String> {
    Ok(Event::Disclosed(Disclosure {
        credential: id(&it.credential_id)?,
        learner: id(&it.learner_id)?,
        edition: it.edition,
        members: it.members,
        actor: it.actor,
        audience: sealed::from_wire(present("audience", it.audience)?)?,
        at: instant("at", it.at)?,
    }))
}
