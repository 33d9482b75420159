//! The one bridge between this context's events and their bytes, and the reading of others'.

mod evidence;
mod fields;
mod policy;
mod registry;

pub(crate) use evidence::{EvidenceStep, Seen, Step, learner_of, read_evidence};
pub(crate) use policy::{ALWAYS, effective_from, policy_published, policy_published_message};
pub(crate) use registry::read_competency;

use northstar_eventlog::{Malformed, NewEvent, Recorded};
use northstar_kernel::{Digest, EvidenceId, Timestamp};
use northstar_mastery_domain::{Held, MasteryChanged, PolicyPublished, Standing};
use northstar_wire::mastery::v1 as wire;
use prost::Message;
use uuid::Uuid;

/// Name of [`PolicyPublished`] in the log.
pub(crate) const POLICY_PUBLISHED: &str = "policy_published";
/// Name of [`MasteryChanged`] in the log.
pub(crate) const MASTERY_CHANGED: &str = "mastery_changed";

/// Every event of this context.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Event {
    PolicyPublished(PolicyPublished),
    MasteryChanged(MasteryChanged),
}

impl Event {
    /// As it is written, observed at `observed_at` or, with `None`, when it is recorded.
    pub(crate) fn write(&self, observed_at: Option<Timestamp>) -> NewEvent {
        let (event_type, payload) = match self {
            Self::PolicyPublished(event) => {
                (POLICY_PUBLISHED, policy_published_message(event).encode_to_vec())
            }
            Self::MasteryChanged(event) => (MASTERY_CHANGED, changed(event).encode_to_vec()),
        };
        let payload = payload.into();
        NewEvent { event_type, schema_version: 1, observed_at, key_id: None, payload }
    }

    /// As it was written.
    pub(crate) fn read(event: &Recorded) -> Result<Self, Malformed> {
        match (&*event.event_type, event.schema_version) {
            (POLICY_PUBLISHED, 1) => policy_published(&decode(event)?).map(Self::PolicyPublished),
            (MASTERY_CHANGED, 1) => read_changed(&decode(event)?).map(Self::MasteryChanged),
            (_, version) => Err(unknown(event, version)),
        }
    }
}

/// The message of an event whose type says which it is.
pub(crate) fn decode<M: Message + Default>(event: &Recorded) -> Result<M, Malformed> {
    M::decode(&event.payload[..]).map_err(|why| Malformed::new(&*event.event_type, why))
}

/// An event of a type or version that this program has no shape for.
pub(crate) fn unknown(event: &Recorded, version: u16) -> Malformed {
    Malformed::new(&*event.event_type, format!("version {version} is not known"))
}

/// What is held, for others.
pub(crate) fn held_message(held: &Held) -> wire::Mastery {
    let standing = match held.standing {
        Standing::NotObserved => wire::Standing::Unspecified,
        Standing::NotEnoughEvidence => wire::Standing::NotEnoughEvidence,
        Standing::BelowMastery => wire::Standing::BelowMastery,
        Standing::AtMastery => wire::Standing::AtMastery,
        Standing::Exceeds => wire::Standing::Exceeds,
    };
    let Held { value_milli, level, provisional, .. } = *held;
    wire::Mastery { standing: standing.into(), value_milli, level, provisional }
}

fn changed(event: &MasteryChanged) -> wire::MasteryChanged {
    wire::MasteryChanged {
        learner_id: event.learner.to_string(),
        competency_id: event.competency.to_string(),
        framework_id: event.framework.to_string(),
        policy_name: event.name.clone(),
        before: Some(held_message(&event.before)),
        after: Some(held_message(&event.after)),
        policy_hash: event.policy.map(|hash| hash.to_string()).unwrap_or_default(),
        evidence_ids: event.evidence.iter().map(EvidenceId::to_string).collect(),
        cause_evidence_id: event.cause.map(|id| id.to_string()).unwrap_or_default(),
    }
}

fn read_changed(message: &wire::MasteryChanged) -> Result<MasteryChanged, Malformed> {
    let of = |why: String| Malformed::new(MASTERY_CHANGED, why);
    let evidence = message.evidence_ids.iter().map(|id| id.parse()).collect::<Result<_, _>>();
    let optional = |text: &str| (!text.is_empty()).then(|| text.parse()).transpose();
    Ok(MasteryChanged {
        learner: message.learner_id.parse().map_err(|why| of(format!("{why}")))?,
        competency: message.competency_id.parse().map_err(|why| of(format!("{why}")))?,
        framework: message.framework_id.parse().map_err(|why| of(format!("{why}")))?,
        name: message.policy_name.clone(),
        before: read_held(message.before.as_ref())?,
        after: read_held(message.after.as_ref())?,
        policy: read_hash(&message.policy_hash)?,
        evidence: evidence.map_err(|why| of(format!("{why}")))?,
        cause: optional(&message.cause_evidence_id).map_err(|why| of(format!("{why}")))?,
    })
}

fn read_held(message: Option<&wire::Mastery>) -> Result<Held, Malformed> {
    let message = message.ok_or_else(|| Malformed::new(MASTERY_CHANGED, "mastery is missing"))?;
    let standing = match wire::Standing::try_from(message.standing) {
        Ok(wire::Standing::Unspecified) => Standing::NotObserved,
        Ok(wire::Standing::NotEnoughEvidence) => Standing::NotEnoughEvidence,
        Ok(wire::Standing::BelowMastery) => Standing::BelowMastery,
        Ok(wire::Standing::AtMastery) => Standing::AtMastery,
        Ok(wire::Standing::Exceeds) => Standing::Exceeds,
        Err(why) => return Err(Malformed::new(MASTERY_CHANGED, why)),
    };
    let wire::Mastery { value_milli, level, provisional, .. } = *message;
    Ok(Held { standing, value_milli, level, provisional })
}

/// A hash in hexadecimal; `None` if the text is empty.
fn read_hash(text: &str) -> Result<Option<Digest>, Malformed> {
    if text.is_empty() {
        return Ok(None);
    }
    let byte = |at: usize| text.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
    let bytes: Option<Vec<u8>> = (0..text.len()).step_by(2).map(byte).collect();
    let bytes = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    bytes.map(|bytes| Some(Digest(bytes))).ok_or_else(|| {
        Malformed::new("a policy hash", format!("{text:?} is not 64 hexadecimal digits"))
    })
}

/// An instant, for others.
pub(crate) fn timestamp(at: Timestamp) -> prost_types::Timestamp {
    let (seconds, nanos) = at.parts();
    prost_types::Timestamp { seconds, nanos }
}

/// An instant of others; `None` if it is none, or too far off to be kept in microseconds.
pub(crate) fn instant(at: &prost_types::Timestamp) -> Option<Timestamp> {
    Timestamp::from_parts(at.seconds, at.nanos)
}

/// Sixteen bytes of stored state.
pub(crate) fn read_uuid(what: &'static str, bytes: &[u8]) -> Result<Uuid, Malformed> {
    Uuid::from_slice(bytes).map_err(|why| Malformed::new(what, why))
}

#[cfg(test)]
mod tests;
