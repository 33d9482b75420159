//! Domain events to protobuf and back: the only bridge.
//!
//! What is written here is a promise for ever; `tests/frozen` holds an example of each.

use bytes::Bytes;
use northstar_eventlog::{Malformed, NewEvent, Recorded};
use northstar_evidence_domain::{
    Assessor, Event, Evidence, Milli, Observation, RetractionReason, SealedNote, Standing,
};
use northstar_kernel::{Decider, Timestamp};
use northstar_wire::evidence::v1 as wire;
use northstar_wire::platform::v1::Sealed;
use prost::Message;
use uuid::Uuid;

const RECORDED: &str = "evidence_recorded";
const CORRECTED: &str = "evidence_corrected";
const VALIDATED: &str = "evidence_validated";
const RETRACTED: &str = "evidence_retracted";

/// The event as it is appended.
pub fn encode(event: &Event) -> NewEvent {
    match event {
        Event::Recorded { id, observation } => {
            let (evidence_id, said) = (id.to_string(), Some(to_wire(observation)));
            let message = wire::EvidenceRecorded { evidence_id, observation: said };
            new_event(RECORDED, &message, Some(observation))
        }
        Event::Corrected { id, observation } => {
            let (evidence_id, said) = (id.to_string(), Some(to_wire(observation)));
            let message = wire::EvidenceCorrected { evidence_id, observation: said };
            new_event(CORRECTED, &message, Some(observation))
        }
        Event::Validated { id, learner, competency, validator } => {
            let message = wire::EvidenceValidated {
                evidence_id: id.to_string(),
                learner_id: learner.to_string(),
                competency_id: competency.to_string(),
                validator_id: validator.clone(),
            };
            new_event(VALIDATED, &message, None)
        }
        Event::Retracted { id, learner, competency, reason } => {
            let message = wire::EvidenceRetracted {
                evidence_id: id.to_string(),
                learner_id: learner.to_string(),
                competency_id: competency.to_string(),
                reason: reason.name().to_owned(),
            };
            new_event(RETRACTED, &message, None)
        }
    }
}

fn new_event(
    event_type: &'static str,
    message: &impl Message,
    observation: Option<&Observation>,
) -> NewEvent {
    let note = observation.and_then(|observation| observation.note.as_ref());
    NewEvent {
        event_type,
        schema_version: 1,
        observed_at: observation.map(|observation| observation.observed_at),
        key_id: note.map(|note| Uuid::from_bytes(note.key_id)),
        payload: Bytes::from(message.encode_to_vec()),
    }
}

/// The domain's event behind a recorded one.
///
/// # Errors
/// When its type or version is not known here, or its bytes make no sense.
pub fn decode(recorded: &Recorded) -> Result<Event, Malformed> {
    read(&recorded.event_type, recorded.schema_version, &recorded.payload, recorded.observed_at)
}

/// The event as it is about to be stored.
pub(crate) fn decode_new(new: &NewEvent) -> Result<Event, Malformed> {
    let observed_at = new.observed_at.unwrap_or_default();
    read(new.event_type, new.schema_version, &new.payload, observed_at)
}

fn read(
    event_type: &str,
    version: u16,
    payload: &[u8],
    observed_at: Timestamp,
) -> Result<Event, Malformed> {
    let event = match (event_type, version) {
        (RECORDED, 1) => recorded_v1(payload, observed_at),
        (CORRECTED, 1) => corrected_v1(payload, observed_at),
        (VALIDATED, 1) => validated_v1(payload),
        (RETRACTED, 1) => retracted_v1(payload),
        (_, version) => Err(format!("its type or version {version} is not known here")),
    };
    event.map_err(|why| Malformed::new(event_type, why))
}

/// The evidence as it stands after all events of its stream; `None` if there are none.
///
/// # Errors
/// When one of them makes no sense.
pub fn fold<'a>(
    events: impl IntoIterator<Item = &'a Recorded>,
) -> Result<Option<Standing>, Malformed> {
    events
        .into_iter()
        .try_fold(None, |standing, event| Ok(Evidence::evolve(standing, &decode(event)?)))
}

fn recorded_v1(payload: &[u8], observed_at: Timestamp) -> Result<Event, String> {
    let message = wire::EvidenceRecorded::decode(payload).map_err(text)?;
    let observation = observation(message.observation, observed_at)?;
    Ok(Event::Recorded { id: message.evidence_id.parse().map_err(text)?, observation })
}

fn corrected_v1(payload: &[u8], observed_at: Timestamp) -> Result<Event, String> {
    let message = wire::EvidenceCorrected::decode(payload).map_err(text)?;
    let observation = observation(message.observation, observed_at)?;
    Ok(Event::Corrected { id: message.evidence_id.parse().map_err(text)?, observation })
}

fn validated_v1(payload: &[u8]) -> Result<Event, String> {
    let message = wire::EvidenceValidated::decode(payload).map_err(text)?;
    Ok(Event::Validated {
        id: message.evidence_id.parse().map_err(text)?,
        learner: message.learner_id.parse().map_err(text)?,
        competency: message.competency_id.parse().map_err(text)?,
        validator: message.validator_id,
    })
}

fn retracted_v1(payload: &[u8]) -> Result<Event, String> {
    let message = wire::EvidenceRetracted::decode(payload).map_err(text)?;
    Ok(Event::Retracted {
        id: message.evidence_id.parse().map_err(text)?,
        learner: message.learner_id.parse().map_err(text)?,
        competency: message.competency_id.parse().map_err(text)?,
        reason: message.reason.parse::<RetractionReason>().map_err(text)?,
    })
}

fn to_wire(observation: &Observation) -> wire::Observation {
    wire::Observation {
        learner_id: observation.learner.to_string(),
        competency_id: observation.competency.to_string(),
        criterion_id: observation.criterion.map(|id| id.to_string()).unwrap_or_default(),
        value_milli: observation.value.0,
        value_max_milli: observation.value_max.map_or(0, |max| max.0),
        kind: observation.kind.clone(),
        assessor_id: observation.assessor.id.clone(),
        assessor_role: observation.assessor.role.name().to_owned(),
        note: observation.note.as_ref().map(|note| Sealed {
            key_id: Uuid::from_bytes(note.key_id).to_string(),
            r#box: note.sealed.clone(),
        }),
    }
}

fn observation(
    message: Option<wire::Observation>,
    observed_at: Timestamp,
) -> Result<Observation, String> {
    let message = message.ok_or("it has no observation")?;
    let criterion = Some(message.criterion_id).filter(|id| !id.is_empty());
    Ok(Observation {
        learner: message.learner_id.parse().map_err(text)?,
        competency: message.competency_id.parse().map_err(text)?,
        criterion: criterion.map(|id| id.parse()).transpose().map_err(text)?,
        value: Milli(message.value_milli),
        value_max: (message.value_max_milli != 0).then_some(Milli(message.value_max_milli)),
        kind: message.kind,
        assessor: Assessor {
            id: message.assessor_id,
            role: message.assessor_role.parse().map_err(text)?,
        },
        observed_at,
        note: message.note.map(note).transpose()?,
    })
}

fn note(sealed: Sealed) -> Result<SealedNote, String> {
    let key_id = Uuid::parse_str(&sealed.key_id).map_err(text)?.into_bytes();
    Ok(SealedNote { key_id, sealed: sealed.r#box })
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
