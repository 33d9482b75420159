//! Which learner holds which achievement: what the state hash of this context covers.
//!
//! A credential's id and level depend on when evidence arrived, so neither is part of it.

use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::{AchievementId, LearnerId};

use super::joined;

/// Whether an achievement is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct AwardDocument {
    /// Whether a credential stands: it has neither ended, by its date or otherwise, nor lost a part.
    pub(crate) held: bool,
}

impl AwardDocument {
    /// Where it is kept.
    pub(crate) fn key(learner: LearnerId, achievement: AchievementId) -> Vec<u8> {
        joined(learner.uuid(), achievement.uuid())
    }
}

impl Shape for AwardDocument {
    const NOUN: &'static str = "award";

    /// One that is not held has no state, as one that never was.
    fn encode(&self) -> Document {
        let state = if self.held { b"held".to_vec() } else { Vec::new() };
        Document { state, extra: Vec::new() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        match document.state.as_slice() {
            b"held" => Ok(Self { held: true }),
            b"" => Ok(Self { held: false }),
            _ => Err(Malformed::new(Self::NOUN, "neither held nor empty")),
        }
    }
}
