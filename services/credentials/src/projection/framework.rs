//! What the registry says of competencies and learners, as far as records and imports need it.
//!
//! All of it is `extra`: it is the registry's state, not ours.

use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::{AssociationId, CompetencyId, FrameworkId};
use prost::Message;
use uuid::Uuid;

use super::{joined, read};

/// A published competency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownCompetency {
    /// The framework it is of.
    pub(crate) framework: FrameworkId,
    /// Its URI; may be empty.
    pub(crate) uri: String,
    /// The rungs it may be judged at: their places, from 1, and what each counts as, in thousandths.
    pub(crate) scale: Vec<(u32, i64)>,
}

#[derive(Message)]
struct StoredCompetency {
    #[prost(bytes = "vec", tag = "1")]
    framework: Vec<u8>,
    #[prost(string, tag = "2")]
    uri: String,
    #[prost(uint32, repeated, tag = "3")]
    positions: Vec<u32>,
    #[prost(sint64, repeated, tag = "4")]
    scores: Vec<i64>,
}

impl Shape for KnownCompetency {
    const NOUN: &'static str = "known_competency";

    fn encode(&self) -> Document {
        let stored = StoredCompetency {
            framework: self.framework.as_bytes().to_vec(),
            uri: self.uri.clone(),
            positions: self.scale.iter().map(|(position, _)| *position).collect(),
            scores: self.scale.iter().map(|(_, score)| *score).collect(),
        };
        Document { state: Vec::new(), extra: stored.encode_to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let stored: StoredCompetency = read(Self::NOUN, &document.extra)?;
        let framework = FrameworkId::from_uuid(uuid(Self::NOUN, &stored.framework)?);
        let scale = stored.positions.into_iter().zip(stored.scores).collect();
        Ok(Self { framework, uri: stored.uri, scale })
    }
}

/// An association that starts from a competency; kept under that and its own id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownAssociation {
    /// As CASE has it: isChildOf, precedes and so on.
    pub(crate) kind: String,
    /// Where it leads.
    pub(crate) destination: CompetencyId,
}

impl KnownAssociation {
    /// Where it is kept: those that start from one competency are neighbours.
    pub(crate) fn key(origin: CompetencyId, association: AssociationId) -> Vec<u8> {
        joined(origin.uuid(), association.uuid())
    }
}

#[derive(Message)]
struct StoredAssociation {
    #[prost(string, tag = "1")]
    kind: String,
    #[prost(bytes = "vec", tag = "2")]
    destination: Vec<u8>,
}

impl Shape for KnownAssociation {
    const NOUN: &'static str = "known_association";

    fn encode(&self) -> Document {
        let (kind, destination) = (self.kind.clone(), self.destination.as_bytes().to_vec());
        let extra = StoredAssociation { kind, destination }.encode_to_vec();
        Document { state: Vec::new(), extra }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let StoredAssociation { kind, destination } = read(Self::NOUN, &document.extra)?;
        let destination = CompetencyId::from_uuid(uuid(Self::NOUN, &destination)?);
        Ok(Self { kind, destination })
    }
}

/// Where an association starts; kept under its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AssociationOrigin(pub(crate) CompetencyId);

impl Shape for AssociationOrigin {
    const NOUN: &'static str = "association_origin";

    fn encode(&self) -> Document {
        Document { state: Vec::new(), extra: self.0.as_bytes().to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        Ok(Self(CompetencyId::from_uuid(uuid(Self::NOUN, &document.extra)?)))
    }
}

/// Somebody in the roster with the role student; kept under their id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KnownLearner;

impl Shape for KnownLearner {
    const NOUN: &'static str = "known_learner";

    fn encode(&self) -> Document {
        Document { state: Vec::new(), extra: vec![1] }
    }

    fn decode(_: &Document) -> Result<Self, Malformed> {
        Ok(Self)
    }

    fn weight(&self) -> usize {
        64
    }
}

fn uuid(noun: &'static str, bytes: &[u8]) -> Result<Uuid, Malformed> {
    Uuid::from_slice(bytes).map_err(|why| Malformed::new(noun, why))
}
