//! Endorsements given and received, by id, and which there are of something.
//!
//! All of it is `extra`: ids, signatures and times differ from one recording to the next.

use northstar_credentials_domain::endorsement::{Event, What};
use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::{CredentialId, LearnerId};
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::EndorsementState;
use prost::Message;
use serde_json::Value;
use uuid::Uuid;

use super::{joined, read};
use crate::codec::field::moment;
use crate::codec::found;
use crate::standard::published::issuer;

/// An endorsement as it is shown, but for what came in sealed.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct EndorsementDocument {
    /// As it is shown; without its document, if it was received.
    pub(crate) shown: wire::Endorsement,
    /// What was received, a sealed text; empty if the tenant gave it.
    pub(crate) sealed: String,
    /// Whose credential it is about; `None` if it is about something else.
    pub(crate) learner: Option<LearnerId>,
    /// The key that signed it; empty unless the tenant gave it.
    pub(crate) key_name: String,
}

impl EndorsementDocument {
    /// Takes in what happened to it.
    pub(crate) fn live_through(&mut self, Event { endorsement, what }: &Event) {
        let shown = &mut self.shown;
        match what {
            What::Requested(request) => {
                shown.endorsement_id = endorsement.to_string();
                shown.subject = request.subject.clone();
                (shown.given, shown.at) = (true, Some(moment(request.at)));
                shown.set_state(EndorsementState::Requested);
                self.learner = request.learner;
            }
            What::Given(signed) => {
                shown.endorser = endorser(&signed.document);
                shown.document = signed.document.clone();
                shown.place = Some(wire::StatusPlace {
                    serial: signed.serial,
                    list: signed.place.list,
                    index: signed.place.index,
                });
                shown.set_state(EndorsementState::Standing);
                self.key_name = signed.key_name.clone();
            }
            What::Received(received) => {
                shown.endorsement_id = endorsement.to_string();
                shown.subject = received.subject.clone();
                shown.endorser = received.endorser.clone();
                shown.checks = found::to_wire(&received.checks);
                shown.on_word = received.word.is_some();
                shown.at = Some(moment(received.at));
                shown.set_state(EndorsementState::Standing);
                (self.sealed, self.learner) = (received.document.clone(), received.learner);
            }
            What::Withdrawn { .. } => shown.set_state(EndorsementState::Withdrawn),
        }
    }

    /// Whose it is under; the learner's key, or one of the endorsement's own.
    pub(crate) fn sealed_under(learner: Option<LearnerId>, endorsement: CredentialId) -> Uuid {
        learner.map_or(endorsement.uuid(), |learner| learner.uuid())
    }
}

/// Who endorses, as it was signed: the tenant's name may come later than this, when all is read anew.
fn endorser(document: &str) -> String {
    let said: Value = serde_json::from_str(document).unwrap_or_default();
    issuer(&said).to_owned()
}

#[derive(Message)]
struct Stored {
    #[prost(message, optional, tag = "1")]
    shown: Option<wire::Endorsement>,
    #[prost(string, tag = "2")]
    sealed: String,
    #[prost(bytes = "vec", optional, tag = "3")]
    learner: Option<Vec<u8>>,
    #[prost(string, tag = "4")]
    key_name: String,
}

impl Shape for EndorsementDocument {
    const NOUN: &'static str = "endorsement";

    fn encode(&self) -> Document {
        let stored = Stored {
            shown: Some(self.shown.clone()),
            sealed: self.sealed.clone(),
            learner: self.learner.map(|learner| learner.as_bytes().to_vec()),
            key_name: self.key_name.clone(),
        };
        Document { state: Vec::new(), extra: stored.encode_to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let Stored { shown, sealed, learner, key_name } = read(Self::NOUN, &document.extra)?;
        let shown = shown.ok_or_else(|| Malformed::new(Self::NOUN, "nothing is shown"))?;
        let learner = learner.map(|bytes| Uuid::from_slice(&bytes)).transpose();
        let learner = learner.map_err(|why| Malformed::new(Self::NOUN, why))?;
        Ok(Self { shown, sealed, learner: learner.map(LearnerId::from_uuid), key_name })
    }

    fn weight(&self) -> usize {
        512 + self.shown.document.len() + self.sealed.len()
    }
}

/// All there is to say stands in the key.
macro_rules! mark {
    ($(#[$doc:meta])* $name:ident, $noun:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) struct $name;

        impl Shape for $name {
            const NOUN: &'static str = $noun;

            fn encode(&self) -> Document {
                Document { state: Vec::new(), extra: vec![1] }
            }

            fn decode(_: &Document) -> Result<Self, Malformed> {
                Ok(Self)
            }

            fn weight(&self) -> usize {
                1
            }
        }
    };
}

mark! {
    /// Says that there is an endorsement of something; kept under that and the endorsement's id.
    EndorsementOf, "endorsement_of"
}

mark! {
    /// Says that an endorsement is to be signed; kept under its id.
    EndorsementDue, "endorsement_due"
}

impl EndorsementOf {
    /// Where it is kept: endorsements of one thing are neighbours.
    pub(crate) fn key(subject: &str, endorsement: CredentialId) -> Vec<u8> {
        joined(Self::subject(subject), endorsement.uuid())
    }

    /// What stands for a subject in keys.
    pub(crate) fn subject(subject: &str) -> Uuid {
        Uuid::new_v5(&Uuid::NAMESPACE_URL, subject.as_bytes())
    }
}
