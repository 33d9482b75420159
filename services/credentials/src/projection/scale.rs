//! What the rungs of a competency's scale are called.

use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::LevelId;
use prost::Message;
use uuid::Uuid;

use super::read;

/// One rung.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rung {
    /// CASE identifier.
    pub(crate) id: LevelId,
    /// Its name: Proficient; may be empty.
    pub(crate) name: String,
    /// What it looks like; may be empty.
    pub(crate) description: String,
}

/// A competency's scale, bottom first; kept under the competency's id. It is `extra`: it is the
/// registry's state, not ours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ScaleDocument(pub(crate) Vec<Rung>);

#[derive(Message)]
struct Scale {
    #[prost(message, repeated, tag = "1")]
    rungs: Vec<Stored>,
}

#[derive(Message)]
struct Stored {
    #[prost(bytes = "vec", tag = "1")]
    id: Vec<u8>,
    #[prost(string, tag = "2")]
    name: String,
    #[prost(string, tag = "3")]
    description: String,
}

impl Shape for ScaleDocument {
    const NOUN: &'static str = "scale";

    fn encode(&self) -> Document {
        let stored = |rung: &Rung| Stored {
            id: rung.id.as_bytes().to_vec(),
            name: rung.name.clone(),
            description: rung.description.clone(),
        };
        let scale = Scale { rungs: self.0.iter().map(stored).collect() };
        Document { state: Vec::new(), extra: scale.encode_to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let Scale { rungs } = read(Self::NOUN, &document.extra)?;
        let rung = |Stored { id, name, description }| {
            let id = Uuid::from_slice(&id).map_err(|why| Malformed::new(Self::NOUN, why))?;
            Ok(Rung { id: LevelId::from_uuid(id), name, description })
        };
        rungs.into_iter().map(rung).collect::<Result<_, _>>().map(Self)
    }

    fn weight(&self) -> usize {
        1_024
    }
}
