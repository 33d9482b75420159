//! The decision that a learner moves on: stream `advancement-<learner>-<competency>`.
//!
//! Mastery moves nobody by itself. Somebody decides, and the event names them and what they had
//! before them, so that the decision can be understood when the mastery is another.

use std::fmt;

use northstar_kernel::{
    CompetencyId, Decider, EvidenceId, Kind, LearnerId, OverrideId, PersonId, ReasonId, Refusal,
    Timestamp,
};

use crate::{Finding, Shown};

/// Asks for a learner to advance beyond a competency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvanceUponMastery {
    /// The learner.
    pub learner: LearnerId,
    /// The competency that is left behind.
    pub competency: CompetencyId,
    /// Who decides.
    pub decider: PersonId,
    /// What is shown of the learner at that moment.
    pub shown: Shown,
    /// The evidence that what is shown rests on.
    pub evidence: Vec<EvidenceId>,
    /// Why the learner is to advance even without mastery; the words are kept sealed elsewhere.
    pub despite: Option<ReasonId>,
    /// When.
    pub at: Timestamp,
}

/// On what ground a learner advanced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// The rule says mastery.
    Mastery,
    /// An override that holds says mastery.
    Override(OverrideId),
    /// There was no mastery; the decider stated a reason.
    Stated(ReasonId),
}

/// A learner advanced beyond a competency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearnerAdvanced {
    /// The learner.
    pub learner: LearnerId,
    /// The competency that is left behind.
    pub competency: CompetencyId,
    /// Who decided.
    pub decider: PersonId,
    /// On what ground.
    pub ground: Ground,
    /// What was shown at that moment.
    pub held: Finding,
    /// The evidence it rested on, in order, each once.
    pub evidence: Vec<EvidenceId>,
    /// When.
    pub at: Timestamp,
}

/// The ways to say no to an advancement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdvancementRefusal {
    /// Neither the rule nor an override says mastery, and no reason was stated.
    NotMastered,
    /// The rule says mastery, but no evidence for it was named.
    EvidenceMissing,
    /// The decider is the learner.
    OwnRecord,
}

impl fmt::Display for AdvancementRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotMastered => {
                "the competency is not mastered; state a reason to let the learner advance even so"
            }
            Self::EvidenceMissing => "name the evidence that the mastery rests on",
            Self::OwnRecord => "learners do not decide on their own advancement",
        })
    }
}

impl std::error::Error for AdvancementRefusal {}

impl Refusal for AdvancementRefusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::NotMastered => "ADVANCEMENT_NOT_MASTERED",
            Self::EvidenceMissing => "ADVANCEMENT_EVIDENCE_MISSING",
            Self::OwnRecord => "ADVANCEMENT_OWN_RECORD",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::NotMastered => Kind::Precondition,
            Self::EvidenceMissing => Kind::Invalid,
            Self::OwnRecord => Kind::Forbidden,
        }
    }
}

/// The decider of one learner's advancement beyond one competency; the first decision stays.
///
/// Mastery that falls later does not undo it: what was decided was decided.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Advancement(pub Option<LearnerAdvanced>);

impl Decider for Advancement {
    type State = Self;
    type Command = AdvanceUponMastery;
    type Event = LearnerAdvanced;
    type Refusal = AdvancementRefusal;

    /// Nothing follows if the learner advanced already.
    fn decide(
        state: &Self,
        command: AdvanceUponMastery,
    ) -> Result<Vec<LearnerAdvanced>, AdvancementRefusal> {
        if state.0.is_some() {
            return Ok(Vec::new());
        }
        let ground = ground(&command)?;
        let AdvanceUponMastery { learner, competency, decider, shown, mut evidence, at, .. } =
            command;
        evidence.sort_unstable();
        evidence.dedup();
        let held = shown.held;
        Ok(vec![LearnerAdvanced { learner, competency, decider, ground, held, evidence, at }])
    }

    fn evolve(_: Self, event: &LearnerAdvanced) -> Self {
        Self(Some(event.clone()))
    }
}

fn ground(command: &AdvanceUponMastery) -> Result<Ground, AdvancementRefusal> {
    if command.decider == PersonId::from(command.learner) {
        return Err(AdvancementRefusal::OwnRecord);
    }
    match (command.shown.held.standing.is_mastered(), command.shown.by_override, command.despite) {
        (true, Some(id), _) => Ok(Ground::Override(id)),
        (true, None, _) if command.evidence.is_empty() => Err(AdvancementRefusal::EvidenceMissing),
        (true, None, _) => Ok(Ground::Mastery),
        (false, _, Some(reason)) => Ok(Ground::Stated(reason)),
        (false, _, None) => Err(AdvancementRefusal::NotMastered),
    }
}
