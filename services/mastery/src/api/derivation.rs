//! How what is held came about.

use std::fmt;

use northstar_chassis::status;
use northstar_eventlog::{Fault, TenantLog};
use northstar_kernel::{Kind, Refusal};
use northstar_mastery_domain::{derivation_json, next_change, settle};
use northstar_wire::mastery::v1 as wire;
use tonic::Status;

use super::as_of::Times;
use super::shown::Shown;
use super::{rolled_up, scope};
use crate::codec::timestamp;
use crate::projection::{Competency, Level, LevelKey};

/// The derivation of one level by the policy of that name, whole.
pub(super) async fn of(
    log: &TenantLog,
    key: LevelKey,
    policy_name: &str,
    times: Times,
) -> Result<wire::GetDerivationResponse, Status> {
    let not_found = || status::refused(&LevelNotFound);
    if policy_name.is_empty()
        && let Some(found) = rolled_up::derivation(log, key, times).await?
    {
        return Ok(found);
    }
    let Some((level, competency)) = stored(log, key).await.map_err(status::fault)? else {
        return Err(not_found());
    };
    let competency = times.competency(&competency).ok_or_else(not_found)?;
    let framework = competency.framework;
    let policies = scope::policies(log, framework, key.learner).await.map_err(status::fault)?;
    let shown = Shown::new(key.competency, competency, &level, policies.as_ref(), times);
    let shown = shown.ok_or_else(not_found)?;
    match shown.derivation(policy_name) {
        Some((hash, derivation)) => {
            let (policy, seen) = (&derivation.policy, &*shown.observations);
            let confidence = settle(policy, &competency.scale, seen, shown.at);
            let by_rule = next_change(policy, seen, shown.at);
            let decided = level.decided.next_change(shown.at).filter(|_| policy.name().is_empty());
            let next = by_rule.into_iter().chain(decided).min();
            Ok(wire::GetDerivationResponse {
                entry: Some(shown.entry(hash, &derivation)),
                derivation: derivation_json(&derivation),
                confidence: confidence.to_string(),
                settles_at_level: confidence.settles_at().unwrap_or_default(),
                next_change_at: next.map(timestamp),
                considered: shown.considered(policy_name),
            })
        }
        None if policy_name.is_empty() => Ok(wire::GetDerivationResponse {
            entry: Some(shown.without_policy()),
            ..wire::GetDerivationResponse::default()
        }),
        None => Err(not_found()),
    }
}

async fn stored(log: &TenantLog, key: LevelKey) -> Result<Option<(Level, Competency)>, Fault> {
    let level = log.document::<Level>(&key.bytes()).await?;
    let competency = log.document::<Competency>(key.competency.as_bytes()).await?;
    Ok(level.zip(competency))
}

/// Nothing is known of this learner in this competency, as far as this caller may know.
#[derive(Debug)]
struct LevelNotFound;

impl fmt::Display for LevelNotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "nothing was observed of this learner in this competency by then, or none of it was known, \
             or no policy of that name holds for it",
        )
    }
}

impl std::error::Error for LevelNotFound {}

impl Refusal for LevelNotFound {
    fn reason(&self) -> &'static str {
        "LEVEL_NOT_FOUND"
    }

    fn kind(&self) -> Kind {
        Kind::NotFound
    }
}
