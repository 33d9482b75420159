//! Events about a learner's records.

use bytes::Bytes;
use northstar_credentials_domain::record::{Assembled, Packed, Token};
use northstar_wire::credentials::v1 as wire;

use super::field::{id, instant, moment, present};
use super::{bytes, message, sealed};

/// The event's name in the log.
const ASSEMBLED: &str = "record_assembled";

pub(super) fn encode(event: &Assembled) -> (&'static str, Bytes) {
    let assembled = wire::RecordAssembled {
        record_id: event.record.to_string(),
        learner_id: event.learner.to_string(),
        name: event.name.clone(),
        credential_ids: event.credentials.iter().map(ToString::to_string).collect(),
        partial: event.partial,
        valid_from: Some(moment(event.valid_from)),
        valid_until: Some(moment(event.valid_until)),
        actor: event.actor.clone(),
        purpose: Some(sealed::to_wire(&event.purpose)),
        consent: Some(sealed::to_wire(&event.consent)),
        key_names: event.key_names.clone(),
        document: event.document.0.clone(),
        token_header: event.token.header.clone(),
        token_payload: event.token.payload.0.clone(),
        token_signature: event.token.signature.clone(),
    };
    (ASSEMBLED, bytes(&assembled))
}

/// The event of this type; `None` if it is not this one.
pub(super) fn decode(event_type: &str, payload: &Bytes) -> Option<Result<Assembled, String>> {
    (event_type == ASSEMBLED).then(|| message(payload).and_then(assembled))
}

fn assembled(it: wire::RecordAssembled) -> Result<Assembled, String> {
    let credentials = it.credential_ids.iter().map(|text| id(text)).collect::<Result<_, _>>()?;
    Ok(Assembled {
        record: id(&it.record_id)?,
        learner: id(&it.learner_id)?,
        name: it.name,
        credentials,
        partial: it.partial,
        valid_from: instant("valid_from", it.valid_from)?,
        valid_until: instant("valid_until", it.valid_until)?,
        actor: it.actor,
        purpose: sealed::from_wire(present("purpose", it.purpose)?)?,
        consent: sealed::from_wire(present("consent", it.consent)?)?,
        key_names: it.key_names,
        document: Packed(it.document),
        token: Token {
            header: it.token_header,
            payload: Packed(it.token_payload),
            signature: it.token_signature,
        },
    })
}
