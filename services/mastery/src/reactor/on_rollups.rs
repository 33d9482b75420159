//! Rules of a roll-up, or a calendar, were published.

use std::collections::BTreeMap;

use northstar_bus::{HandleError, Work};
use northstar_eventlog::{Malformed, Recorded};

use super::read_anew::{Reach, read_anew};
use super::rollup::rules;
use crate::codec::{Event, Publication, ROLLUPS_PUBLISHED};
use crate::projection::{Competency, PacePlans, Rollup, named};
use crate::standard::read_rollup_document;

/// Keeps the rules and works out what they make of everybody, some learners at a time.
pub(super) async fn on_rollups(event: &Recorded, work: &mut Work) -> Result<(), HandleError> {
    let Event::RollupsPublished(Publication { framework, document, .. }) = Event::read(event)?
    else {
        return Ok(());
    };
    let document =
        read_rollup_document(&document).map_err(|why| Malformed::new(ROLLUPS_PUBLISHED, why))?;
    let mut known = BTreeMap::new();
    for id in named(&document) {
        let competency = work.get::<Competency>(id.as_bytes()).await?.cloned();
        let ours = competency.filter(|known| known.framework == framework);
        known.extend(ours.map(|competency| (id, competency)));
    }
    let before = rules(framework, work).await?;
    let rollup = Rollup::new(document, known)?.published(event.recorded_at, before.as_ref());
    work.put(framework.as_bytes(), rollup);
    read_anew(Reach { framework, competency: None }, None, event, work).await
}

/// Keeps the calendar; nothing that is held depends on it.
pub(super) async fn on_pace_plan(event: &Recorded, work: &mut Work) -> Result<(), HandleError> {
    if let Event::PacePlanPublished(published) = Event::read(event)? {
        let Publication { framework, scope, document, .. } = published;
        let plans = work.get::<PacePlans>(framework.as_bytes()).await?;
        let mut plans = plans.cloned().unwrap_or_default();
        plans.publish(&document, scope, event.recorded_at)?;
        work.put(framework.as_bytes(), plans);
    }
    Ok(())
}
