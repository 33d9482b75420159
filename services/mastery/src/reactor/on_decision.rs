//! People decided something of a level, or an instant passed that matters to it.

use northstar_bus::{HandleError, Work};
use northstar_eventlog::Recorded;

use super::evaluate::announce;
use super::rollup::evaluate_up;
use super::rule::Rule;
use crate::codec::Event;
use crate::projection::{Decided, Level, LevelKey};

/// Notes it, and says what is held now.
pub(super) async fn on_decision(event: &Recorded, work: &mut Work) -> Result<(), HandleError> {
    let happened = Event::read(event)?;
    let Some(key) = level_of(&happened) else { return Ok(()) };
    let level = work.entry::<Level>(&key.bytes()).await?;
    note(happened, &mut level.decided);
    if !work.is_live() {
        return Ok(());
    }
    let rule = Rule::awaited(key.competency, work).await?;
    let changed = evaluate_up(key, rule.as_ref(), work).await?;
    announce(changed, event, work);
    Ok(())
}

fn level_of(happened: &Event) -> Option<LevelKey> {
    match happened {
        Event::LevelDue(due) => Some(due.key),
        Event::Overridden(overridden) => Some(overridden.key),
        Event::LearnerAdvanced(advanced) => Some(advanced.key()),
        _ => None,
    }
}

/// What people do they do at an instant, which has passed then for the level too.
fn note(happened: Event, decided: &mut Decided) {
    match happened {
        Event::LevelDue(due) => decided.pass(due.at),
        Event::Overridden(overridden) => {
            decided.happened(overridden.id, &overridden.event);
            if let Some(at) = overridden.at() {
                decided.pass(at);
            }
        }
        Event::LearnerAdvanced(advanced) => decided.advance(advanced.event),
        _ => {}
    }
}
