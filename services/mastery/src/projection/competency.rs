//! What mastery needs to know of a competency: key = competency id.

use std::sync::Arc;

use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::FrameworkId;
use northstar_mastery_domain::Scale;
use prost::Message;

use crate::codec::read_uuid;

/// A competency as it was last published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Competency {
    /// The framework whose policy applies.
    pub(crate) framework: FrameworkId,
    /// The framework's code for it; may be empty.
    pub(crate) code: String,
    /// The rungs a value is read against.
    pub(crate) scale: Arc<Scale>,
}

impl Competency {
    /// Whether judgements are read by the same scale and policy as in `other`.
    pub(crate) fn reads_as(&self, other: &Self) -> bool {
        self.framework == other.framework && self.scale == other.scale
    }
}

#[derive(Clone, PartialEq, Message)]
struct Stored {
    #[prost(bytes = "vec", tag = "1")]
    framework: Vec<u8>,
    #[prost(string, tag = "2")]
    code: String,
    #[prost(sint64, repeated, tag = "3")]
    scale_milli: Vec<i64>,
}

impl Shape for Competency {
    const NOUN: &'static str = "competency";

    fn encode(&self) -> Document {
        let stored = Stored {
            framework: self.framework.as_bytes().to_vec(),
            code: self.code.clone(),
            scale_milli: self.scale.scores_milli().to_vec(),
        };
        Document { state: stored.encode_to_vec(), extra: Vec::new() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let stored =
            Stored::decode(&document.state[..]).map_err(|why| Malformed::new(Self::NOUN, why))?;
        Ok(Self {
            framework: FrameworkId::from_uuid(read_uuid(Self::NOUN, &stored.framework)?),
            code: stored.code,
            scale: Scale::new(stored.scale_milli).into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use northstar_kernel::TenantId;

    use super::*;

    #[test]
    fn reads_what_it_wrote() {
        let competency = Competency {
            framework: FrameworkId::derive(TenantId::from_slug("a"), "f"),
            code: "NS.INT.1".to_owned(),
            scale: Scale::new([1_000, 2_000]).into(),
        };
        assert_eq!(Competency::decode(&competency.encode()), Ok(competency));
    }

    #[test]
    fn bytes_that_make_no_sense_are_malformed() {
        let broken = Document { state: vec![0x0a, 3, 1, 2, 3], extra: Vec::new() };
        assert!(Competency::decode(&broken).is_err());
    }
}
