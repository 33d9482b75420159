//! What must be met to earn an achievement, where one competency is not enough.
//!
//! Criteria are a small algebra: all, any, or so many of several; a competency at a level, which
//! may depend on the role somebody has; another achievement, so that achievements stack; and a fact
//! that an authority states, as diplomas ask for. They are checked when an achievement is defined,
//! and only then can be evaluated.

mod check;
mod evaluate;

use std::collections::{BTreeMap, BTreeSet};

use northstar_kernel::{AchievementId, CompetencyId, Violation};

use crate::achievement::{Achievement, Standing};

pub use check::{DEEPEST, MOST_PARTS, stacking_flaws};
pub use evaluate::{Missing, Outcome};

/// What must be met.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Criteria {
    /// Mastery of a competency, at a level or above it.
    Competency {
        /// The competency.
        competency: CompetencyId,
        /// The level.
        level: Level,
    },
    /// Another achievement, by a credential that holds.
    Achievement(AchievementId),
    /// A fact that an authority states of the learner, at least so often: credits, certificates.
    /// What is true or false is stated once or not at all.
    Fact {
        /// The fact, in small letters, digits and underscores: `dual_credit_technical`.
        name: String,
        /// How often, from 1.
        at_least: u32,
    },
    /// Every part.
    All(Vec<Criteria>),
    /// One part at least.
    Any(Vec<Criteria>),
    /// So many parts at least.
    AtLeast {
        /// How many, from 1.
        k: u32,
        /// The parts.
        of: Vec<Criteria>,
    },
}

/// A rung of a competency's scale, from 1; for some roles another one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Level {
    /// The rung for everybody without a rung of their own.
    pub base: u32,
    /// The rung for those who have the role.
    pub by_role: BTreeMap<String, u32>,
}

impl Level {
    /// The same rung for everybody.
    pub const fn of(base: u32) -> Self {
        Self { base, by_role: BTreeMap::new() }
    }

    /// The rung that somebody with these roles needs: of several that say one, the lowest.
    pub fn needed<'r>(&self, roles: impl IntoIterator<Item = &'r String>) -> u32 {
        let said = roles.into_iter().filter_map(|role| self.by_role.get(role));
        said.min().copied().unwrap_or(self.base)
    }
}

/// What is held of a learner.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Holdings {
    /// The roles they have, where levels depend on one.
    pub roles: BTreeSet<String>,
    /// What is held in each competency; nothing is held in others.
    pub standings: BTreeMap<CompetencyId, Standing>,
    /// Achievements they have a credential for that holds: neither revoked nor held nor expired.
    pub achievements: BTreeSet<AchievementId>,
    /// How often a fact is stated of them.
    pub facts: BTreeMap<String, u32>,
}

/// Criteria that were checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule(Criteria);

impl Rule {
    /// Checks the criteria.
    ///
    /// # Errors
    /// Everything that is wrong with them, by path: `criteria.all[1].k`.
    pub fn define(criteria: Criteria) -> Result<Self, Vec<Violation>> {
        let flaws = check::flaws(&criteria);
        if flaws.is_empty() { Ok(Self(criteria)) } else { Err(flaws) }
    }

    /// What was checked.
    pub fn criteria(&self) -> &Criteria {
        &self.0
    }

    /// Whether what is held meets the criteria, and if not, what would have to come.
    pub fn evaluate(&self, holdings: &Holdings) -> Outcome {
        evaluate::outcome(&self.0, holdings)
    }

    /// The competencies that the criteria name, in order.
    pub fn competencies(&self) -> BTreeSet<CompetencyId> {
        check::competencies(&self.0)
    }

    /// The facts that the criteria name, in order.
    pub fn facts(&self) -> BTreeSet<&str> {
        check::facts(&self.0)
    }

    /// The rung of a competency that is needed where no role says another: of several the criteria
    /// name, the lowest; `None` if they do not name the competency.
    pub fn needed(&self, competency: CompetencyId) -> Option<u32> {
        check::needed(&self.0, competency)
    }

    /// Whether what somebody needs depends on their role.
    pub fn asks_for_role(&self) -> bool {
        check::asks_for_role(&self.0)
    }

    /// Whether mastery alone carries it: it would be met if every part and fact were there.
    pub fn is_mastered(&self, holdings: &Holdings) -> bool {
        let all = Holdings {
            achievements: self.requires(),
            facts: self.facts().into_iter().map(|fact| (fact.to_owned(), u32::MAX)).collect(),
            ..holdings.clone()
        };
        self.evaluate(&all) == Outcome::Met
    }

    /// The achievements that the criteria name, in order.
    pub fn requires(&self) -> BTreeSet<AchievementId> {
        check::required(&self.0)
    }
}

/// The criteria of an achievement that one competency earns.
impl From<&Achievement> for Criteria {
    fn from(achievement: &Achievement) -> Self {
        Self::Competency {
            competency: achievement.alignment.competency,
            level: Level::of(achievement.required_level),
        }
    }
}
