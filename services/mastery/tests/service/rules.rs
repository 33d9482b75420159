//! Rules of a roll-up as people write them, and what the registry says beside competencies.

use northstar_kernel::{AssociationId, TenantId};
use northstar_wire::registry::v1::{AssociationPublished, CompetencyWithdrawn};

use crate::region::{competency, framework};

/// A document with these rules, by the code of their competency.
pub(crate) fn rollup(rules: &[(&str, String)]) -> String {
    let rule = |(code, criterion): &(&str, String)| {
        format!(r#"{{"competency":"{}","criterion":{criterion}}}"#, competency(code))
    };
    let rules: Vec<_> = rules.iter().map(rule).collect();
    format!(r#"{{"framework":"{}","rollups":[{}]}}"#, framework(), rules.join(","))
}

pub(crate) fn part(code: &str) -> String {
    format!(r#"{{"kind":"competency","competency":"{}"}}"#, competency(code))
}

pub(crate) fn all(codes: &[&str]) -> String {
    group(r#""kind":"all""#, codes)
}

pub(crate) fn any(codes: &[&str]) -> String {
    group(r#""kind":"any""#, codes)
}

/// A criterion of these parts, all at mastery.
pub(crate) fn group(fields: &str, codes: &[&str]) -> String {
    let parts: Vec<_> = codes.iter().map(|code| part(code)).collect();
    format!(r#"{{{fields},"parts":[{}]}}"#, parts.join(","))
}

pub(crate) fn withdrawn(code: &str) -> CompetencyWithdrawn {
    CompetencyWithdrawn {
        competency_id: competency(code).to_string(),
        framework_id: framework().to_string(),
    }
}

/// The framework says that one comes before the other.
pub(crate) fn precedes(first: &str, then: &str) -> AssociationPublished {
    AssociationPublished {
        association_id: AssociationId::derive(TenantId::COMMONS, &format!("{first} {then}"))
            .to_string(),
        framework_id: framework().to_string(),
        kind: "precedes".to_owned(),
        origin_id: competency(first).to_string(),
        destination_id: competency(then).to_string(),
        sequence_number: 0,
    }
}
