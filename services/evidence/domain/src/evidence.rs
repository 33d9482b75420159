//! The aggregate: one piece of evidence.

use std::sync::Arc;

use northstar_kernel::{CompetencyId, CriterionId, Decider, EvidenceId, LearnerId, Timestamp};

use crate::command::{Command, Facts, RetractionReason, Validator};
use crate::item::{Assessor, Item, SealedNote};
use crate::refusal::Refusal;
use crate::scale::{Competency, Criterion, Scale};
use crate::value::Milli;

/// One piece of evidence about one learner and one competency; its stream is `evidence-<uuid>`.
#[derive(Debug, Clone, Copy)]
pub struct Evidence;

/// Evidence as it stands after everything that happened to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Which evidence.
    pub id: EvidenceId,
    /// What it says now.
    pub observation: Observation,
    /// How often it was corrected.
    pub corrections: u32,
    /// Whether it was withdrawn, which is for good.
    pub retracted: bool,
    /// Who signed it off as it stands; `None` if nobody did.
    pub validator: Option<String>,
}

/// What a piece of evidence says, with the judgement as a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Whose evidence it is.
    pub learner: LearnerId,
    /// What it speaks of.
    pub competency: CompetencyId,
    /// The dimension of a rubric that was judged, if one was.
    pub criterion: Option<CriterionId>,
    /// The judgement on the competency's scale.
    pub value: Milli,
    /// The top of the scale, where the framework gives none.
    pub value_max: Option<Milli>,
    /// Where or how it was shown.
    pub kind: String,
    /// Who judged.
    pub assessor: Assessor,
    /// When it was so.
    pub observed_at: Timestamp,
    /// What was seen, sealed under the learner's key.
    pub note: Option<SealedNote>,
}

/// What happened to a piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It was recorded.
    Recorded {
        /// Which evidence.
        id: EvidenceId,
        /// What it says.
        observation: Observation,
    },
    /// It was corrected: this observation stands in place of the one before.
    Corrected {
        /// Which evidence.
        id: EvidenceId,
        /// What it says now.
        observation: Observation,
    },
    /// A second person signed it off as it stood.
    Validated {
        /// Which evidence.
        id: EvidenceId,
        /// Whose it is.
        learner: LearnerId,
        /// What it speaks of.
        competency: CompetencyId,
        /// Who, as their token names them.
        validator: String,
    },
    /// It was withdrawn.
    Retracted {
        /// Which evidence.
        id: EvidenceId,
        /// Whose it was.
        learner: LearnerId,
        /// What it spoke of.
        competency: CompetencyId,
        /// Why.
        reason: RetractionReason,
    },
}

impl Decider for Evidence {
    type State = Option<Standing>;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(state: &Option<Standing>, command: Command) -> Result<Vec<Event>, Refusal> {
        match (command, state) {
            (Command::Record { id, .. }, Some(_)) => Err(Refusal::EvidenceExists { evidence: id }),
            (Command::Record { id, item, facts } | Command::Restate { id, item, facts }, None) => {
                record(id, item, &facts).map(|event| vec![event])
            }
            (Command::Correct { item, facts, .. }, Some(standing)) => {
                correct(standing, item, &facts).map(|event| vec![event])
            }
            (Command::Restate { item, facts, .. }, Some(standing)) => {
                restate(standing, item, &facts)
            }
            (Command::Retract { reason, .. }, Some(standing)) => {
                retract(standing, reason).map(|event| vec![event])
            }
            (Command::Validate { validator, .. }, Some(standing)) => validate(standing, validator),
            (
                Command::Correct { id, .. }
                | Command::Validate { id, .. }
                | Command::Retract { id, .. },
                None,
            ) => Err(Refusal::EvidenceNotFound { evidence: id }),
        }
    }

