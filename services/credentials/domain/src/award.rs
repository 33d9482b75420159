//! One learner's standing towards one achievement: at most one credential lives at a time.

use northstar_kernel::{
    AchievementId, AwardId, CredentialId, Decider, EventId, LearnerId, Sequence, TenantId,
};

use crate::credential::{self, Cause, Credentials, Life, Order, Refusal};

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

/// Which credential, and whose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The credential.
    pub credential: CredentialId,
    /// What it states the outcome of.
    pub award: AwardId,
    /// Who earned it.
    pub learner: LearnerId,
}

/// A request about one of an award's credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Which.
    pub claim: Claim,
    /// What.
    pub what: credential::Command,
}

/// What happened to one of an award's credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Which.
    pub claim: Claim,
    /// What.
    pub what: credential::Event,
}

/// An award's credentials, oldest first; all but the last one have ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Award(Vec<(Claim, Life)>);

/// What an award needs, given what the learner holds in the competency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Nothing.
    Nothing,
    /// A credential: the award's `ordinal`-th, from 1. Whoever can sign makes it.
    Issue {
        /// Counts this award's credentials, ended ones too.
        ordinal: u32,
    },
    /// An edition of this credential at the higher level.
    Supersede(Claim),
    /// The withdrawal of this credential.
    Withdraw(Claim),
    /// The end of this credential's review: it is earned again.
    Restore(Claim),
}

impl Award {
    /// Every credential there was, oldest first.
    pub fn lives(&self) -> impl Iterator<Item = (Claim, &Life)> {
        self.0.iter().map(|(claim, life)| (*claim, life))
    }

    /// The life of one of them.
    pub fn life(&self, id: CredentialId) -> Option<(Claim, &Life)> {
        self.lives().find(|(claim, _)| claim.credential == id)
    }

    /// What the award needs, `earned` being the level held if the achievement's criteria were met
    /// at that decision. A decision older than one already answered asks for nothing, so that it
    /// may come again at any time.
    pub fn due(&self, earned: Option<u32>, decision: MasteryEvent) -> Due {
        let Some((claim, life)) = self.0.last() else {
            return earned.map_or(Due::Nothing, |_| Due::Issue { ordinal: 1 });
        };
        if life.answered() > Some(decision.sequence) {
            return Due::Nothing;
        }
        match (life.ended(), earned) {
            (Some(cause), Some(_)) if may_return(cause, decision) => {
                Due::Issue { ordinal: self.0.len() as u32 + 1 }
            }
            (Some(_), _) => Due::Nothing,
            (None, None) if life.review().is_none() => Due::Withdraw(*claim),
            (None, None) => Due::Nothing,
            (None, Some(_)) if life.review().is_some() => Due::Restore(*claim),
            (None, Some(level)) => match life.current() {
                Some(current) if level > current.level && !life.is_held() => Due::Supersede(*claim),
                _ => Due::Nothing,
            },
        }
    }
}

/// Whether a new credential may follow one that ended so. What a person ended stays ended: that
/// mastery is still held is what they knew when they decided.
fn may_return(cause: &Cause, decision: MasteryEvent) -> bool {
    match cause {
        Cause::MasteryWithdrawn(withdrawn) => withdrawn.sequence < decision.sequence,
        Cause::Ordered(Order::KeyCompromised { .. }) => true,
        Cause::Ordered(Order::Person(_)) => false,
    }
}

/// Decides about awards: each request is for the life of the credential that it names.
#[derive(Debug)]
pub struct Awards;

impl Decider for Awards {
    type State = Award;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(award: &Award, command: Command) -> Result<Vec<Event>, Refusal> {
        let Command { claim, what } = command;
        let known = award.life(claim.credential);
        let begins = matches!(what, credential::Command::Issue(_)) && known.is_none();
        let lives = award.0.last().is_some_and(|(_, life)| life.ended().is_none());
        if begins && lives {
            return Ok(Vec::new());
        }
        let life = known.map(|(_, life)| life.clone()).unwrap_or_default();
        let events = Credentials::decide(&life, what)?;
        Ok(events.into_iter().map(|what| Event { claim, what }).collect())
    }

    fn evolve(mut award: Award, event: &Event) -> Award {
        let id = event.claim.credential;
        let known = award.0.iter().position(|(claim, _)| claim.credential == id);
        let place = known.unwrap_or_else(|| {
            award.0.push((event.claim, Life::default()));
            award.0.len() - 1
        });
        if let Some((_, life)) = award.0.get_mut(place) {
            *life = Credentials::evolve(std::mem::take(life), &event.what);
        }
        award
    }
}
