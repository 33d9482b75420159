//! Issuers' keys on the wire.

use bytes::Bytes;
use northstar_credentials_domain::issuer_keys::{Algorithm, Event, Purpose};
use northstar_wire::credentials::v1 as wire;

use super::field::{instant, moment};
use super::{bytes, message};

/// Type and payload.
pub(super) fn encode(event: &Event) -> (&'static str, Bytes) {
    match event {
        Event::KeyInherited { name, jwk } => {
            let (key_name, public_jwk) = (name.clone(), jwk.clone());
            ("issuer_key_created", bytes(&wire::IssuerKeyCreated { key_name, public_jwk }))
        }
        Event::KeyCreated { name, algorithm, purpose, public, at } => {
            let created = wire::SigningKeyCreated {
                key_name: name.clone(),
                algorithm: algorithm_to_wire(*algorithm).into(),
                purpose: purpose_to_wire(*purpose).into(),
                public_key: public.clone(),
                at: Some(moment(*at)),
            };
            ("signing_key_created", bytes(&created))
        }
        Event::KeyPublished { name, at } => {
            let (key_name, at) = (name.clone(), Some(moment(*at)));
            ("signing_key_published", bytes(&wire::SigningKeyPublished { key_name, at }))
        }
        Event::KeyActivated { name, at } => {
            let (key_name, at) = (name.clone(), Some(moment(*at)));
            ("signing_key_activated", bytes(&wire::SigningKeyActivated { key_name, at }))
        }
        Event::KeyRetired { name, at } => {
            let (key_name, at) = (name.clone(), Some(moment(*at)));
            ("signing_key_retired", bytes(&wire::SigningKeyRetired { key_name, at }))
        }
        Event::KeyRemoved { name, at } => {
            let (key_name, at) = (name.clone(), Some(moment(*at)));
            ("signing_key_removed", bytes(&wire::SigningKeyRemoved { key_name, at }))
        }
        Event::KeyCompromised { name, from, at } => {
            let (from, at) = (Some(moment(*from)), Some(moment(*at)));
            let compromised = wire::SigningKeyCompromised { key_name: name.clone(), from, at };
            ("signing_key_compromised", bytes(&compromised))
        }
    }
}

/// The event of this type, in version 1; `None` if the type is not one of these.
pub(super) fn decode(event_type: &str, payload: &Bytes) -> Option<Result<Event, String>> {
    Some(match event_type {
        "issuer_key_created" => message(payload).map(|created: wire::IssuerKeyCreated| {
            Event::KeyInherited { name: created.key_name, jwk: created.public_jwk }
        }),
        "signing_key_created" => message(payload).and_then(created),
        "signing_key_published" => message(payload).and_then(|it: wire::SigningKeyPublished| {
            Ok(Event::KeyPublished { name: it.key_name, at: instant("at", it.at)? })
        }),
        "signing_key_activated" => message(payload).and_then(|it: wire::SigningKeyActivated| {
            Ok(Event::KeyActivated { name: it.key_name, at: instant("at", it.at)? })
        }),
        "signing_key_retired" => message(payload).and_then(|it: wire::SigningKeyRetired| {
            Ok(Event::KeyRetired { name: it.key_name, at: instant("at", it.at)? })
        }),
        "signing_key_removed" => message(payload).and_then(|it: wire::SigningKeyRemoved| {
            Ok(Event::KeyRemoved { name: it.key_name, at: instant("at", it.at)? })
        }),
        "signing_key_compromised" => message(payload).and_then(compromised),
        _ => return None,
    })
}

fn created(created: wire::SigningKeyCreated) -> Result<Event, String> {
    let algorithm = match created.algorithm() {
        wire::KeyAlgorithm::Ed25519 => Algorithm::Ed25519,
        wire::KeyAlgorithm::P256 => Algorithm::P256,
        wire::KeyAlgorithm::Unspecified => return Err("the key has no known algorithm".into()),
    };
    let purpose = match created.purpose() {
        wire::KeyPurpose::Credentials => Purpose::Credentials,
        wire::KeyPurpose::StatusLists => Purpose::StatusLists,
        wire::KeyPurpose::Unspecified => return Err("the key has no known purpose".into()),
    };
    let at = instant("at", created.at)?;
    let (name, public) = (created.key_name, created.public_key);
    Ok(Event::KeyCreated { name, algorithm, purpose, public, at })
}

fn compromised(it: wire::SigningKeyCompromised) -> Result<Event, String> {
    let (from, at) = (instant("from", it.from)?, instant("at", it.at)?);
    Ok(Event::KeyCompromised { name: it.key_name, from, at })
}

/// As the API and the log have it.
pub(crate) fn algorithm_to_wire(algorithm: Algorithm) -> wire::KeyAlgorithm {
    match algorithm {
        Algorithm::Ed25519 => wire::KeyAlgorithm::Ed25519,
        Algorithm::P256 => wire::KeyAlgorithm::P256,
    }
}

/// As the API and the log have it.
pub(crate) fn purpose_to_wire(purpose: Purpose) -> wire::KeyPurpose {
    match purpose {
        Purpose::Credentials => wire::KeyPurpose::Credentials,
        Purpose::StatusLists => wire::KeyPurpose::StatusLists,
    }
}
