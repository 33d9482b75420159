//! For whom a policy holds, and which others were looked at.

use std::fmt;

use northstar_chassis::status;
use northstar_eventlog::{Fault, TenantLog};
use northstar_kernel::{FrameworkId, Kind, LearnerId, Refusal, Violation};
use northstar_mastery_domain::{Candidate, Outcome, Scope};
use northstar_wire::mastery::v1 as wire;
use tonic::Status;

use super::id;
use crate::codec::effective_from;
use crate::projection::Policies;
use crate::projection::roster::{Class, Organization};

/// The scope in a field of a request: one that the roster knows. An empty field is the network.
pub(super) async fn known(log: &TenantLog, text: &str) -> Result<Scope, Status> {
    if text.is_empty() {
        return Ok(Scope::Network);
    }
    let scope = id("scope", text)?;
    let known = in_roster(log, scope).await.map_err(status::fault)?;
    known.then_some(scope).ok_or_else(|| status::refused(&ScopeUnknown(scope)))
}

async fn in_roster(log: &TenantLog, scope: Scope) -> Result<bool, Fault> {
    match scope {
        Scope::Network => Ok(true),
        Scope::Organization(id) => Ok(log.document::<Organization>(id.as_bytes()).await?.is_some()),
        Scope::Class(id) => {
            let class = log.document::<Class>(id.as_bytes()).await?;
            Ok(class.is_some_and(|class| class.school.is_some()))
        }
    }
}

/// The policies of a framework as they are for a learner; `None` if none was published.
pub(super) async fn policies(
    log: &TenantLog,
    framework: FrameworkId,
    learner: LearnerId,
) -> Result<Option<Policies>, Fault> {
    match log.document::<Policies>(framework.as_bytes()).await? {
        Some(policies) => policies.of_learner(learner, &mut &*log).await.map(Some),
        None => Ok(None),
    }
}

/// A policy that was looked at, for others.
pub(super) fn considered(candidate: &Candidate<'_>) -> wire::PolicyConsidered {
    let Candidate { published, outcome } = candidate;
    wire::PolicyConsidered {
        policy_hash: published.hash.to_string(),
        scope: published.scope.to_string(),
        effective_from: effective_from(published),
        retroactive: published.retroactive,
        holds: matches!(outcome, Outcome::Chosen | Outcome::Banked(_)),
        outcome: outcome.to_string(),
    }
}

/// The tenant's roster has no such organization or class, as far as this caller may know.
#[derive(Debug)]
struct ScopeUnknown(Scope);

impl fmt::Display for ScopeUnknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the roster knows no {}", self.0)
    }
}

impl std::error::Error for ScopeUnknown {}

impl Refusal for ScopeUnknown {
    fn reason(&self) -> &'static str {
        match self.0 {
            Scope::Class(_) => "CLASS_UNKNOWN",
            _ => "ORGANIZATION_UNKNOWN",
        }
    }

    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn violations(&self) -> Vec<Violation> {
        let what = "must be in the roster: import that first, or try again if it was just imported";
        vec![Violation::new("scope", what)]
    }
}
