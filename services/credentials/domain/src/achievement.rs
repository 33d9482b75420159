//! The definition of something that can be earned.

use std::fmt;

use northstar_kernel::{
    AchievementId, CompetencyId, Decider, Kind, LearnerId, Refusal as Refused, TenantId, Violation,
};

use crate::criteria::{Criteria, Rule};
use crate::definition;

/// Where an achievement stands in a framework.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alignment {
    /// The competency that earns it.
    pub competency: CompetencyId,
    /// The framework's code for the competency; may be empty.
    pub code: String,
    /// The competency's name for people.
    pub name: String,
    /// Where the competency is published (http or https).
    pub uri: String,
}

/// Something that can be earned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Achievement {
    /// Derived from tenant and key.
    pub id: AchievementId,
    /// The tenant's own key for it, in DNS label form.
    pub key: String,
    /// Name for people.
    pub name: String,
    /// Description for people.
    pub description: String,
    /// What must be met, in words.
    pub criteria: String,
    /// The competency it stands at, and without a rule is earned by.
    pub alignment: Alignment,
    /// The rung of the competency's scale that earns it, from 1; 0 with a rule.
    pub required_level: u32,
    /// What earns it, where that is more than one competency at one level.
    pub rule: Option<Criteria>,
    /// Further competencies that the rule names, for people to see.
    pub further: Vec<Alignment>,
    /// Days that a credential holds; 0: it does not end by itself.
    pub valid_days: u32,
}

/// What is held of a learner in the competency an achievement is aligned to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Whether the value is at or above the policy's threshold.
    pub at_mastery: bool,
    /// The rung of the scale, from 1; 0 if none.
    pub level: u32,
}

impl Standing {
    /// Whether this is mastery at that rung or above it.
    pub fn reaches(self, level: u32) -> bool {
        self.at_mastery && self.level >= level
    }
}

impl Achievement {
    /// The same id for the same key of the same tenant, every time.
    pub fn id_of(tenant: TenantId, key: &str) -> AchievementId {
        AchievementId::derive(tenant, key)
    }

    /// The rule: mastery, and at the required level or above it.
    pub fn earned_at(&self, standing: Standing) -> bool {
        standing.reaches(self.required_level)
    }

    /// What must be met: its rule, or else its one competency at its one level.
    ///
    /// # Errors
    /// Everything that is wrong with the criteria; nothing is with those of one that was defined.
    pub fn rule(&self) -> Result<Rule, Vec<Violation>> {
        Rule::define(self.rule.clone().unwrap_or_else(|| Criteria::from(self)))
    }

    /// Where it stands in frameworks: its own alignment, then the further ones.
    pub fn alignments(&self) -> impl Iterator<Item = &Alignment> {
        std::iter::once(&self.alignment).chain(&self.further)
    }
}

/// A request about an achievement.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
pub enum Command {
    /// Define it, first or in other words.
    Define(Achievement),
    /// Note that every learner with a standing, up to this one, was looked at.
    Offer {
        /// The last learner that was looked at; they go by id.
        up_to: LearnerId,
    },
}

/// What happened to an achievement.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a definition has a handful of them")]
pub enum Event {
    /// It was defined, first or anew.
    Defined(Achievement),
    /// It was offered to learners who reached mastery before, up to one of them; the others follow.
    Offered {
        /// The achievement.
        achievement: AchievementId,
        /// The competency it is earned by.
        competency: CompetencyId,
        /// The last learner it was offered to; they go by id.
        up_to: LearnerId,
    },
}

/// Why an achievement was not defined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The definition itself is wrong.
    Invalid(Vec<Violation>),
    /// It stands already and is earned otherwise; credentials out there say how it was earned.
    TermsFixed(Vec<Violation>),
    /// Nothing was defined that could be offered.
    NotDefined,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Invalid(_) => "the achievement is not well defined",
            Self::TermsFixed(_) => {
                "what earns an achievement cannot change once it is defined; \
                 define another under a new key"
            }
            Self::NotDefined => "the achievement is not defined",
        })
    }
}

impl std::error::Error for Refusal {}

impl Refused for Refusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "ACHIEVEMENT_INVALID",
            Self::TermsFixed(_) => "ACHIEVEMENT_TERMS_FIXED",
            Self::NotDefined => "ACHIEVEMENT_NOT_DEFINED",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Invalid(_) => Kind::Invalid,
            Self::TermsFixed(_) => Kind::Precondition,
            Self::NotDefined => Kind::NotFound,
        }
    }

    fn violations(&self) -> Vec<Violation> {
        match self {
            Self::Invalid(violations) | Self::TermsFixed(violations) => violations.clone(),
            Self::NotDefined => Vec::new(),
        }
    }
}

/// What is known of an achievement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// The definition that stands.
    pub definition: Option<Achievement>,
    /// The last learner it was offered to after its definition.
    pub offered: Option<LearnerId>,
}

/// Decides about achievements.
#[derive(Debug)]
pub struct Achievements;

impl Decider for Achievements {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Define(wanted) => define(state.definition.as_ref(), wanted),
            Command::Offer { up_to } => {
                let standing = state.definition.as_ref().ok_or(Refusal::NotDefined)?;
                if state.offered >= Some(up_to) {
                    return Ok(Vec::new());
                }
                let (achievement, competency) = (standing.id, standing.alignment.competency);
                Ok(vec![Event::Offered { achievement, competency, up_to }])
            }
        }
    }

    fn evolve(mut state: State, event: &Event) -> State {
        match event {
            Event::Defined(achievement) => state.definition = Some(achievement.clone()),
            Event::Offered { up_to, .. } => state.offered = state.offered.max(Some(*up_to)),
        }
        state
    }
}

fn define(standing: Option<&Achievement>, wanted: Achievement) -> Result<Vec<Event>, Refusal> {
    let violations = definition::violations(&wanted);
    if !violations.is_empty() {
        return Err(Refusal::Invalid(violations));
    }
    match standing {
        Some(standing) if *standing == wanted => Ok(Vec::new()),
        Some(standing) => terms_kept(standing, &wanted).map(|()| vec![Event::Defined(wanted)]),
        None => Ok(vec![Event::Defined(wanted)]),
    }
}

/// Whoever holds a credential earned it on these terms: they must stay what they were, whatever
/// order mastery and definitions arrive in.
fn terms_kept(standing: &Achievement, wanted: &Achievement) -> Result<(), Refusal> {
    let mut violations = Vec::new();
    if wanted.alignment.competency != standing.alignment.competency {
        violations.push(Violation::new(
            "achievement.alignment.competency_id",
            format!("must stay {}", standing.alignment.competency),
        ));
    }
    if wanted.required_level != standing.required_level {
        violations.push(Violation::new(
            "achievement.required_level",
            format!("must stay {}", standing.required_level),
        ));
    }
    if wanted.rule != standing.rule {
        violations.push(Violation::new("achievement.rule", "must stay as it was defined"));
    }
    if violations.is_empty() { Ok(()) } else { Err(Refusal::TermsFixed(violations)) }
}
