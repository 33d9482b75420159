//! The versions of judgements that no longer stand, as bytes. There are few.

use northstar_eventlog::{Malformed, Shape as _};
use northstar_kernel::{EvidenceId, Timestamp};
use northstar_mastery_domain::{AssessorRole, Observation, Past, Superseded};
use prost::Message;

use super::Level;
use crate::codec::read_uuid;

/// One version.
#[derive(Clone, PartialEq, Message)]
pub(super) struct StoredVersion {
    /// Sixteen bytes.
    #[prost(bytes = "vec", tag = "1")]
    evidence: Vec<u8>,
    #[prost(sint64, tag = "2")]
    observed_micros: i64,
    #[prost(sint64, tag = "3")]
    recorded_micros: i64,
    #[prost(sint64, tag = "4")]
    until_micros: i64,
    #[prost(sint64, tag = "5")]
    value_milli: i64,
    #[prost(uint32, tag = "6")]
    role: u32,
    #[prost(string, tag = "7")]
    assessor: String,
    #[prost(string, tag = "8")]
    kind: String,
    #[prost(bool, tag = "9")]
    validated: bool,
}

pub(super) fn encode(past: &Past) -> Vec<StoredVersion> {
    let version = |Superseded { observation, until }: &Superseded| StoredVersion {
        evidence: observation.evidence.as_bytes().to_vec(),
        observed_micros: observation.observed_at.micros(),
        recorded_micros: observation.recorded_at.micros(),
        until_micros: until.micros(),
        value_milli: observation.value_milli,
        role: observation.role.code().into(),
        assessor: (*observation.assessor).to_owned(),
        kind: (*observation.kind).to_owned(),
        validated: observation.validated,
    };
    past.iter().map(version).collect()
}

pub(super) fn decode(versions: &[StoredVersion]) -> Result<Past, Malformed> {
    let version = |stored: &StoredVersion| {
        let role = u8::try_from(stored.role).ok().and_then(AssessorRole::from_code);
        let observation = Observation {
            observed_at: Timestamp::from_micros(stored.observed_micros),
            recorded_at: Timestamp::from_micros(stored.recorded_micros),
            evidence: EvidenceId::from_uuid(read_uuid(Level::NOUN, &stored.evidence)?),
            value_milli: stored.value_milli,
            role: role.ok_or_else(|| Malformed::new(Level::NOUN, "unknown role"))?,
            assessor: stored.assessor.as_str().into(),
            kind: stored.kind.as_str().into(),
            validated: stored.validated,
        };
        Ok(Superseded { observation, until: Timestamp::from_micros(stored.until_micros) })
    };
    let versions: Result<Vec<_>, Malformed> = versions.iter().map(version).collect();
    versions.map(Past::new)
}
