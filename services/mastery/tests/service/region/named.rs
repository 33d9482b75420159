//! What is said of a region, and what its things are called.

use northstar_kernel::{CompetencyId, EvidenceId, FrameworkId, LearnerId, TenantId, Timestamp};
use northstar_wire::{evidence, mastery};

const MARCH_2026: i64 = 1_772_323_200_000_000;
const DAY: i64 = 86_400_000_000;

/// One judgement: which evidence, of which day of March 2026, how many points, whose.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) number: u32,
    pub(crate) day: i64,
    pub(crate) points: i64,
    pub(crate) role: &'static str,
}

/// The judgement of a teacher.
pub(crate) fn seen(number: u32, day: i64, points: i64) -> Seen {
    Seen { number, day, points, role: "teacher" }
}

impl Seen {
    pub(super) fn message(&self, learner_name: &str, code: &str) -> evidence::v1::Observation {
        evidence::v1::Observation {
            learner_id: learner(learner_name).to_string(),
            competency_id: competency(code).to_string(),
            value_milli: self.points * 1_000,
            kind: "classroom".to_owned(),
            assessor_id: "t1".to_owned(),
            assessor_role: self.role.to_owned(),
            ..Default::default()
        }
    }
}

/// A policy's document: its method, as JSON, and whatever else it says.
pub(crate) fn policy(method: &str, rest: &str) -> String {
    let framework = framework();
    format!(r#"{{"framework":"{framework}","method":{{{method}}},"mastery_milli":3000{rest}}}"#)
}

/// The latest value counts, and 3 is mastery.
pub(crate) fn latest() -> String {
    policy(r#""name":"latest""#, "")
}

/// Value and level of what is held.
pub(crate) fn held(mastery: Option<&mastery::v1::Mastery>) -> (i64, u32) {
    mastery.map(|held| (held.value_milli, held.level)).expect("mastery is always given")
}

pub(crate) fn on(day: i64) -> Timestamp {
    Timestamp::from_micros(MARCH_2026 + (day - 1) * DAY)
}

/// An instant as requests have it.
pub(crate) fn instant(at: Timestamp) -> prost_types::Timestamp {
    let (seconds, nanos) = at.parts();
    prost_types::Timestamp { seconds, nanos }
}

pub(crate) fn framework() -> FrameworkId {
    FrameworkId::derive(TenantId::COMMONS, "north-star")
}

pub(crate) fn competency(code: &str) -> CompetencyId {
    CompetencyId::derive(TenantId::COMMONS, code)
}

pub(crate) fn learner(name: &str) -> LearnerId {
    LearnerId::derive(TenantId::COMMONS, name)
}

pub(crate) fn evidence_id(number: u32) -> EvidenceId {
    EvidenceId::derive(TenantId::COMMONS, &number.to_string())
}
