//! Overrides on the wire.

use std::fmt;
use std::str::FromStr;

use northstar_eventlog::{Malformed, Sealed};
use northstar_kernel::{OverrideId, Timestamp};
use northstar_mastery_domain::{Finding, Held, OverrideEvent, Standing, Terms};
use northstar_wire::mastery::v1 as wire;
use northstar_wire::platform::v1 as platform;
use prost::Message as _;

use super::{MASTERY_CHANGED, instant, read_held, timestamp};
use crate::projection::LevelKey;

/// Name of [`OverrideEvent::Set`] in the log.
pub(crate) const OVERRIDE_SET: &str = "override_set";
/// Name of [`OverrideEvent::Confirmed`] in the log.
pub(crate) const OVERRIDE_CONFIRMED: &str = "override_confirmed";
/// Name of [`OverrideEvent::Revoked`] in the log.
pub(crate) const OVERRIDE_REVOKED: &str = "override_revoked";

/// Something happened to an override.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Overridden {
    /// Which.
    pub(crate) id: OverrideId,
    /// Whose level it is about, in what.
    pub(crate) key: LevelKey,
    /// What happened.
    pub(crate) event: OverrideEvent,
    /// The words of the reason, if it takes one.
    pub(crate) reason: Option<Sealed>,
}

impl Overridden {
    /// When it happened; `None`: when it is recorded.
    pub(crate) const fn at(&self) -> Option<Timestamp> {
        match self.event {
            OverrideEvent::Set(_) => None,
            OverrideEvent::Confirmed { at } | OverrideEvent::Revoked { at, .. } => Some(at),
        }
    }

    /// Its name, and itself as bytes.
    pub(super) fn encoded(&self) -> (&'static str, Vec<u8>) {
        let (override_id, (learner_id, competency_id)) = (self.id.to_string(), names(self.key));
        let reason = self.reason.as_ref().map(sealed_message);
        match self.event {
            OverrideEvent::Set(terms) => {
                let message = wire::OverrideSet { reason, ..set_message(&terms) };
                (OVERRIDE_SET, message.encode_to_vec())
            }
            OverrideEvent::Confirmed { at } => {
                let confirmed_at = Some(timestamp(at));
                let message = wire::OverrideConfirmed {
                    override_id,
                    learner_id,
                    competency_id,
                    confirmed_at,
                };
                (OVERRIDE_CONFIRMED, message.encode_to_vec())
            }
            OverrideEvent::Revoked { by, reason: reason_id, at } => {
                let message = wire::OverrideRevoked {
                    override_id,
                    learner_id,
                    competency_id,
                    revoked_by: by.to_string(),
                    revoked_at: Some(timestamp(at)),
                    reason_id: reason_id.to_string(),
                    reason,
                };
                (OVERRIDE_REVOKED, message.encode_to_vec())
            }
        }
    }

    pub(super) fn read_set(message: wire::OverrideSet) -> Result<Self, Malformed> {
        let terms = read_terms(&message)?;
        let key = LevelKey { learner: terms.learner, competency: terms.competency };
        let reason = read_sealed(OVERRIDE_SET, message.reason)?;
        Ok(Self { id: terms.id, key, event: OverrideEvent::Set(terms), reason })
    }

    pub(super) fn read_confirmed(message: &wire::OverrideConfirmed) -> Result<Self, Malformed> {
        let of = OVERRIDE_CONFIRMED;
        let at = at(of, message.confirmed_at.as_ref())?;
        Ok(Self {
            id: id(of, &message.override_id)?,
            key: level_key(of, &message.learner_id, &message.competency_id)?,
            event: OverrideEvent::Confirmed { at },
            reason: None,
        })
    }

    pub(super) fn read_revoked(message: wire::OverrideRevoked) -> Result<Self, Malformed> {
        let of = OVERRIDE_REVOKED;
        let by = id(of, &message.revoked_by)?;
        let (reason, at) = (id(of, &message.reason_id)?, at(of, message.revoked_at.as_ref())?);
        Ok(Self {
            id: id(of, &message.override_id)?,
            key: level_key(of, &message.learner_id, &message.competency_id)?,
            event: OverrideEvent::Revoked { by, reason, at },
            reason: read_sealed(of, message.reason)?,
        })
    }
}

