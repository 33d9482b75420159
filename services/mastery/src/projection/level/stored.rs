//! A level as bytes: in columns, so that an observation takes some 30 of them. They are read in
//! `columns`.

use std::sync::Arc;

use northstar_eventlog::{Document, Malformed, Shape as _};
use northstar_kernel::{Digest, Timestamp};
use northstar_mastery_domain::{Held, Observation, Observations, Standing};
use prost::Message;

use super::past::{self, StoredVersion};
use super::stored_decided::{self, StoredDecided};
use super::{Level, Reading};

/// What a user calls the state: the same bytes for the same judgements, whenever they were recorded.
#[derive(Clone, PartialEq, Message)]
pub(super) struct State {
    #[prost(message, repeated, tag = "1")]
    readings: Vec<StoredReading>,
    #[prost(sint64, repeated, tag = "2")]
    observed_micros: Vec<i64>,
    /// Sixteen bytes each, without anything between.
    #[prost(bytes = "vec", tag = "3")]
    pub(super) evidence: Vec<u8>,
    #[prost(sint64, repeated, tag = "4")]
    values_milli: Vec<i64>,
    /// A byte each.
    #[prost(bytes = "vec", tag = "5")]
    pub(super) roles: Vec<u8>,
    /// The names of assessors and kinds, sorted; the next two columns are places in it.
    #[prost(string, repeated, tag = "6")]
    names: Vec<String>,
    #[prost(uint32, repeated, tag = "7")]
    assessors: Vec<u32>,
    #[prost(uint32, repeated, tag = "8")]
    kinds: Vec<u32>,
    /// Places of those that a second person signed off.
    #[prost(uint32, repeated, tag = "9")]
    validated: Vec<u32>,
    #[prost(message, optional, tag = "10")]
    decided: Option<StoredDecided>,
    /// By the rule of a roll-up, where there is one.
    #[prost(message, optional, tag = "11")]
    rolled_up: Option<StoredReading>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct StoredReading {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(uint32, tag = "2")]
    standing: u32,
    #[prost(sint64, tag = "3")]
    value_milli: i64,
    #[prost(uint32, tag = "4")]
    level: u32,
    #[prost(bool, tag = "5")]
    provisional: bool,
    /// 32 bytes.
    #[prost(bytes = "vec", tag = "6")]
    policy: Vec<u8>,
}

/// When each of the observations was first recorded, what follows from the rest, and what was once.
#[derive(Clone, PartialEq, Message)]
struct Extra {
    /// When each of the observations was first recorded.
    #[prost(sint64, repeated, tag = "1")]
    recorded_micros: Vec<i64>,
    /// Its place in the due list, if it has one.
    #[prost(sint64, optional, tag = "2")]
    due_micros: Option<i64>,
    /// What no longer stands.
    #[prost(message, repeated, tag = "3")]
    past: Vec<StoredVersion>,
}

pub(super) fn encode(level: &Level) -> Document {
    let seen = &level.observations;
    let names = names(seen);
    let place = |name| names.iter().position(|known| *known == name).unwrap_or_default() as u32;
    let places =
        |of: fn(&Observation) -> &Arc<str>| seen.iter().map(|seen| place(of(seen))).collect();
    let evidence: Vec<[u8; 16]> = seen.iter().map(|seen| *seen.evidence.as_bytes()).collect();
    let signed = seen.iter().zip(0..).filter(|(seen, _)| seen.validated);
    let state = State {
        readings: level.readings.iter().map(StoredReading::of).collect(),
        observed_micros: seen.iter().map(|seen| seen.observed_at.micros()).collect(),
        evidence: evidence.into_flattened(),
        values_milli: seen.iter().map(|seen| seen.value_milli).collect(),
        roles: seen.iter().map(|seen| seen.role.code()).collect(),
        assessors: places(|seen| &seen.assessor),
        kinds: places(|seen| &seen.kind),
        names: names.iter().map(|name| name.to_string()).collect(),
        validated: signed.map(|(_, place)| place).collect(),
        decided: stored_decided::encode(&level.decided),
        rolled_up: level.rolled_up.as_ref().map(StoredReading::of),
    };
    let recorded_micros = seen.iter().map(|seen| seen.recorded_at.micros()).collect();
    let due_micros = level.decided.due.map(Timestamp::micros);
    let extra = Extra { recorded_micros, due_micros, past: past::encode(&level.past) };
    Document { state: state.encode_to_vec(), extra: extra.encode_to_vec() }
}

/// The names of assessors and kinds, sorted, each once. They are few, and nearly all are shared, so that
/// they need not even be read to be found equal.
fn names(seen: &Observations) -> Vec<&Arc<str>> {
    let mut names: Vec<&Arc<str>> = Vec::new();
    for name in seen.iter().flat_map(|seen| [&seen.assessor, &seen.kind]) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.sort_unstable();
    names
}

impl StoredReading {
    fn of(reading: &Reading) -> Self {
        let Held { standing, value_milli, level, provisional } = reading.held;
        let (name, policy) = (reading.name.clone(), reading.policy.0.to_vec());
        Self { name, standing: standing_code(standing), value_milli, level, provisional, policy }
    }

    pub(super) fn read(&self) -> Result<Reading, Malformed> {
        let broken = |why: &str| Malformed::new(Level::NOUN, why);
        let policy = self.policy.as_slice().try_into();
        Ok(Reading {
            name: self.name.clone(),
            held: Held {
                standing: standing_of(self.standing).ok_or_else(|| broken("unknown standing"))?,
                value_milli: self.value_milli,
                level: self.level,
                provisional: self.provisional,
            },
            policy: Digest(policy.map_err(|_| broken("the hash is not 32 bytes"))?),
        })
    }
}

/// A number for stored state; never reused for another standing.
pub(crate) const fn standing_code(standing: Standing) -> u32 {
    match standing {
        Standing::NotObserved => 0,
        Standing::NotEnoughEvidence => 1,
        Standing::BelowMastery => 2,
        Standing::AtMastery => 3,
        Standing::Exceeds => 4,
    }
}

/// The standing of a number in stored state.
pub(crate) fn standing_of(code: u32) -> Option<Standing> {
    Standing::ALL.into_iter().find(|each| standing_code(*each) == code)
}
