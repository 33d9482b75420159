//! One learner's standing towards one achievement: at most one credential holds at a time.

use std::collections::BTreeSet;
use std::fmt;

use northstar_kernel::{
    AchievementId, AwardId, CompetencyId, CredentialId, Decider, EventId, Kind, LearnerId,
    Refusal as Refused, Sequence, TenantId,
};

/// The same award for the same learner and achievement of the same tenant, every time.
pub fn id_of(tenant: TenantId, learner: LearnerId, achievement: AchievementId) -> AwardId {
    AwardId::derive(tenant, &format!("{learner}/{achievement}"))
}

/// The mastery event that an act on an award answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MasteryEvent {
    /// The event.
    pub id: EventId,
    /// Its place among the tenant's mastery events: of two, the later one counts.
    pub sequence: Sequence,
}

/// A signed statement that a learner earned an achievement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// The credential.
    pub id: CredentialId,
    /// What it states the outcome of.
    pub award: AwardId,
    /// What was earned.
    pub achievement: AchievementId,
    /// The achievement's name when it was signed.
    pub achievement_name: String,
    /// Who earned it.
    pub learner: LearnerId,
    /// The competency it was earned by.
    pub competency: CompetencyId,
    /// The rung of the competency's scale held when it was signed.
    pub level: u32,
    /// What earned it.
    pub mastery_event: MasteryEvent,
    /// The signed document: a VC-JWT in compact form.
    pub compact_jws: String,
    /// Name of the key that signed it.
    pub key_name: String,
}

/// Why a credential was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// What the learner holds in the competency no longer earns it.
    MasteryWithdrawn,
}

impl Reason {
    /// The stable code, as stored and shown.
    pub const fn code(self) -> &'static str {
        match self {
            Self::MasteryWithdrawn => "mastery_withdrawn",
        }
    }

    /// The reason with this code; `None` if there is none.
    pub fn of_code(code: &str) -> Option<Self> {
        (code == Self::MasteryWithdrawn.code()).then_some(Self::MasteryWithdrawn)
    }
}

/// The end of a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// The credential that holds no longer.
    pub credential: CredentialId,
    /// The award it belonged to.
    pub award: AwardId,
    /// Whose it was.
    pub learner: LearnerId,
    /// Why.
    pub reason: Reason,
    /// What led here.
    pub mastery_event: MasteryEvent,
}

/// A request about an award.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Issue this credential, unless one is held.
    Issue(Credential),
    /// Revoke this credential, if it is held.
    Revoke(Revocation),
}

/// What happened to an award.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A credential was issued.
    Issued(Credential),
    /// A credential was revoked.
    Revoked(Revocation),
}

/// Why a credential was not issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Its id was given to an earlier credential; what was revoked does not come back.
    CredentialSpent(CredentialId),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::CredentialSpent(id) = self;
        write!(f, "credential {id} was issued and revoked before; a new one needs a new id")
    }
}

impl std::error::Error for Refusal {}

impl Refused for Refusal {
    fn reason(&self) -> &'static str {
        "CREDENTIAL_SPENT"
    }

    fn kind(&self) -> Kind {
        Kind::Precondition
    }
}

/// What is known of an award.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    issued: BTreeSet<CredentialId>,
    held: Option<CredentialId>,
    answered: Sequence,
}

/// What an award needs, given what the learner holds in the competency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Nothing.
    Nothing,
    /// A credential: the award's `ordinal`-th, from 1. Whoever can sign makes it.
    Issue {
        /// Counts this award's credentials, revoked ones too.
        ordinal: u32,
    },
    /// The end of this credential.
    Revoke(CredentialId),
}

impl State {
    /// What the award needs, `earned` being whether the achievement's rule was met at the mastery
    /// event with this sequence. An event older than one already answered asks for nothing, so
    /// that it may come again at any time.
    pub fn due(&self, earned: bool, sequence: Sequence) -> Due {
        match (self.held, earned) {
            _ if sequence < self.answered => Due::Nothing,
            (None, true) => Due::Issue { ordinal: self.issued.len() as u32 + 1 },
            (Some(credential), false) => Due::Revoke(credential),
            (Some(_), true) | (None, false) => Due::Nothing,
        }
    }
}

/// Decides about awards.
#[derive(Debug)]
pub struct Awards;

impl Decider for Awards {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Issue(_) if state.held.is_some() => Ok(Vec::new()),
            Command::Issue(credential) if state.issued.contains(&credential.id) => {
                Err(Refusal::CredentialSpent(credential.id))
            }
            Command::Issue(credential) => Ok(vec![Event::Issued(credential)]),
            Command::Revoke(revocation) if state.held == Some(revocation.credential) => {
                Ok(vec![Event::Revoked(revocation)])
            }
            Command::Revoke(_) => Ok(Vec::new()),
        }
    }

    fn evolve(mut state: State, event: &Event) -> State {
        let answered = match event {
            Event::Issued(credential) => {
                state.issued.insert(credential.id);
                state.held = Some(credential.id);
                credential.mastery_event
            }
            Event::Revoked(revocation) => {
                state.held = state.held.filter(|held| *held != revocation.credential);
                revocation.mastery_event
            }
        };
        state.answered = state.answered.max(answered.sequence);
        state
    }
}