/// What was set, without the words of its reason.
pub(crate) fn set_message(terms: &Terms) -> wire::OverrideSet {
    wire::OverrideSet {
        override_id: terms.id.to_string(),
        learner_id: terms.learner.to_string(),
        competency_id: terms.competency.to_string(),
        standing: standing_message(terms.says.standing).into(),
        value_milli: terms.says.value_milli,
        set_by: terms.by.to_string(),
        second_signer: terms.second_signer.to_string(),
        from: Some(timestamp(terms.from)),
        until: Some(timestamp(terms.until)),
        reason_id: terms.reason.to_string(),
        reason: None,
    }
}

/// What was set.
pub(crate) fn read_terms(message: &wire::OverrideSet) -> Result<Terms, Malformed> {
    let of = OVERRIDE_SET;
    let standing = read_standing(of, message.standing)?;
    Ok(Terms {
        id: id(of, &message.override_id)?,
        learner: id(of, &message.learner_id)?,
        competency: id(of, &message.competency_id)?,
        says: Finding { standing, value_milli: message.value_milli, provisional: false },
        reason: id(of, &message.reason_id)?,
        by: id(of, &message.set_by)?,
        second_signer: id(of, &message.second_signer)?,
        from: at(of, message.from.as_ref())?,
        until: at(of, message.until.as_ref())?,
    })
}

/// A standing, for others.
pub(crate) const fn standing_message(standing: Standing) -> wire::Standing {
    match standing {
        Standing::NotObserved => wire::Standing::Unspecified,
        Standing::NotEnoughEvidence => wire::Standing::NotEnoughEvidence,
        Standing::BelowMastery => wire::Standing::BelowMastery,
        Standing::AtMastery => wire::Standing::AtMastery,
        Standing::Exceeds => wire::Standing::Exceeds,
    }
}

/// A standing of others.
pub(crate) fn read_standing(of: &'static str, number: i32) -> Result<Standing, Malformed> {
    let known = wire::Standing::try_from(number).map_err(|why| Malformed::new(of, why))?;
    Ok(standing(known))
}

/// A standing of others.
pub(crate) const fn standing(known: wire::Standing) -> Standing {
    match known {
        wire::Standing::Unspecified => Standing::NotObserved,
        wire::Standing::NotEnoughEvidence => Standing::NotEnoughEvidence,
        wire::Standing::BelowMastery => Standing::BelowMastery,
        wire::Standing::AtMastery => Standing::AtMastery,
        wire::Standing::Exceeds => Standing::Exceeds,
    }
}

/// The override that a change comes from, and what the rule says beside it.
pub(super) fn read_overridden(
    message: &wire::MasteryChanged,
) -> Result<Option<(OverrideId, Held)>, Malformed> {
    if message.override_id.is_empty() {
        return Ok(None);
    }
    let id = id(MASTERY_CHANGED, &message.override_id)?;
    Ok(Some((id, read_held(message.by_rule.as_ref())?)))
}

pub(super) fn names(key: LevelKey) -> (String, String) {
    (key.learner.to_string(), key.competency.to_string())
}

pub(super) fn level_key(
    of: &'static str,
    learner: &str,
    competency: &str,
) -> Result<LevelKey, Malformed> {
    Ok(LevelKey { learner: id(of, learner)?, competency: id(of, competency)? })
}

pub(super) fn id<I: FromStr<Err: fmt::Display>>(
    of: &'static str,
    text: &str,
) -> Result<I, Malformed> {
    text.parse().map_err(|why: I::Err| Malformed::new(of, format!("{text:?}: {why}")))
}

pub(super) fn at(
    of: &'static str,
    message: Option<&prost_types::Timestamp>,
) -> Result<Timestamp, Malformed> {
    message.and_then(instant).ok_or_else(|| Malformed::new(of, "an instant is missing, or is none"))
}

pub(super) fn sealed_message(sealed: &Sealed) -> platform::Sealed {
    platform::Sealed { key_id: sealed.key_id.to_string(), r#box: sealed.bytes.clone() }
}

pub(super) fn read_sealed(
    of: &'static str,
    message: Option<platform::Sealed>,
) -> Result<Option<Sealed>, Malformed> {
    let read = |sealed: platform::Sealed| {
        let key_id = sealed.key_id.parse().map_err(|why| Malformed::new(of, why))?;
        Ok(Sealed { key_id, bytes: sealed.r#box })
    };
    message.map(read).transpose()
}
