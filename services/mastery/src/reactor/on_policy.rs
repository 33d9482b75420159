//! A policy was published.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use northstar_bus::{HandleError, Work};
use northstar_eventlog::Recorded;

use super::evaluate::{announce, evaluate};
use super::rule::Rule;
use crate::codec::Event;
use crate::projection::{Level, LevelKey, Policies};

/// Keeps the policy and reads every judgement in its framework anew.
pub(super) async fn on_policy(event: &Recorded, work: &mut Work) -> Result<(), HandleError> {
    let Event::PolicyPublished(published) = Event::read(event)? else { return Ok(()) };
    let framework = published.policy.framework();
    let policies = work.entry::<Policies>(framework.as_bytes()).await?;
    policies.publish(published, event.recorded_at);
    let mut rules = BTreeMap::new();
    for key in work.keys::<Level>(&[]).await? {
        let key = LevelKey::read(&key)?;
        let rule = match rules.entry(key.competency) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let rule = Rule::of(key.competency, work).await?;
                unknown.insert(rule.filter(|rule| rule.framework == framework))
            }
        };
        if let Some(rule) = rule {
            let changed = evaluate(key, Some(rule), work).await?;
            announce(changed, event, work);
        }
    }
    Ok(())
}
