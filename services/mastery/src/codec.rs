//! The one bridge between this context's events and their bytes, and the reading of others'.

mod advancement;
mod due;
mod evidence;
mod fields;
mod overriding;
mod policy;
mod publication;
mod read_anew;
mod registry;
mod roster;

pub(crate) use advancement::{Advanced, LEARNER_ADVANCED, ground_message};
pub(crate) use due::{LEVEL_DUE, LevelDue};
pub(crate) use evidence::{EvidenceStep, Seen, Step, by_learner, read_evidence};
pub(crate) use fields::{NoMessage, Packed, Value, signed, walk};
pub(crate) use overriding::{
    OVERRIDE_CONFIRMED, OVERRIDE_REVOKED, OVERRIDE_SET, Overridden, read_terms, set_message,
    standing, standing_message,
};
pub(crate) use policy::{ALWAYS, effective_from, policy_published, policy_published_message};
pub(crate) use publication::Publication;
pub(crate) use read_anew::{LEVELS_READ_ANEW, LevelsReadAnew};
pub(crate) use registry::{Registered, read_registry};
pub(crate) use roster::{RosterStep, read_roster};

use northstar_eventlog::{Malformed, NewEvent, Recorded};
use northstar_kernel::{Digest, EvidenceId, Timestamp};
use northstar_mastery_domain::{Held, MasteryChanged, PolicyPublished};
use northstar_wire::mastery::v1 as wire;
use prost::Message;
use uuid::Uuid;

/// Name of [`PolicyPublished`] in the log.
pub(crate) const POLICY_PUBLISHED: &str = "policy_published";
/// Name of [`MasteryChanged`] in the log.
pub(crate) const MASTERY_CHANGED: &str = "mastery_changed";

/// Name of a published roll-up in the log.
pub(crate) const ROLLUPS_PUBLISHED: &str = "rollups_published";
/// Name of a published calendar in the log.
pub(crate) const PACE_PLAN_PUBLISHED: &str = "pace_plan_published";

/// Every event of this context.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Event {
    PolicyPublished(PolicyPublished),
    MasteryChanged(MasteryChanged),
    LevelDue(LevelDue),
    LevelsReadAnew(LevelsReadAnew),
    Overridden(Overridden),
    LearnerAdvanced(Advanced),
    RollupsPublished(Publication),
    PacePlanPublished(Publication),
}

impl Event {
    /// As it is written, observed at `observed_at` or, with `None`, when it is recorded.
    pub(crate) fn write(&self, observed_at: Option<Timestamp>) -> NewEvent {
        let (event_type, payload) = match self {
            Self::PolicyPublished(event) => {
                (POLICY_PUBLISHED, policy_published_message(event).encode_to_vec())
            }
            Self::MasteryChanged(event) => {
                (MASTERY_CHANGED, changed_message(event).encode_to_vec())
            }
            Self::LevelDue(event) => (LEVEL_DUE, event.message().encode_to_vec()),
            Self::LevelsReadAnew(event) => (LEVELS_READ_ANEW, event.message().encode_to_vec()),
            Self::Overridden(event) => event.encoded(),
            Self::LearnerAdvanced(event) => (LEARNER_ADVANCED, event.message().encode_to_vec()),
            Self::RollupsPublished(event) => (ROLLUPS_PUBLISHED, event.rollups().encode_to_vec()),
            Self::PacePlanPublished(event) => {
                (PACE_PLAN_PUBLISHED, event.pace_plan().encode_to_vec())
            }
        };
        let (key_id, payload) = (self.key_id(), payload.into());
        NewEvent { event_type, schema_version: 1, observed_at, key_id, payload }
    }

    /// As it was written.
    pub(crate) fn read(event: &Recorded) -> Result<Self, Malformed> {
        match (&*event.event_type, event.schema_version) {
            (POLICY_PUBLISHED, 1) => policy_published(&decode(event)?).map(Self::PolicyPublished),
            (MASTERY_CHANGED, 1) => read_changed(&decode(event)?).map(Self::MasteryChanged),
            (LEVEL_DUE, 1) => LevelDue::read(&decode(event)?).map(Self::LevelDue),
            (LEVELS_READ_ANEW, 1) => {
                LevelsReadAnew::read(&decode(event)?).map(Self::LevelsReadAnew)
            }
            (OVERRIDE_SET, 1) => Overridden::read_set(decode(event)?).map(Self::Overridden),
            (OVERRIDE_CONFIRMED, 1) => {
                Overridden::read_confirmed(&decode(event)?).map(Self::Overridden)
            }
            (OVERRIDE_REVOKED, 1) => Overridden::read_revoked(decode(event)?).map(Self::Overridden),
            (LEARNER_ADVANCED, 1) => Advanced::read(decode(event)?).map(Self::LearnerAdvanced),
            (ROLLUPS_PUBLISHED, 1) => {
                Publication::of_rollups(decode(event)?).map(Self::RollupsPublished)
            }
            (PACE_PLAN_PUBLISHED, 1) => {
                Publication::of_pace_plan(decode(event)?).map(Self::PacePlanPublished)
            }
            (_, version) => Err(unknown(event, version)),
        }
    }

    /// The key that its sealed words are under, if it has any.
    fn key_id(&self) -> Option<Uuid> {
        let sealed = match self {
            Self::PolicyPublished(_)
            | Self::MasteryChanged(_)
            | Self::LevelDue(_)
            | Self::LevelsReadAnew(_)
            | Self::RollupsPublished(_)
            | Self::PacePlanPublished(_) => None,
            Self::Overridden(event) => event.reason.as_ref(),
            Self::LearnerAdvanced(event) => event.reason.as_ref(),
        };
        sealed.map(|sealed| sealed.key_id)
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
    let standing = standing_message(held.standing);
    let Held { value_milli, level, provisional, .. } = *held;
    wire::Mastery { standing: standing.into(), value_milli, level, provisional }
}

/// What changed, for others.
pub(crate) fn changed_message(event: &MasteryChanged) -> wire::MasteryChanged {
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
        override_id: event.overridden.map(|(id, _)| id.to_string()).unwrap_or_default(),
        by_rule: event.overridden.as_ref().map(|(_, by_rule)| held_message(by_rule)),
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
        overridden: overriding::read_overridden(message)?,
    })
}

/// What is held, of others.
pub(crate) fn read_held(message: Option<&wire::Mastery>) -> Result<Held, Malformed> {
    let message = message.ok_or_else(|| Malformed::new(MASTERY_CHANGED, "mastery is missing"))?;
    let standing = overriding::read_standing(MASTERY_CHANGED, message.standing)?;
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