    fn evolve(state: Option<Standing>, event: &Event) -> Option<Standing> {
        match (event, state) {
            (Event::Recorded { id, observation }, _) => Some(Standing {
                id: *id,
                observation: observation.clone(),
                corrections: 0,
                retracted: false,
                validator: None,
            }),
            (Event::Corrected { observation, .. }, Some(standing)) => Some(Standing {
                observation: observation.clone(),
                corrections: standing.corrections.saturating_add(1),
                // Whoever signed off the old did not sign off the new.
                validator: None,
                ..standing
            }),
            (Event::Validated { validator, .. }, Some(standing)) => {
                Some(Standing { validator: Some(validator.clone()), ..standing })
            }
            (Event::Retracted { .. }, Some(standing)) => {
                Some(Standing { retracted: true, ..standing })
            }
            (Event::Corrected { .. } | Event::Validated { .. } | Event::Retracted { .. }, None) => {
                None
            }
        }
    }
}

fn record(id: EvidenceId, item: Item, facts: &Facts) -> Result<Event, Refusal> {
    if !facts.learner_known {
        return Err(Refusal::UnknownLearner { learner: item.learner });
    }
    Ok(Event::Recorded { id, observation: observe(item, facts)? })
}

/// The learner is not looked up again: evidence of somebody who left the roster can be put right.
fn correct(standing: &Standing, item: Item, facts: &Facts) -> Result<Event, Refusal> {
    not_retracted(standing)?;
    if item.learner != standing.observation.learner {
        return Err(Refusal::LearnerMismatch);
    }
    if item.competency != standing.observation.competency {
        return Err(Refusal::CompetencyMismatch);
    }
    Ok(Event::Corrected { id: standing.id, observation: observe(item, facts)? })
}

fn restate(standing: &Standing, item: Item, facts: &Facts) -> Result<Vec<Event>, Refusal> {
    match correct(standing, item, facts)? {
        Event::Corrected { observation, .. } if observation == standing.observation => Ok(vec![]),
        event => Ok(vec![event]),
    }
}

fn retract(standing: &Standing, reason: RetractionReason) -> Result<Event, Refusal> {
    not_retracted(standing)?;
    let Observation { learner, competency, .. } = standing.observation;
    Ok(Event::Retracted { id: standing.id, learner, competency, reason })
}

/// Nothing follows if somebody signed it off already.
fn validate(standing: &Standing, validator: Validator) -> Result<Vec<Event>, Refusal> {
    not_retracted(standing)?;
    let Observation { learner, competency, ref assessor, .. } = standing.observation;
    if validator.judged_as(assessor) {
        return Err(Refusal::OwnJudgement);
    }
    if standing.validator.is_some() {
        return Ok(Vec::new());
    }
    let (id, validator) = (standing.id, validator.id);
    Ok(vec![Event::Validated { id, learner, competency, validator }])
}

fn not_retracted(standing: &Standing) -> Result<(), Refusal> {
    if standing.retracted {
        return Err(Refusal::EvidenceRetracted { evidence: standing.id });
    }
    Ok(())
}

/// Checks an item against what is known and turns its judgement into a value.
fn observe(item: Item, facts: &Facts) -> Result<Observation, Refusal> {
    let Some(competency) = &facts.competency else {
        return Err(Refusal::UnknownCompetency { competency: item.competency });
    };
    let judged = scale(&item, competency, facts)?.judge(&item.judgement)?;
    if item.observed_at.micros() > facts.now.micros().saturating_add(Facts::CLOCK_SKEW_MICROS) {
        return Err(Refusal::ObservedInFuture { observed_at: item.observed_at });
    }
    Ok(Observation {
        learner: item.learner,
        competency: item.competency,
        criterion: item.criterion,
        value: judged.value,
        value_max: judged.value_max,
        kind: item.kind,
        assessor: item.assessor,
        observed_at: item.observed_at,
        note: item.note,
    })
}

/// The scale that holds for an item: its criterion's own, else its competency's.
fn scale<'a>(
    item: &Item,
    competency: &'a Competency,
    facts: &'a Facts,
) -> Result<&'a Scale, Refusal> {
    let Some(id) = item.criterion else { return Ok(&competency.scale) };
    let judges = |criterion: &&Arc<Criterion>| match criterion.judges {
        Some(judged) => judged == item.competency,
        None => criterion.framework == competency.framework,
    };
    match facts.criterion.as_ref().filter(judges) {
        None => Err(Refusal::UnknownCriterion { criterion: id }),
        Some(criterion) if criterion.scale.0.is_empty() => Ok(&competency.scale),
        Some(criterion) => Ok(&criterion.scale),
    }
}
