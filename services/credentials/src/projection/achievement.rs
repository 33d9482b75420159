//! What can be earned, by the competency that earns it.

use northstar_credentials_domain::achievement::Achievement;
use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::{AchievementId, CompetencyId};
use prost::Message as _;

use super::{joined, read};
use crate::codec;

/// An achievement as it is defined now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AchievementDocument(pub(crate) Achievement);

impl AchievementDocument {
    /// Where it is kept: a competency's achievements are neighbours.
    pub(crate) fn key(competency: CompetencyId, achievement: AchievementId) -> Vec<u8> {
        joined(competency.uuid(), achievement.uuid())
    }
}

impl Shape for AchievementDocument {
    const NOUN: &'static str = "achievement";

    fn encode(&self) -> Document {
        Document { state: codec::to_wire(&self.0).encode_to_vec(), extra: Vec::new() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let achievement = codec::from_wire(read(Self::NOUN, &document.state)?);
        achievement.map(Self).map_err(|why| Malformed::new(Self::NOUN, why))
    }

    fn weight(&self) -> usize {
        1_024
    }
}
