//! A competency was published, first or changed.

use northstar_bus::{HandleError, Work};
use northstar_eventlog::Recorded;

use super::evaluate::{announce, evaluate};
use super::rule::Rule;
use crate::codec::read_competency;
use crate::projection::{Competency, Level, LevelKey};

/// Keeps the competency and, if judgements in it are now read differently, reads them anew: also
/// those that came before the competency was known.
pub(super) async fn on_competency(event: &Recorded, work: &mut Work) -> Result<(), HandleError> {
    let Some((id, competency)) = read_competency(event)? else { return Ok(()) };
    let known = work.get::<Competency>(id.as_bytes()).await?;
    if known == Some(&competency) {
        return Ok(());
    }
    let same_reading = known.is_some_and(|known| known.reads_as(&competency));
    work.put(id.as_bytes(), competency);
    if same_reading {
        return Ok(());
    }
    let rule = Rule::of(id, work).await?;
    for key in work.keys::<Level>(&[]).await? {
        let key = LevelKey::read(&key)?;
        if key.competency == id
            && let Some(changed) = evaluate(key, rule.as_ref(), work).await?
        {
            announce(changed, event, work);
        }
    }
    Ok(())
}
