//! Learners' records, by learner: what is said of them. What they say stands in the log alone.
//!
//! All of it is `extra`: ids, signatures and times differ from one recording to the next.

use northstar_credentials_domain::record::Assembled;
use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::{CredentialId, LearnerId};
use northstar_wire::credentials::v1 as wire;
use prost::Message;

use super::{joined, read};
use crate::codec::field::moment;

/// A record as it is shown, and the keys that signed it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RecordDocument {
    /// As it is shown.
    pub(crate) shown: wire::LearnerRecord,
    /// The keys that signed it.
    pub(crate) key_names: Vec<String>,
}

impl RecordDocument {
    /// Where it is kept: a learner's records are neighbours.
    pub(crate) fn key(learner: LearnerId, record: CredentialId) -> Vec<u8> {
        joined(learner.uuid(), record.uuid())
    }
}

impl From<&Assembled> for RecordDocument {
    fn from(event: &Assembled) -> Self {
        let shown = wire::LearnerRecord {
            record_id: event.record.to_string(),
            learner_id: event.learner.to_string(),
            name: event.name.clone(),
            credential_ids: event.credentials.iter().map(ToString::to_string).collect(),
            partial: event.partial,
            valid_from: Some(moment(event.valid_from)),
            valid_until: Some(moment(event.valid_until)),
            requested_by: event.actor.clone(),
        };
        Self { shown, key_names: event.key_names.clone() }
    }
}

#[derive(Message)]
struct Stored {
    #[prost(message, optional, tag = "1")]
    shown: Option<wire::LearnerRecord>,
    #[prost(string, repeated, tag = "2")]
    key_names: Vec<String>,
}

impl Shape for RecordDocument {
    const NOUN: &'static str = "record";

    fn encode(&self) -> Document {
        let stored = Stored { shown: Some(self.shown.clone()), key_names: self.key_names.clone() };
        Document { state: Vec::new(), extra: stored.encode_to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let Stored { shown, key_names } = read(Self::NOUN, &document.extra)?;
        let shown = shown.ok_or_else(|| Malformed::new(Self::NOUN, "nothing is shown"))?;
        Ok(Self { shown, key_names })
    }

    fn weight(&self) -> usize {
        512 + 48 * self.shown.credential_ids.len()
    }
}
