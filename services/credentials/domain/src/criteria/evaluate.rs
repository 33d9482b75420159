//! Whether criteria are met, and what is missing.

use northstar_kernel::{AchievementId, CompetencyId};

use super::{Criteria, Holdings};
use crate::achievement::Standing;

/// What criteria come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// They are met.
    Met,
    /// They are not, and this is why.
    Missing(Missing),
}

/// What would have to come for criteria to be met. What is met already is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// Mastery of a competency at a level.
    Level {
        /// The competency.
        competency: CompetencyId,
        /// The rung that is needed.
        needed: u32,
        /// What is held.
        held: Standing,
    },
    /// A credential for an achievement.
    Achievement(AchievementId),
    /// A fact, stated often enough.
    Fact {
        /// The fact.
        name: String,
        /// How often it is needed.
        needed: u32,
        /// How often it is stated.
        held: u32,
    },
    /// All of these.
    All(Vec<Missing>),
    /// So many more, of these.
    Some {
        /// How many more, from 1.
        more: u32,
        /// What can still be chosen from.
        of: Vec<Missing>,
    },
}

impl Missing {
    /// What is missing, one by one, whether all of it is needed or some.
    pub fn leaves(&self) -> Vec<&Missing> {
        match self {
            Self::All(of) | Self::Some { of, .. } => of.iter().flat_map(Self::leaves).collect(),
            leaf => vec![leaf],
        }
    }
}

/// Criteria that were checked are nested [`super::DEEPEST`] deep at most.
pub(super) fn outcome(criteria: &Criteria, holdings: &Holdings) -> Outcome {
    missing(criteria, holdings).map_or(Outcome::Met, Outcome::Missing)
}

fn missing(criteria: &Criteria, holdings: &Holdings) -> Option<Missing> {
    match criteria {
        Criteria::Competency { competency, level } => {
            let held = holdings.standings.get(competency).copied().unwrap_or_default();
            let needed = level.needed(&holdings.roles);
            (!held.reaches(needed)).then_some(Missing::Level {
                competency: *competency,
                needed,
                held,
            })
        }
        Criteria::Achievement(id) => {
            (!holdings.achievements.contains(id)).then_some(Missing::Achievement(*id))
        }
        Criteria::Fact { name, at_least: needed } => {
            let (needed, held) = (*needed, holdings.facts.get(name).copied().unwrap_or(0));
            (held < needed).then(|| Missing::Fact { name: name.clone(), needed, held })
        }
        Criteria::All(parts) => match parts_missing(parts, holdings) {
            missing if missing.is_empty() => None,
            missing => Some(Missing::All(missing)),
        },
        Criteria::Any(parts) => some_missing(1, parts, holdings),
        Criteria::AtLeast { k, of } => some_missing(*k as usize, of, holdings),
    }
}

fn parts_missing(parts: &[Criteria], holdings: &Holdings) -> Vec<Missing> {
    parts.iter().filter_map(|part| missing(part, holdings)).collect()
}

fn some_missing(k: usize, parts: &[Criteria], holdings: &Holdings) -> Option<Missing> {
    let of = parts_missing(parts, holdings);
    let met = parts.len() - of.len();
    (met < k).then(|| Missing::Some { more: (k - met) as u32, of })
}
