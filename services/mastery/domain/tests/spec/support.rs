//! Words that the specs share.

use northstar_kernel::{EvidenceId, FrameworkId, TenantId, Timestamp};
use northstar_mastery_domain::{AssessorRole, Observation, Policy, PolicyDraft};

/// A draft that is valid as it stands: decaying average 65 %, threshold 3, one observation.
pub(crate) fn draft() -> PolicyDraft {
    PolicyDraft {
        framework: FrameworkId::derive(TenantId::from_slug("front-range"), "north-star"),
        method: "decaying_average".to_owned(),
        newest_weight_percent: 65,
        threshold_milli: 3_000,
        minimum_observations: 1,
        excluded_roles: Vec::new(),
    }
}

pub(crate) fn policy(draft: PolicyDraft) -> Policy {
    Policy::new(&draft).expect("the draft is valid")
}

pub(crate) fn method(name: &str) -> Policy {
    policy(PolicyDraft { method: name.to_owned(), newest_weight_percent: 0, ..draft() })
}

pub(crate) fn evidence(number: u32) -> EvidenceId {
    EvidenceId::derive(TenantId::from_slug("front-range"), &number.to_string())
}

/// The judgement `value` (in whole points) of a teacher, on a day of March 2026.
pub(crate) fn seen(number: u32, day: i64, value: i64) -> Observation {
    seen_by(AssessorRole::Teacher, number, day, value)
}

pub(crate) fn seen_by(role: AssessorRole, number: u32, day: i64, value: i64) -> Observation {
    const MARCH_2026: i64 = 1_772_323_200_000_000;
    Observation {
        observed_at: Timestamp::from_micros(MARCH_2026 + (day - 1) * 86_400_000_000),
        evidence: evidence(number),
        value_milli: value * 1_000,
        role,
    }
}
