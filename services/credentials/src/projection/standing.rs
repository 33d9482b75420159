//! What mastery says of each learner, kept so that an achievement defined later is awarded too.
//!
//! All of it is `extra`: it is mastery's state, not ours.

use northstar_credentials_domain::achievement::Standing;
use northstar_credentials_domain::award::MasteryEvent;
use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::{CompetencyId, EventId, EvidenceId, LearnerId, Sequence};
use prost::Message;
use uuid::Uuid;

use super::{joined, last_id, read};

/// What a learner holds in a competency, and the event that said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StandingDocument {
    /// What is held.
    pub(crate) standing: Standing,
    /// The newest mastery event about it.
    pub(crate) mastery_event: MasteryEvent,
    /// The evidence that counts, oldest first.
    pub(crate) evidence: Vec<EvidenceId>,
    /// Hash of the policy applied; empty if none was.
    pub(crate) policy_hash: String,
}

impl StandingDocument {
    /// Where it is kept: a competency's learners are neighbours.
    pub(crate) fn key(competency: CompetencyId, learner: LearnerId) -> Vec<u8> {
        joined(competency.uuid(), learner.uuid())
    }

    /// The learner whose standing is kept there.
    pub(crate) fn learner_in(key: &[u8]) -> LearnerId {
        LearnerId::from_uuid(last_id(key))
    }
}

#[derive(Message)]
struct Stored {
    #[prost(bool, tag = "1")]
    at_mastery: bool,
    #[prost(uint32, tag = "2")]
    level: u32,
    #[prost(bytes = "vec", tag = "3")]
    event: Vec<u8>,
    #[prost(uint64, tag = "4")]
    sequence: u64,
    /// Sixteen bytes each, one after the other.
    #[prost(bytes = "vec", tag = "5")]
    evidence: Vec<u8>,
    #[prost(string, tag = "6")]
    policy_hash: String,
}

impl Shape for StandingDocument {
    const NOUN: &'static str = "standing";

    fn encode(&self) -> Document {
        let stored = Stored {
            at_mastery: self.standing.at_mastery,
            level: self.standing.level,
            event: self.mastery_event.id.as_bytes().to_vec(),
            sequence: self.mastery_event.sequence.0,
            evidence: self.evidence.iter().flat_map(|id| *id.as_bytes()).collect(),
            policy_hash: self.policy_hash.clone(),
        };
        Document { state: Vec::new(), extra: stored.encode_to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let stored: Stored = read(Self::NOUN, &document.extra)?;
        let event = Uuid::from_slice(&stored.event).map_err(|e| Malformed::new(Self::NOUN, e))?;
        Ok(Self {
            standing: Standing { at_mastery: stored.at_mastery, level: stored.level },
            mastery_event: MasteryEvent {
                id: EventId::from_uuid(event),
                sequence: Sequence(stored.sequence),
            },
            evidence: ids(&stored.evidence),
            policy_hash: stored.policy_hash,
        })
    }
}

fn ids(bytes: &[u8]) -> Vec<EvidenceId> {
    let (whole, _) = bytes.as_chunks::<16>();
    whole.iter().map(|bytes| EvidenceId::from_uuid(Uuid::from_bytes(*bytes))).collect()
}
