//! Words to write the specifications in.

use std::sync::Arc;

use northstar_evidence_domain::{
    Assessor, AssessorRole, Command, Competency, Criterion, Event, Evidence, Facts, Item,
    Judgement, Milli, Observation, Refusal, RetractionReason, Rung, Scale, Validator,
};
use northstar_kernel::{
    CompetencyId, CriterionId, Decider, EvidenceId, FrameworkId, LearnerId, PersonId, TenantId,
    Timestamp,
};

/// 2026-01-05T08:50:00Z, when every decision of these specifications is made.
pub(crate) const NOW: Timestamp = Timestamp::from_micros(1_767_603_000_000_000);

/// Folds `events`, decides the command upon them.
pub(crate) fn given(events: &[Event], command: Command) -> Result<Vec<Event>, Refusal> {
    Evidence::decide(&Evidence::fold(events), command)
}

fn tenant() -> TenantId {
    TenantId::from_slug("front-range")
}

pub(crate) fn id() -> EvidenceId {
    EvidenceId::derive(tenant(), "EV1")
}

pub(crate) fn learner(name: &str) -> LearnerId {
    LearnerId::derive(tenant(), name)
}

pub(crate) fn competency(name: &str) -> CompetencyId {
    CompetencyId::derive(tenant(), name)
}

pub(crate) fn criterion(name: &str) -> CriterionId {
    CriterionId::derive(tenant(), name)
}

pub(crate) fn framework(name: &str) -> FrameworkId {
    FrameworkId::derive(tenant(), name)
}

/// Rungs from 1 on with these scores in thousandths.
pub(crate) fn scale(scores: &[i64]) -> Scale {
    let names = ["Beginning", "Developing", "Proficient", "Advanced"];
    let rung = |(position, (score, name)): (u32, (&i64, &str))| Rung {
        position,
        quality: name.to_owned(),
        score: Milli(*score),
    };
    Scale((1..).zip(scores.iter().zip(names)).map(rung).collect())
}

/// Ana, resilience, level 3, by a teacher, an hour ago.
pub(crate) fn item() -> Item {
    let assessor = Assessor::of(learner("ana"), "t1", AssessorRole::Teacher).expect("it is valid");
    Item {
        learner: learner("ana"),
        competency: competency("resilience"),
        criterion: None,
        judgement: Judgement::Level(3),
        kind: "classroom".to_owned(),
        assessor,
        observed_at: Timestamp::from_micros(NOW.micros() - 3_600_000_000),
        note: None,
    }
}

/// What [`item`] says, as a value.
pub(crate) fn observation() -> Observation {
    let Item { learner, competency, criterion, kind, assessor, observed_at, note, .. } = item();
    Observation {
        learner,
        competency,
        criterion,
        value: Milli(3_000),
        value_max: None,
        kind,
        assessor,
        observed_at,
        note,
    }
}

/// Ana is known; the competency has the scale 1 to 4.
pub(crate) fn facts() -> Facts {
    let scale = scale(&[1_000, 2_000, 3_000, 4_000]);
    Facts {
        now: NOW,
        learner_known: true,
        competency: Some(Arc::new(Competency { framework: framework("ns"), scale })),
        criterion: None,
    }
}

/// The same facts with a criterion.
pub(crate) fn facts_with(judges: Option<&str>, of: &str, scores: &[i64]) -> Facts {
    let criterion = Criterion {
        judges: judges.map(competency),
        framework: framework(of),
        scale: scale(scores),
    };
    Facts { criterion: Some(Arc::new(criterion)), ..facts() }
}

pub(crate) fn record(item: Item) -> Command {
    Command::Record { id: id(), item, facts: facts() }
}

pub(crate) fn correct(item: Item) -> Command {
    Command::Correct { id: id(), item, facts: facts() }
}

pub(crate) fn retract() -> Command {
    Command::Retract { id: id(), reason: RetractionReason::Duplicate }
}

pub(crate) fn validate(who: &str) -> Command {
    let person = PersonId::derive(tenant(), who);
    Command::Validate { id: id(), validator: Validator { id: who.to_owned(), person } }
}

pub(crate) fn validated(who: &str) -> Event {
    Event::Validated {
        id: id(),
        learner: learner("ana"),
        competency: competency("resilience"),
        validator: who.to_owned(),
    }
}

pub(crate) fn recorded() -> Event {
    Event::Recorded { id: id(), observation: observation() }
}

pub(crate) fn corrected(value: i64) -> Event {
    let observation = Observation { value: Milli(value), ..observation() };
    Event::Corrected { id: id(), observation }
}

pub(crate) fn retracted() -> Event {
    Event::Retracted {
        id: id(),
        learner: learner("ana"),
        competency: competency("resilience"),
        reason: RetractionReason::Duplicate,
    }
}
