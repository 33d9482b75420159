//! A level's columns read where they stand: whoever asks for a profile waits for hundreds of levels, and
//! building the messages first cost twice as much as this.

use std::fmt::Display;
use std::sync::Arc;

use northstar_eventlog::{Document, Malformed, Shape as _};
use northstar_kernel::{EvidenceId, Timestamp};
use northstar_mastery_domain::{AssessorRole, Observation, Observations, Past};
use prost::Message as _;

use super::past::{self, StoredVersion};
use super::stored::StoredReading;
use super::{Level, Reading, stored_decided};
use crate::codec::{NoMessage, Packed, Value, signed, walk};

/// The fields of state and extra, by the numbers that they have there.
#[derive(Default)]
struct Columns<'a> {
    readings: Vec<&'a [u8]>,
    observed: Packed<'a>,
    evidence: &'a [u8],
    values: Packed<'a>,
    roles: &'a [u8],
    names: Vec<&'a [u8]>,
    assessors: Packed<'a>,
    kinds: Packed<'a>,
    validated: Packed<'a>,
    decided: Option<&'a [u8]>,
    rolled_up: Option<&'a [u8]>,
    recorded: Packed<'a>,
    due_micros: Option<i64>,
    past: Vec<&'a [u8]>,
}

pub(super) fn decode(document: &Document) -> Result<Level, Malformed> {
    let columns = Columns::of(document).map_err(broken)?;
    let decided = columns.decided.map(stored_decided::StoredDecided::decode).transpose();
    let rolled_up = columns.rolled_up.map(reading).transpose()?;
    Ok(Level {
        readings: columns.readings.iter().copied().map(reading).collect::<Result<_, _>>()?,
        past: columns.past()?,
        decided: stored_decided::decode(decided.map_err(broken)?, columns.due_micros)?,
        observations: columns.observations()?,
        rolled_up,
    })
}

fn broken(why: impl Display) -> Malformed {
    Malformed::new(Level::NOUN, why)
}

fn reading(bytes: &[u8]) -> Result<Reading, Malformed> {
    StoredReading::decode(bytes).map_err(broken)?.read()
}

impl<'a> Columns<'a> {
    fn of(document: &'a Document) -> Result<Self, NoMessage> {
        let mut columns = Self::default();
        walk(&document.state, |number, value| match value {
            Value::Bytes(bytes) => columns.see(number, bytes),
            Value::Varint(_) => {}
        })?;
        walk(&document.extra, |number, value| match (number, value) {
            (1, Value::Bytes(bytes)) => columns.recorded = Packed(bytes),
            (2, Value::Varint(due)) => columns.due_micros = Some(signed(due)),
            (3, Value::Bytes(bytes)) => columns.past.push(bytes),
            _ => {}
        })?;
        Ok(columns)
    }

    fn see(&mut self, number: u64, bytes: &'a [u8]) {
        match number {
            1 => self.readings.push(bytes),
            2 => self.observed = Packed(bytes),
            3 => self.evidence = bytes,
            4 => self.values = Packed(bytes),
            5 => self.roles = bytes,
            6 => self.names.push(bytes),
            7 => self.assessors = Packed(bytes),
            8 => self.kinds = Packed(bytes),
            9 => self.validated = Packed(bytes),
            10 => self.decided = Some(bytes),
            11 => self.rolled_up = Some(bytes),
            _ => {}
        }
    }

    fn past(&self) -> Result<Past, Malformed> {
        let versions = self.past.iter().map(|bytes| StoredVersion::decode(*bytes));
        past::decode(&versions.collect::<Result<Vec<_>, _>>().map_err(broken)?)
    }

    fn observations(mut self) -> Result<Observations, Malformed> {
        let (ids, rest) = self.evidence.as_chunks::<16>();
        let numbers = [self.observed, self.values, self.assessors, self.kinds, self.recorded];
        let same = numbers.iter().all(|column| column.len() == ids.len());
        if !same || self.roles.len() != ids.len() || !rest.is_empty() {
            return Err(broken("its columns differ in length"));
        }
        let names = self.names.iter().map(|name| std::str::from_utf8(name).map(Arc::from));
        let names: Vec<Arc<str>> = names.collect::<Result<_, _>>().map_err(broken)?;
        let mut all = Vec::with_capacity(ids.len());
        for (id, role) in ids.iter().zip(self.roles) {
            all.push(self.observation(*id, *role, &names)?);
        }
        for _ in 0..self.validated.len() {
            let signed = place(self.validated.next()).and_then(|place| all.get_mut(place));
            let signed: &mut Observation =
                signed.ok_or_else(|| broken("signed off, but not there"))?;
            signed.validated = true;
        }
        Ok(Observations::new(all))
    }

    /// The next one, of that evidence and role.
    fn observation(
        &mut self,
        evidence: [u8; 16],
        role: u8,
        names: &[Arc<str>],
    ) -> Result<Observation, Malformed> {
        let name = |number| {
            let known = place(number).and_then(|place| names.get(place));
            known.cloned().ok_or_else(|| broken("unknown name"))
        };
        let instant = |micros| Timestamp::from_micros(micros);
        Ok(Observation {
            observed_at: self.observed.next_signed().map(instant).map_err(broken)?,
            recorded_at: self.recorded.next_signed().map(instant).map_err(broken)?,
            evidence: EvidenceId::from_uuid(uuid::Uuid::from_bytes(evidence)),
            value_milli: self.values.next_signed().map_err(broken)?,
            role: AssessorRole::from_code(role).ok_or_else(|| broken("unknown role"))?,
            assessor: name(self.assessors.next())?,
            kind: name(self.kinds.next())?,
            validated: false,
        })
    }
}

/// A place in a list.
fn place(number: Result<u64, NoMessage>) -> Option<usize> {
    usize::try_from(number.ok()?).ok()
}
