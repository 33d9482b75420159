//! What can be earned, by the competency that earns it.

use northstar_credentials_domain::achievement::Achievement;
use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::{AchievementId, CompetencyId};
use prost::Message as _;

use super::{joined, read};
use crate::codec;

/// An achievement as it is defined now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AchievementDocument {
    /// The definition.
    pub(crate) achievement: Achievement,
    /// Counts its wordings, from 1.
    pub(crate) version: u32,
}

impl AchievementDocument {
    /// Where it is kept: a competency's achievements are neighbours.
    pub(crate) fn key(competency: CompetencyId, achievement: AchievementId) -> Vec<u8> {
        joined(competency.uuid(), achievement.uuid())
    }
}

impl Shape for AchievementDocument {
    const NOUN: &'static str = "achievement";

    fn encode(&self) -> Document {
        let state = codec::to_wire(&self.achievement).encode_to_vec();
        Document { state, extra: self.version.to_be_bytes().to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let achievement = codec::from_wire(read(Self::NOUN, &document.state)?);
        let version = document.extra.first_chunk().map_or(1, |bytes| u32::from_be_bytes(*bytes));
        achievement
            .map(|achievement| Self { achievement, version })
            .map_err(|why| Malformed::new(Self::NOUN, why))
    }

    fn weight(&self) -> usize {
        1_024
    }
}
