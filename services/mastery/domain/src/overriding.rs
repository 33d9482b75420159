//! People's decision to show something other than what a rule says: stream `override-<uuid>`.
//!
//! Two people sign: one sets it with a reason, another confirms it, and only then it holds, from
//! its beginning to its end or until it is taken back. It replaces nothing: the rule goes on being
//! applied, so that both are always there to see.

mod overlay;
mod refusal;

use northstar_kernel::{
    CompetencyId, Decider, LearnerId, OverrideId, PersonId, ReasonId, Timestamp,
};

use crate::{Finding, HIGHEST_THRESHOLD_MILLI, Standing};

pub use overlay::{Shown, holding, overlay};
pub use refusal::OverrideRefusal;

/// An override as somebody asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetOverride {
    /// The override.
    pub id: OverrideId,
    /// The learner it is about.
    pub learner: LearnerId,
    /// The competency it is about.
    pub competency: CompetencyId,
    /// What is to be shown. A level is given by its score, the value; with
    /// [`Standing::NotEnoughEvidence`] the rule's result is set aside.
    pub says: Finding,
    /// Why; the words are kept sealed elsewhere. An override without a reason is refused.
    pub reason: Option<ReasonId>,
    /// Who sets it.
    pub by: PersonId,
    /// Who is to confirm it.
    pub second_signer: PersonId,
    /// When it begins to hold.
    pub from: Timestamp,
    /// When it no longer holds: every override ends.
    pub until: Timestamp,
}

/// An override that was set: the same, with a reason for certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// The override.
    pub id: OverrideId,
    /// The learner it is about.
    pub learner: LearnerId,
    /// The competency it is about.
    pub competency: CompetencyId,
    /// What is shown while it holds.
    pub says: Finding,
    /// Why.
    pub reason: ReasonId,
    /// Who set it.
    pub by: PersonId,
    /// Who confirms it.
    pub second_signer: PersonId,
    /// When it begins to hold, once confirmed.
    pub from: Timestamp,
    /// When it no longer holds.
    pub until: Timestamp,
}

/// What may be asked of an override.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverrideCommand {
    /// Sets it.
    Set(SetOverride),
    /// Confirms it.
    Confirm {
        /// Who confirms.
        by: PersonId,
        /// When.
        at: Timestamp,
    },
    /// Takes it back, confirmed or not.
    Revoke {
        /// Who takes it back.
        by: PersonId,
        /// Why.
        reason: Option<ReasonId>,
        /// When.
        at: Timestamp,
    },
}

/// What happened to an override.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverrideEvent {
    /// It was set, and waits for the second signer.
    Set(Terms),
    /// The second signer confirmed it.
    Confirmed {
        /// When.
        at: Timestamp,
    },
    /// It was taken back.
    Revoked {
        /// Who took it back.
        by: PersonId,
        /// Why.
        reason: ReasonId,
        /// When.
        at: Timestamp,
    },
}

/// One override and how far it got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Override {
    /// What was set.
    pub terms: Terms,
    /// When the second signer confirmed it; `None` if that did not happen.
    pub confirmed_at: Option<Timestamp>,
    /// When it was taken back; `None` if it was not.
    pub revoked_at: Option<Timestamp>,
}

impl Override {
    /// Whether it holds at `at`: begun, confirmed, neither ended nor taken back by then.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.terms.from <= at
            && at < self.terms.until
            && self.confirmed_at.is_some_and(|confirmed| confirmed <= at)
            && self.revoked_at.is_none_or(|revoked| at < revoked)
    }
}

/// The decider of one override.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Overriding(pub Option<Override>);

impl Decider for Overriding {
    type State = Self;
    type Command = OverrideCommand;
    type Event = OverrideEvent;
    type Refusal = OverrideRefusal;

    /// Nothing follows from a command that has been obeyed already.
    fn decide(
        state: &Self,
        command: OverrideCommand,
    ) -> Result<Vec<OverrideEvent>, OverrideRefusal> {
        match command {
            OverrideCommand::Set(draft) => set(state, &draft),
            OverrideCommand::Confirm { by, at } => confirm(state.existing()?, by, at),
            OverrideCommand::Revoke { by, reason, at } => revoke(state.existing()?, by, reason, at),
        }
    }

    fn evolve(state: Self, event: &OverrideEvent) -> Self {
        let before = state.0;
        Self(match *event {
            OverrideEvent::Set(terms) => {
                Some(Override { terms, confirmed_at: None, revoked_at: None })
            }
            OverrideEvent::Confirmed { at } => {
                before.map(|held| Override { confirmed_at: Some(at), ..held })
            }
            OverrideEvent::Revoked { at, .. } => {
                before.map(|held| Override { revoked_at: Some(at), ..held })
            }
        })
    }
}

impl Overriding {
    fn existing(&self) -> Result<&Override, OverrideRefusal> {
        self.0.as_ref().ok_or(OverrideRefusal::Unknown)
    }
}

fn set(state: &Overriding, draft: &SetOverride) -> Result<Vec<OverrideEvent>, OverrideRefusal> {
    let terms = terms(draft)?;
    match state.0 {
        None => Ok(vec![OverrideEvent::Set(terms)]),
        Some(held) if held.terms == terms => Ok(Vec::new()),
        Some(_) => Err(OverrideRefusal::AlreadySet),
    }
}

fn terms(draft: &SetOverride) -> Result<Terms, OverrideRefusal> {
    let SetOverride { id, learner, competency, says, by, second_signer, from, until, .. } = *draft;
    let reason = draft.reason.ok_or(OverrideRefusal::ReasonMissing)?;
    if by == second_signer {
        return Err(OverrideRefusal::SameSigner);
    }
    if [by, second_signer].contains(&PersonId::from(learner)) {
        return Err(OverrideRefusal::OwnRecord);
    }
    if until <= from {
        return Err(OverrideRefusal::EndsBeforeItBegins);
    }
    match (says.standing, says.value_milli) {
        (Standing::NotObserved, _) => Err(OverrideRefusal::SaysNothing),
        (Standing::NotEnoughEvidence, Some(_)) => Err(OverrideRefusal::ValueWithoutStanding),
        (_, Some(value)) if !(0..=HIGHEST_THRESHOLD_MILLI).contains(&value) => {
            Err(OverrideRefusal::ValueOutOfRange)
        }
        _ => {
            // Two people sign it, so it waits for nobody.
            let says = Finding { provisional: false, ..says };
            Ok(Terms { id, learner, competency, says, reason, by, second_signer, from, until })
        }
    }
}

fn confirm(
    held: &Override,
    by: PersonId,
    at: Timestamp,
) -> Result<Vec<OverrideEvent>, OverrideRefusal> {
    if by != held.terms.second_signer {
        return Err(OverrideRefusal::NotTheSecondSigner);
    }
    if held.revoked_at.is_some() {
        return Err(OverrideRefusal::Revoked);
    }
    if held.confirmed_at.is_some() {
        return Ok(Vec::new());
    }
    if at >= held.terms.until {
        return Err(OverrideRefusal::Over);
    }
    Ok(vec![OverrideEvent::Confirmed { at }])
}

fn revoke(
    held: &Override,
    by: PersonId,
    reason: Option<ReasonId>,
    at: Timestamp,
) -> Result<Vec<OverrideEvent>, OverrideRefusal> {
    let reason = reason.ok_or(OverrideRefusal::ReasonMissing)?;
    if held.revoked_at.is_some() {
        return Ok(Vec::new());
    }
    if at >= held.terms.until {
        return Err(OverrideRefusal::Over);
    }
    Ok(vec![OverrideEvent::Revoked { by, reason, at }])
}
