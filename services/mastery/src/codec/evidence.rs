//! What mastery takes from the evidence context's events: eight fields, read in place.
//!
//! A rebuild reads every item of evidence there is, and walking the fields costs a fraction of
//! building the message. `northstar_wire`'s types stay the definition; the tests below hold the
//! two together.

use northstar_eventlog::{Malformed, Recorded};
use northstar_kernel::{CompetencyId, EvidenceId, LearnerId, Timestamp};
use northstar_mastery_domain::AssessorRole;
use uuid::Uuid;

use super::fields::{NoMessage, Value, walk};
use super::unknown;

const RECORDED: &str = "evidence_recorded";
const CORRECTED: &str = "evidence_corrected";
const VALIDATED: &str = "evidence_validated";
const RETRACTED: &str = "evidence_retracted";

/// What happened to one piece of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EvidenceStep<'a> {
    pub(crate) learner: LearnerId,
    pub(crate) competency: CompetencyId,
    pub(crate) evidence: EvidenceId,
    /// Against what it was judged; empty for the competency as a whole.
    pub(crate) criterion: &'a str,
    pub(crate) step: Step<'a>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step<'a> {
    Record(Seen<'a>),
    Correct(Seen<'a>),
    Validate,
    Retract,
}

/// A judgement as the event has it: names are borrowed, since most were seen before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen<'a> {
    pub(crate) observed_at: Timestamp,
    pub(crate) recorded_at: Timestamp,
    pub(crate) value_milli: i64,
    pub(crate) role: AssessorRole,
    pub(crate) assessor: &'a str,
    pub(crate) kind: &'a str,
}

/// The step an event makes; `None` for events that change no observation.
pub(crate) fn read_evidence(event: &Recorded) -> Result<Option<EvidenceStep<'_>>, Malformed> {
    let kind = &*event.event_type;
    let Some(fields) = Fields::of(event) else { return Ok(None) };
    if event.schema_version != 1 {
        return Err(unknown(event, event.schema_version));
    }
    let fields = fields.map_err(|why| Malformed::new(kind, why))?;
    let id = |field: &str, text: &[u8]| {
        let no_uuid = |_| Malformed::new(kind, format!("{field} is no UUID"));
        Uuid::try_parse_ascii(text).map_err(no_uuid)
    };
    let seen = Seen {
        observed_at: event.observed_at,
        recorded_at: event.recorded_at,
        value_milli: fields.value_milli,
        role: AssessorRole::of_evidence(text(kind, "assessor_role", fields.role)?),
        assessor: text(kind, "assessor_id", fields.assessor)?,
        kind: text(kind, "kind", fields.kind)?,
    };
    Ok(Some(EvidenceStep {
        learner: LearnerId::from_uuid(id("learner_id", fields.learner)?),
        competency: CompetencyId::from_uuid(id("competency_id", fields.competency)?),
        evidence: EvidenceId::from_uuid(id("evidence_id", fields.evidence)?),
        criterion: text(kind, "criterion_id", fields.criterion)?,
        step: match kind {
            RECORDED => Step::Record(seen),
            CORRECTED => Step::Correct(seen),
            VALIDATED => Step::Validate,
            _ => Step::Retract,
        },
    }))
}

fn text<'a>(kind: &str, field: &str, bytes: &'a [u8]) -> Result<&'a str, Malformed> {
    let no_text = |_| Malformed::new(kind, format!("{field} is no text"));
    std::str::from_utf8(bytes).map_err(no_text)
}

/// The learner an evidence event is about; `None` if it is about none that could be read.
fn learner_of(event: &Recorded) -> Option<Uuid> {
    Uuid::try_parse_ascii(Fields::of(event)?.ok()?.learner).ok()
}

/// Tells learners apart, so that a rebuild can share the work: all that one learner's evidence touches
/// are documents of that learner, whose keys begin with these bytes.
pub(crate) fn by_learner(event: &Recorded) -> u64 {
    learner_of(event).map_or(0, |learner| learner.as_u64_pair().0)
}

/// The fields wanted, where they stand in the payload.
#[derive(Default)]
struct Fields<'a> {
    evidence: &'a [u8],
    learner: &'a [u8],
    competency: &'a [u8],
    criterion: &'a [u8],
    value_milli: i64,
    kind: &'a [u8],
    assessor: &'a [u8],
    role: &'a [u8],
}

impl<'a> Fields<'a> {
    /// `None` for an event of another kind.
    fn of(event: &'a Recorded) -> Option<Result<Self, NoMessage>> {
        match &*event.event_type {
            RECORDED | CORRECTED => Some(Self::of_observed(&event.payload)),
            VALIDATED | RETRACTED => Some(Self::of_named(&event.payload)),
            _ => None,
        }
    }

    /// Of `EvidenceRecorded` and `EvidenceCorrected`, which have the same shape.
    fn of_observed(payload: &'a [u8]) -> Result<Self, NoMessage> {
        let mut fields = Self::default();
        let mut observation: &[u8] = &[];
        walk(payload, |number, value| match (number, value) {
            (1, Value::Bytes(bytes)) => fields.evidence = bytes,
            (2, Value::Bytes(bytes)) => observation = bytes,
            _ => {}
        })?;
        walk(observation, |number, value| match (number, value) {
            (1, Value::Bytes(bytes)) => fields.learner = bytes,
            (2, Value::Bytes(bytes)) => fields.competency = bytes,
            (3, Value::Bytes(bytes)) => fields.criterion = bytes,
            (4, Value::Varint(value)) => fields.value_milli = value.cast_signed(),
            (6, Value::Bytes(bytes)) => fields.kind = bytes,
            (7, Value::Bytes(bytes)) => fields.assessor = bytes,
            (8, Value::Bytes(bytes)) => fields.role = bytes,
            _ => {}
        })?;
        Ok(fields)
    }

