//! One learner's standing towards one achievement: at most one credential lives at a time.

use northstar_kernel::{
    AchievementId, AwardId, CredentialId, Decider, EventId, LearnerId, Sequence, TenantId,
    Timestamp,
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

/// What an achievement's criteria come to for a learner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merit {
    /// They are met, and this is the level to state; 0 if none is.
    Earned(u32),
    /// Mastery carries them; a part that is an achievement or a fact is missing.
    Incomplete,
    /// Mastery does not carry them.
    Lost,
}

/// How an award answers who asks for a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// There is one that has not ended, or was asked for.
    Known(Claim),
    /// It would be the award's `ordinal`-th, from 1.
    New {
        /// Counts this award's credentials, ended ones too.
        ordinal: u32,
    },
}

/// What an award needs, given what the criteria come to.
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
    /// A hold, because a part is missing.
    Suspend(Claim),
    /// The end of such a hold.
    Resume(Claim),
    /// An edition of this credential that ends later.
    Renew(Claim),
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

    /// Whether there is a credential that counts for what it is part of.
    pub fn counts(&self) -> bool {
        self.0.last().is_some_and(|(_, life)| life.counts())
    }

    /// How the award answers who asks for a credential.
    pub fn asked(&self) -> Asked {
        match self.0.last() {
            Some((claim, life)) if life.ended().is_none() => Asked::Known(*claim),
            _ => Asked::New { ordinal: self.0.len() as u32 + 1 },
        }
    }

    /// What the award needs at that moment, `merit` being what the criteria came to at that
    /// decision. A decision older than one already answered asks for nothing, so that it may come
    /// again at any time.
    pub fn due(&self, merit: Merit, decision: MasteryEvent, at: Timestamp) -> Due {
        let earned = matches!(merit, Merit::Earned(_));
        let ordinal = self.0.len() as u32;
        match self.0.last() {
            None if earned => Due::Issue { ordinal: 1 },
            Some((_, life)) if life.is_awaited() && earned => Due::Issue { ordinal },
            None => Due::Nothing,
            Some((_, life)) if life.answered() > Some(decision.sequence) => Due::Nothing,
            Some((claim, life)) => match life.ended() {
                Some(cause) if earned && may_return(cause, decision) => {
                    Due::Issue { ordinal: ordinal + 1 }
                }
                Some(_) => Due::Nothing,
                None => living(*claim, life, merit, at),
            },
        }
    }
}

/// What a credential needs that has not ended.
fn living(claim: Claim, life: &Life, merit: Merit, at: Timestamp) -> Due {
    let Some(current) = life.current() else { return Due::Nothing };
    match merit {
        Merit::Lost if life.review().is_none() => Due::Withdraw(claim),
        Merit::Lost => Due::Nothing,
        _ if life.review().is_some() => Due::Restore(claim),
        Merit::Incomplete if life.is_suspended() => Due::Nothing,
        Merit::Incomplete => Due::Suspend(claim),
        Merit::Earned(_) if life.is_suspended() => Due::Resume(claim),
        Merit::Earned(_) if life.is_held() => Due::Nothing,
        Merit::Earned(level) if level > current.level => Due::Supersede(claim),
        Merit::Earned(level) if level == current.level => match current.renewal() {
            Some(renewal) if renewal <= at => Due::Renew(claim),
            _ => Due::Nothing,
        },
        Merit::Earned(_) => Due::Nothing,
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
        let new =
            matches!(what, credential::Command::Issue(_) | credential::Command::Request { .. });
        let begins = new && known.is_none();
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
