//! What was reached, on the scales of the competencies that an achievement stands at.

use northstar_kernel::{AchievementId, CompetencyId};
use serde::Serialize;
use uuid::Uuid;

use super::urn;

/// What was reached in one competency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// The competency.
    pub competency: CompetencyId,
    /// Its name for people.
    pub name: String,
    /// The rung that is needed, from 1.
    pub needed: u32,
    /// The rung that is held, from 1; `None` if nothing is stated of it.
    pub held: Option<u32>,
    /// Names of the rungs and what they look like, bottom first; empty where the framework says
    /// nothing.
    pub scale: Vec<Level>,
}

/// One rung of a scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// CASE identifier.
    pub id: Uuid,
    /// Its name; may be empty.
    pub name: String,
    /// What it looks like; may be empty.
    pub description: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResultDescription {
    id: String,
    #[serde(rename = "type")]
    kind: [&'static str; 1],
    name: String,
    result_type: &'static str,
    required_level: String,
    required_value: String,
    rubric_criterion_level: Vec<RubricCriterionLevel>,
}

#[derive(Debug, Clone, Serialize)]
struct RubricCriterionLevel {
    id: String,
    #[serde(rename = "type")]
    kind: [&'static str; 1],
    name: String,
    level: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    description: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResultDocument {
    #[serde(rename = "type")]
    kind: [&'static str; 1],
    result_description: String,
    achieved_level: String,
    value: String,
}

impl Reached {
    /// The rungs: the scale's, and further ones where it ends too early.
    fn rungs(&self, achievement: AchievementId) -> Vec<RubricCriterionLevel> {
        let highest = self.needed.max(self.held.unwrap_or(0)) as usize;
        let rung = |place: usize| {
            let number = place + 1;
            let known = self.scale.get(place);
            let name = known.map(|level| level.name.clone()).filter(|name| !name.trim().is_empty());
            RubricCriterionLevel {
                id: self.level_id(achievement, number),
                kind: ["RubricCriterionLevel"],
                name: name.unwrap_or_else(|| format!("Level {number}")),
                level: number.to_string(),
                description: known.map(|level| level.description.clone()).unwrap_or_default(),
            }
        };
        (0..self.scale.len().max(highest)).map(rung).collect()
    }

    /// Made for this one achievement: two of them may name the same scale in other words.
    fn level_id(&self, achievement: AchievementId, number: usize) -> String {
        let known = self.scale.get(number.wrapping_sub(1));
        let known = known.map(|level| level.id.to_string()).unwrap_or_default();
        let name = format!("level {number} of {} {known}", self.competency);
        urn(Uuid::new_v5(&achievement.uuid(), name.as_bytes()))
    }

    fn id(&self, achievement: AchievementId) -> String {
        let name = format!("result description: {}", self.competency);
        urn(Uuid::new_v5(&achievement.uuid(), name.as_bytes()))
    }

    pub(super) fn description(&self, achievement: AchievementId) -> ResultDescription {
        ResultDescription {
            id: self.id(achievement),
            kind: ["ResultDescription"],
            name: format!("Level of {}", self.name),
            result_type: "RubricCriterionLevel",
            required_level: self.level_id(achievement, self.needed as usize),
            required_value: self.needed.to_string(),
            rubric_criterion_level: self.rungs(achievement),
        }
    }

    /// `None` if nothing is held of it.
    pub(super) fn result(&self, achievement: AchievementId) -> Option<ResultDocument> {
        let held = self.held?;
        Some(ResultDocument {
            kind: ["Result"],
            result_description: self.id(achievement),
            achieved_level: self.level_id(achievement, held as usize),
            value: held.to_string(),
        })
    }
}
