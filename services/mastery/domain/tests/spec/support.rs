//! Words that the specs share.

use std::collections::BTreeMap;

use northstar_kernel::{EvidenceId, FrameworkId, TenantId, Timestamp};
use northstar_mastery_domain::{
    AssessorRole, Observation, Observations, Parameter, Policy, PolicyDraft, Scale,
};

/// A draft that is valid as it stands: decaying average 65 %, mastery at 3, one observation.
pub(crate) fn draft() -> PolicyDraft {
    let framework = FrameworkId::derive(TenantId::from_slug("front-range"), "north-star");
    PolicyDraft {
        method: "decaying_average".to_owned(),
        parameters: number("newest_weight_percent", 65),
        mastery_milli: 3_000,
        ..PolicyDraft::new(framework)
    }
}

/// The same with another method, which has no parameters.
pub(crate) fn draft_of(method: &str) -> PolicyDraft {
    PolicyDraft { method: method.to_owned(), parameters: BTreeMap::new(), ..draft() }
}

pub(crate) fn number(name: &str, value: i64) -> BTreeMap<String, Parameter> {
    BTreeMap::from([(name.to_owned(), Parameter::Number(value))])
}

pub(crate) fn policy(draft: PolicyDraft) -> Policy {
    Policy::new(&draft).expect("the draft is valid")
}

pub(crate) fn method(name: &str) -> Policy {
    policy(draft_of(name))
}

pub(crate) fn four_rungs() -> Scale {
    Scale::new([1_000, 2_000, 3_000, 4_000])
}

pub(crate) fn evidence(number: u32) -> EvidenceId {
    EvidenceId::derive(TenantId::from_slug("front-range"), &number.to_string())
}

/// The beginning of a day of March 2026; days below 1 and above 31 lie outside of it.
pub(crate) fn march(day: i64) -> Timestamp {
    const MARCH_2026: i64 = 1_772_323_200_000_000;
    Timestamp::from_micros(MARCH_2026 + (day - 1) * 86_400_000_000)
}

/// Later than all that any spec observes.
pub(crate) const LATER: Timestamp = Timestamp::from_micros(i64::MAX);

/// The judgement `value` (in whole points) of a teacher, on a day of March 2026, recorded then.
pub(crate) fn seen(number: u32, day: i64, value: i64) -> Observation {
    Observation {
        observed_at: march(day),
        recorded_at: march(day),
        evidence: evidence(number),
        value_milli: value * 1_000,
        role: AssessorRole::Teacher,
        assessor: "t1".into(),
        kind: "classroom".into(),
        validated: false,
    }
}

pub(crate) fn seen_by(role: AssessorRole, number: u32, day: i64, value: i64) -> Observation {
    Observation { role, ..seen(number, day, value) }
}

/// Judgements of a teacher, one on each day of March from the first on.
pub(crate) fn daily(values: &[i64]) -> Observations {
    let days = values.iter().zip(1..);
    Observations::new(days.map(|(value, day)| seen(day, day.into(), *value)))
}
