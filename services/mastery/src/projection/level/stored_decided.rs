//! What was decided of a level, as bytes.

use northstar_eventlog::{Malformed, Shape as _};
use northstar_kernel::{OverrideId, Timestamp};
use northstar_mastery_domain::{Held, LearnerAdvanced, Override};
use northstar_wire::mastery::v1 as wire;
use prost::Message;

use super::{Decided, Level};
use crate::codec::{Advanced, held_message, read_held, read_terms, read_uuid, set_message};

/// State; nothing at all while nothing was decided.
#[derive(Clone, PartialEq, Message)]
pub(super) struct StoredDecided {
    #[prost(sint64, optional, tag = "1")]
    clock_micros: Option<i64>,
    #[prost(message, repeated, tag = "2")]
    overrides: Vec<StoredOverride>,
    /// Sixteen bytes; none if no override is shown.
    #[prost(bytes = "vec", tag = "3")]
    shown: Vec<u8>,
    #[prost(message, optional, tag = "4")]
    shown_held: Option<wire::Mastery>,
    #[prost(message, optional, tag = "5")]
    advanced: Option<wire::LearnerAdvanced>,
}

#[derive(Clone, PartialEq, Message)]
struct StoredOverride {
    #[prost(message, optional, tag = "1")]
    terms: Option<wire::OverrideSet>,
    #[prost(sint64, optional, tag = "2")]
    confirmed_micros: Option<i64>,
    #[prost(sint64, optional, tag = "3")]
    revoked_micros: Option<i64>,
}

pub(super) fn encode(decided: &Decided) -> Option<StoredDecided> {
    let overrides = decided.overrides.iter().map(|held| StoredOverride {
        terms: Some(set_message(&held.terms)),
        confirmed_micros: held.confirmed_at.map(Timestamp::micros),
        revoked_micros: held.revoked_at.map(Timestamp::micros),
    });
    let advanced = decided.advanced.as_deref().cloned();
    let stored = StoredDecided {
        clock_micros: decided.clock.map(Timestamp::micros),
        overrides: overrides.collect(),
        shown: decided.shown.map(|(id, _)| id.as_bytes().to_vec()).unwrap_or_default(),
        shown_held: decided.shown.as_ref().map(|(_, held)| held_message(held)),
        advanced: advanced.map(|event| Advanced { event, reason: None }.message()),
    };
    (stored != StoredDecided::default()).then_some(stored)
}

/// `due` stands elsewhere: it is no state.
pub(super) fn decode(
    stored: Option<StoredDecided>,
    due: Option<i64>,
) -> Result<Decided, Malformed> {
    let due = due.map(Timestamp::from_micros);
    let Some(stored) = stored else { return Ok(Decided { due, ..Decided::default() }) };
    let overrides = stored.overrides.iter().map(read_override).collect::<Result<_, _>>()?;
    Ok(Decided {
        clock: stored.clock_micros.map(Timestamp::from_micros),
        overrides,
        shown: read_shown(&stored)?,
        advanced: stored.advanced.map(read_advanced).transpose()?,
        due,
    })
}

fn read_override(stored: &StoredOverride) -> Result<Override, Malformed> {
    let missing = || Malformed::new(Level::NOUN, "an override without its terms");
    Ok(Override {
        terms: read_terms(stored.terms.as_ref().ok_or_else(missing)?)?,
        confirmed_at: stored.confirmed_micros.map(Timestamp::from_micros),
        revoked_at: stored.revoked_micros.map(Timestamp::from_micros),
    })
}

fn read_shown(stored: &StoredDecided) -> Result<Option<(OverrideId, Held)>, Malformed> {
    if stored.shown.is_empty() {
        return Ok(None);
    }
    let id = OverrideId::from_uuid(read_uuid(Level::NOUN, &stored.shown)?);
    Ok(Some((id, read_held(stored.shown_held.as_ref())?)))
}

fn read_advanced(message: wire::LearnerAdvanced) -> Result<Box<LearnerAdvanced>, Malformed> {
    Ok(Box::new(Advanced::read(message)?.event))
}
