//! A policy was published.

use northstar_bus::{HandleError, Work};
use northstar_eventlog::Recorded;
use northstar_mastery_domain::Scope;

use super::read_anew::{Reach, read_anew};
use crate::codec::Event;
use crate::projection::Policies;
use crate::projection::roster::{Scoped, insert};

/// Keeps the policy and reads every judgement in its framework anew.
pub(super) async fn on_policy(event: &Recorded, work: &mut Work) -> Result<(), HandleError> {
    let Event::PolicyPublished(published) = Event::read(event)? else { return Ok(()) };
    let framework = published.policy.framework();
    if published.scope != Scope::Network {
        let scoped = work.entry::<Scoped>(Scoped::KEY).await?;
        insert(&mut scoped.frameworks, framework);
    }
    let policies = work.entry::<Policies>(framework.as_bytes()).await?;
    policies.publish(published, event.recorded_at);
    read_anew(Reach { framework, competency: None }, None, event, work).await
}
