//! A competency that evidence named before the registry did: key = competency id.

use northstar_eventlog::{Document, Malformed, Shape};

/// Says that there are judgements to read once the competency is published. Without it each new
/// competency would mean looking through all levels for judgements that are hardly ever there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Awaited;

impl Shape for Awaited {
    const NOUN: &'static str = "awaited";

    /// Not state: what waits is in the levels themselves.
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