    /// Of `EvidenceValidated` and `EvidenceRetracted`, which begin with the same fields.
    fn of_named(payload: &'a [u8]) -> Result<Self, NoMessage> {
        let mut fields = Self::default();
        walk(payload, |number, value| match (number, value) {
            (1, Value::Bytes(bytes)) => fields.evidence = bytes,
            (2, Value::Bytes(bytes)) => fields.learner = bytes,
            (3, Value::Bytes(bytes)) => fields.competency = bytes,
            _ => {}
        })?;
        Ok(fields)
    }
}

#[cfg(test)]
mod tests {
    use northstar_kernel::{EventId, Position, Sequence, Shard, TenantId, Version};
    use northstar_wire::evidence::v1 as wire;
    use prost::Message;

    use super::*;

    fn id(last: u8) -> Uuid {
        Uuid::from_bytes([0x6b, 0, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, last])
    }

    fn recorded(event_type: &'static str, message: &impl Message) -> Recorded {
        Recorded {
            shard: Shard(0),
            position: Position(1),
            tenant: TenantId::from_slug("front-range"),
            sequence: Sequence(1),
            id: EventId::from_uuid(id(9)),
            stream: "evidence-1".into(),
            version: Version(1),
            event_type: event_type.into(),
            schema_version: 1,
            observed_at: Timestamp::from_micros(-7),
            recorded_at: Timestamp::from_micros(70),
            actor: "importer".into(),
            correlation_id: id(8),
            causation_id: None,
            traceparent: "".into(),
            key_id: None,
            payload: message.encode_to_vec().into(),
        }
    }

    fn observed(value_milli: i64, role: &str) -> wire::EvidenceRecorded {
        wire::EvidenceRecorded {
            evidence_id: id(1).to_string(),
            observation: Some(wire::Observation {
                learner_id: id(2).to_string(),
                competency_id: id(3).to_string(),
                criterion_id: id(4).to_string(),
                value_milli,
                value_max_milli: 4_000,
                kind: "classroom".to_owned(),
                assessor_id: "t1".to_owned(),
                assessor_role: role.to_owned(),
                note: Some(northstar_wire::platform::v1::Sealed {
                    key_id: id(5).to_string(),
                    r#box: vec![0xff; 60],
                }),
            }),
        }
    }

    #[test]
    fn reads_what_the_generated_code_writes() {
        for value_milli in [0, 3_000, -1, i64::MIN, i64::MAX] {
            let event = recorded(RECORDED, &observed(value_milli, "employer"));
            let step = read_evidence(&event).expect("well formed").expect("a step");
            let seen = Seen {
                observed_at: event.observed_at,
                recorded_at: event.recorded_at,
                value_milli,
                role: AssessorRole::Employer,
                assessor: "t1",
                kind: "classroom",
            };
            assert_eq!((step.learner.uuid(), step.competency.uuid()), (id(2), id(3)));
            assert_eq!((step.evidence.uuid(), step.step), (id(1), Step::Record(seen)));
            assert_eq!(step.criterion, id(4).to_string());
            assert_eq!(learner_of(&event), Some(id(2)));
        }
    }

    #[test]
    fn reads_corrections_sign_offs_and_retractions() {
        let corrected = recorded(CORRECTED, &observed(1_000, "coach"));
        let step = read_evidence(&corrected).expect("well formed").map(|step| step.step);
        assert!(matches!(step, Some(Step::Correct(seen)) if seen.role == AssessorRole::Other));
        let validated = recorded(
            VALIDATED,
            &wire::EvidenceValidated {
                evidence_id: id(1).to_string(),
                learner_id: id(2).to_string(),
                competency_id: id(3).to_string(),
                validator_id: "t2".to_owned(),
            },
        );
        let step = read_evidence(&validated).expect("well formed").expect("a step");
        assert_eq!((step.learner.uuid(), step.competency.uuid()), (id(2), id(3)));
        assert_eq!((step.evidence.uuid(), step.step), (id(1), Step::Validate));
        assert_eq!(learner_of(&validated), Some(id(2)));
        let retracted = recorded(
            RETRACTED,
            &wire::EvidenceRetracted {
                evidence_id: id(1).to_string(),
                learner_id: id(2).to_string(),
                competency_id: id(3).to_string(),
                reason: "duplicate".to_owned(),
            },
        );
        let step = read_evidence(&retracted).expect("well formed").expect("a step");
        assert_eq!((step.learner.uuid(), step.step), (id(2), Step::Retract));
        assert_eq!(learner_of(&retracted), Some(id(2)));
    }

    #[test]
    fn what_cannot_be_read_says_which_field() {
        let mut message = observed(1_000, "teacher");
        message.evidence_id = "EV-1".to_owned();
        let error = read_evidence(&recorded(RECORDED, &message)).expect_err("no UUID");
        assert_eq!(error.to_string(), "evidence_recorded is malformed: evidence_id is no UUID");
        let mut cut = recorded(RECORDED, &observed(1_000, "teacher"));
        cut.payload.truncate(50);
        assert!(read_evidence(&cut).is_err());
        let newer = Recorded { schema_version: 2, ..recorded(RECORDED, &message) };
        assert!(read_evidence(&newer).expect_err("unknown").to_string().contains("version 2"));
    }

    #[test]
    fn other_events_are_none_of_our_business() {
        let other = recorded("evidence_exported", &observed(1_000, "teacher"));
        assert_eq!((read_evidence(&other), learner_of(&other)), (Ok(None), None));
    }
}
