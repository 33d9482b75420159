//! Publishing a policy, and reading the one in force: both from the log itself, so that whoever
//! published reads what they wrote.

use std::fmt;

use northstar_chassis::status;
use northstar_eventlog::{Append, Cause, Fault, Stream, TenantLog};
use northstar_kernel::{Decider, ExpectedVersion, FrameworkId, Kind, Refusal, Version, Violation};
use northstar_mastery_domain::{InForce, PublishPolicy};
use northstar_wire::mastery::v1 as wire;
use tonic::Status;

use super::id;
use crate::codec::{Event, policy_draft, policy_message};

/// Publishes a policy. It may come before its framework, and waits for it then.
pub(super) async fn publish(
    log: &TenantLog,
    cause: Cause,
    request: wire::PublishPolicyRequest,
) -> Result<wire::PublishPolicyResponse, Status> {
    let policy = request.policy.ok_or_else(|| {
        status::invalid("FIELD_MISSING", "policy", "give the policy that is to hold")
    })?;
    let draft = policy_draft(id("policy.framework_id", &policy.framework_id)?, &policy);
    let stream = stream(draft.framework);
    let (in_force, version) = load(log, &stream).await?;
    let events = InForce::decide(&in_force, PublishPolicy(draft))
        .map_err(|refusal| status::refused(&refusal))?;
    let published = !events.is_empty();
    let hash = events.last().or(in_force.0.as_ref()).map(|event| event.hash.to_string());
    if published {
        let events = events.into_iter().map(|event| Event::PolicyPublished(event).write(None));
        let expected = ExpectedVersion::Exactly(version);
        let append = Append { stream, expected, events: events.collect(), request: None, cause };
        log.append(append).await.map_err(status::append_failed)?;
    }
    Ok(wire::PublishPolicyResponse { policy_hash: hash.unwrap_or_default(), published })
}

/// The policy in force for a framework.
pub(super) async fn get(
    log: &TenantLog,
    request: &wire::GetPolicyRequest,
) -> Result<wire::GetPolicyResponse, Status> {
    let framework: FrameworkId = id("framework_id", &request.framework_id)?;
    let (InForce(in_force), _) = load(log, &stream(framework)).await?;
    let in_force = in_force.ok_or_else(|| status::refused(&PolicyNotFound))?;
    Ok(wire::GetPolicyResponse {
        policy: Some(policy_message(&in_force.policy)),
        policy_hash: in_force.hash.to_string(),
    })
}

fn stream(framework: FrameworkId) -> Stream {
    Stream::new("policy", framework.uuid())
}

async fn load(log: &TenantLog, stream: &Stream) -> Result<(InForce, Version), Status> {
    let mut state = InForce::default();
    let mut version = Version::START;
    for recorded in log.stream(stream).await.map_err(status::fault)? {
        version = recorded.version;
        let malformed = |why| status::fault(Fault::lasting("reading a policy's stream", why));
        if let Event::PolicyPublished(event) = Event::read(&recorded).map_err(malformed)? {
            state = InForce::evolve(state, &event);
        }
    }
    Ok((state, version))
}

/// No policy is in force for this framework, as far as this caller may know.
#[derive(Debug)]
struct PolicyNotFound;

impl fmt::Display for PolicyNotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no policy is published for the framework")
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
