//! Publishing a policy, and reading the one in force: both from the log itself, so that whoever
//! published reads what they wrote.

use std::fmt;

use northstar_chassis::status;
use northstar_eventlog::{Cause, Stream, TenantLog, now};
use northstar_kernel::{FrameworkId, Kind, LearnerId, Refusal, Timestamp, Violation};
use northstar_mastery_domain::{
    Policy, PolicyPublished, PublishPolicy, Published, Question, Resolution, Scope, resolve,
};
use northstar_wire::mastery::v1 as wire;
use tonic::Status;

use super::as_of::{AsOf, instant};
use super::{id, scope};
use crate::aggregate::{execute, load};
use crate::codec::{ALWAYS, Event, effective_from};
use crate::projection::roster::path;
use crate::standard::read_policy_document;

/// Publishes a policy for everybody of the tenant, or for those of a scope that the roster knows. It may
/// come before its framework, and waits for it then.
pub(super) async fn publish(
    log: &TenantLog,
    cause: Cause,
    request: wire::PublishPolicyRequest,
) -> Result<wire::PublishPolicyResponse, Status> {
    let command = command(log, &request).await?;
    let hash = Policy::new(&command.draft).map_err(|refusal| status::refused(&refusal))?.hash();
    let stream = stream(command.draft.framework);
    let write = |event: &PolicyPublished| Event::PolicyPublished(event.clone()).write(None);
    let done = execute::<Published>(log, &cause, &stream, |_| command.clone(), write).await?;
    let published = !done.repeated;
    Ok(wire::PublishPolicyResponse { policy_hash: hash.to_string(), published })
}

/// What a request asks to publish, or would.
pub(super) async fn command(
    log: &TenantLog,
    request: &wire::PublishPolicyRequest,
) -> Result<PublishPolicy, Status> {
    let scope = scope::known(log, &request.scope).await?;
    let draft = read_policy_document(&request.document);
    let from = instant("effective_from", request.effective_from.as_ref())?;
    let (from, retroactive) = (from.unwrap_or(ALWAYS), request.retroactive);
    if retroactive && from > now() {
        return Err(status::refused(&RetroactiveAhead(from)));
    }
    Ok(PublishPolicy {
        draft: draft.map_err(|refusal| status::refused(&refusal))?,
        scope,
        effective_from: from,
        retroactive,
    })
}

/// The policy that holds for a framework, for a learner or for everybody.
pub(super) async fn get(
    log: &TenantLog,
    learner: Option<LearnerId>,
    request: &wire::GetPolicyRequest,
) -> Result<wire::GetPolicyResponse, Status> {
    let framework: FrameworkId = id("framework_id", &request.framework_id)?;
    let at = AsOf::read(request.as_of.as_ref())?.plain();
    let Published(published) = load(log, &stream(framework)).await?;
    let path = match learner {
        Some(learner) => path(&mut &*log, learner).await.map_err(status::fault)?,
        None => vec![Scope::Network],
    };
    let question = Question { name: &request.policy_name, path: &path, at, began: None };
    let Resolution { chosen, considered } = resolve(&published, &question);
    let holds = chosen.ok_or_else(|| status::refused(&PolicyNotFound))?;
    Ok(wire::GetPolicyResponse {
        document: holds.policy.canonical(),
        policy_hash: holds.hash.to_string(),
        effective_from: effective_from(holds),
        retroactive: holds.retroactive,
        scope: holds.scope.to_string(),
        considered: considered.iter().map(scope::considered).collect(),
    })
}

/// Where a framework's policies are published.
pub(super) fn stream(framework: FrameworkId) -> Stream {
    Stream::new("policy", framework.uuid())
}

/// A retroactive policy would hold before its time.
#[derive(Debug)]
struct RetroactiveAhead(Timestamp);

impl fmt::Display for RetroactiveAhead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a policy from {} on, which is yet to come, cannot be retroactive", self.0)
    }
}

impl std::error::Error for RetroactiveAhead {}

impl Refusal for RetroactiveAhead {
    fn reason(&self) -> &'static str {
        "RETROACTIVE_AHEAD"
    }

    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn violations(&self) -> Vec<Violation> {
        let what = "must not be later than now; or leave retroactive out";
        vec![Violation::new("effective_from", what)]
    }
}

/// No policy holds for this framework, as far as this caller may know.
#[derive(Debug)]
struct PolicyNotFound;

impl fmt::Display for PolicyNotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no policy of that name holds for the framework at that time")
    }
}

impl std::error::Error for PolicyNotFound {}

impl Refusal for PolicyNotFound {
    fn reason(&self) -> &'static str {
        "POLICY_NOT_FOUND"
    }

    fn kind(&self) -> Kind {
        Kind::NotFound
    }

    fn violations(&self) -> Vec<Violation> {
        vec![Violation::new("framework_id", "publish a policy for it first")]
    }
}
