//! A competency was published, first or changed.

use northstar_bus::{HandleError, Work};
use northstar_eventlog::Recorded;
use northstar_kernel::CompetencyId;

use super::read_anew::{Reach, read_anew};
use crate::codec::read_competency;
use crate::projection::{Awaited, Competency};

/// Keeps the competency and, if judgements in it are now read differently, reads them anew: also
/// those that came before the competency was known.
pub(super) async fn on_competency(event: &Recorded, work: &mut Work) -> Result<(), HandleError> {
    let Some((id, competency)) = read_competency(event)? else { return Ok(()) };
    let framework = competency.framework;
    if !keep(id, competency, work).await? {
        return Ok(());
    }
    read_anew(Reach { framework, competency: Some(id) }, None, event, work).await
}

/// Keeps the competency; true if there are, or may be, judgements to be read anew.
async fn keep(
    id: CompetencyId,
    competency: Competency,
    work: &mut Work,
) -> Result<bool, HandleError> {
    let key = id.as_bytes();
    let known = work.get::<Competency>(key).await?;
    if known.is_some_and(|known| known.says_the_same(&competency)) {
        return Ok(false);
    }
    let first = known.is_none();
    let same_reading = known.is_some_and(|known| known.reads_as(&competency));
    let competency = match known {
        Some(known) => competency.after(known),
        None => competency,
    };
    work.put(key, competency);
    if first && work.get::<Awaited>(key).await?.is_some() {
        work.remove::<Awaited>(key);
        return Ok(true);
    }
    Ok(!first && !same_reading)
}
