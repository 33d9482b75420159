//! One row of a file, read as a judgement.

use northstar_evidence::standard::Problem;
use northstar_evidence_domain::Milli;
use northstar_kernel::{EvidenceId, TenantId, Timestamp};
use northstar_mastery_domain::{AssessorRole, Observation};
use uuid::Uuid;

use super::moment::{WANTED, moment};
use super::rows::Record;

/// A judgement, of whom and in what.
#[derive(Debug)]
pub(super) struct Judgement {
    pub(super) learner: String,
    pub(super) competency: String,
    pub(super) observation: Observation,
}

/// Reads the row of that number; the first thing that is wrong with it otherwise.
pub(super) fn read(row: &Record, number: u64) -> Result<Judgement, Problem> {
    let learner = row.required("learner")?.to_owned();
    let competency = row.required("competency")?.to_owned();
    row.required("observed_at")?;
    row.required("value")?;
    let observed_at = time(row, "observed_at")?.unwrap_or_default();
    let observation = Observation {
        observed_at,
        recorded_at: time(row, "recorded_at")?.unwrap_or(observed_at),
        evidence: evidence(row, number),
        value_milli: value(row)?,
        role: role(row)?,
        assessor: row.get("assessor").into(),
        kind: row.get("kind").into(),
        validated: validated(row)?,
    };
    Ok(Judgement { learner, competency, observation })
}

fn time(row: &Record, field: &str) -> Result<Option<Timestamp>, Problem> {
    let text = row.get(field);
    let refused = || row.problem(field, "FIELD_INVALID", format!("{text:?} is no time; {WANTED}"));
    if text.is_empty() { Ok(None) } else { moment(text).map(Some).ok_or_else(refused) }
}

fn value(row: &Record) -> Result<i64, Problem> {
    let text = row.get("value");
    let refused =
        |error| row.problem("value", "FIELD_INVALID", format!("{text:?} is no value; {error}"));
    text.parse().map(|Milli(milli)| milli).map_err(refused)
}

/// A role that nobody named counts under every policy, as it does elsewhere. One that is misspelt
/// would too, and so is refused.
fn role(row: &Record) -> Result<AssessorRole, Problem> {
    let text = row.get("role");
    let refused = || {
        let known = AssessorRole::NAMED.map(AssessorRole::name).join(", ");
        let message = format!("there is no role {text:?}; there are {known}");
        row.problem("role", "UNKNOWN_ASSESSOR_ROLE", message)
    };
    match text {
        "" | "other" => Ok(AssessorRole::Other),
        _ => AssessorRole::named(text).ok_or_else(refused),
    }
}

fn validated(row: &Record) -> Result<bool, Problem> {
    let text = row.get("validated");
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" => Ok(true),
        "" | "false" | "no" => Ok(false),
        _ => {
            let message = format!("{text:?} is neither true nor false");
            Err(row.problem("validated", "FIELD_INVALID", message))
        }
    }
}

/// The UUID that is given, or one derived from the name that is; else the row's number as a UUID, so
/// that of judgements made at the same time the one further down is the newer.
fn evidence(row: &Record, number: u64) -> EvidenceId {
    match row.get("evidence") {
        "" => EvidenceId::from_uuid(Uuid::from_u128(number.into())),
        given => given.parse().unwrap_or_else(|_| EvidenceId::derive(TenantId::COMMONS, given)),
    }
}
