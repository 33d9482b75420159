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
    /// Whether it is not to count for now: a person holds it, or a review is open.
    pub(crate) paused: bool,
}

impl AwardDocument {
    /// Where it is kept.
    pub(crate) fn key(learner: LearnerId, achievement: AchievementId) -> Vec<u8> {
        joined(learner.uuid(), achievement.uuid())
    }

    /// Whether it counts where other achievements ask for this one.
    pub(crate) fn counts(self) -> bool {
        self.held && !self.paused
    }
}

impl Shape for AwardDocument {
    const NOUN: &'static str = "award";

    /// One that is not held has no state, as one that never was.
    fn encode(&self) -> Document {
        let state = if self.held { b"held".to_vec() } else { Vec::new() };
        let extra = if self.paused { b"paused".to_vec() } else { Vec::new() };
        Document { state, extra }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let paused = document.extra == b"paused";
        match document.state.as_slice() {
            b"held" => Ok(Self { held: true, paused }),
            b"" => Ok(Self { held: false, paused }),
            _ => Err(Malformed::new(Self::NOUN, "neither held nor empty")),
        }
    }
}
