//! The registry says something of a competency: that it is there, changed or no more.

use northstar_bus::{HandleError, Work};
use northstar_eventlog::Recorded;
use northstar_kernel::{AssociationId, CompetencyId, FrameworkId};

use super::read_anew::{Reach, read_anew};
use super::rollup::rules;
use crate::codec::{Registered, read_registry};
use crate::projection::{Awaited, Competency, Precedence};

/// Keeps what the registry says and, if judgements are now read differently, reads them anew.
pub(super) async fn on_competency(event: &Recorded, work: &mut Work) -> Result<(), HandleError> {
    match read_registry(event)? {
        Some(Registered::Competency(id, competency)) => {
            published(id, competency, event, work).await
        }
        Some(Registered::Withdrawn(id, framework)) => withdrawn(id, framework, event, work).await,
        Some(Registered::Association(framework, id, ends)) => {
            associated(framework, id, ends, work).await
        }
        None => Ok(()),
    }
}

/// Reads judgements in it anew if need be, also those that came before the competency was known; and
/// the whole framework, if rules may come to something else.
async fn published(
    id: CompetencyId,
    competency: Competency,
    event: &Recorded,
    work: &mut Work,
) -> Result<(), HandleError> {
    let framework = competency.framework;
    let before = work.get::<Competency>(id.as_bytes()).await?.map(|known| known.framework);
    let anew = keep(id, competency, work).await?;
    if let Some(other) = before.filter(|before| *before != framework)
        && know(other, id, work).await?
    {
        read_anew(Reach { framework: other, competency: None }, None, event, work).await?;
    }
    let competency = (!know(framework, id, work).await?).then_some(id);
    if anew || competency.is_none() {
        read_anew(Reach { framework, competency }, None, event, work).await?;
    }
    Ok(())
}

/// What learners hold in it stands, but rules do not count it any more.
async fn withdrawn(
    id: CompetencyId,
    framework: FrameworkId,
    event: &Recorded,
    work: &mut Work,
) -> Result<(), HandleError> {
    let known = work.get::<Competency>(id.as_bytes()).await?;
    // It may be part of another framework by now.
    let Some(known) = known.filter(|known| known.framework == framework && !known.retired) else {
        return Ok(());
    };
    let retired =
        Competency { retired: true, recorded_at: event.recorded_at, ..known.clone() }.after(known);
    work.put(id.as_bytes(), retired);
    if know(framework, id, work).await? {
        read_anew(Reach { framework, competency: None }, None, event, work).await?;
    }
    Ok(())
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

/// Lets the rules of a framework know of a competency as it is kept now. True if they may come to
/// something else by that.
async fn know(
    framework: FrameworkId,
    id: CompetencyId,
    work: &mut Work,
) -> Result<bool, HandleError> {
    let Some(before) = rules(framework, work).await? else { return Ok(false) };
    if !before.named().contains(&id) {
        return Ok(false);
    }
    let competency = work.get::<Competency>(id.as_bytes()).await?.cloned();
    let competency = competency.filter(|competency| competency.framework == framework);
    if before.competency(id) == competency.as_ref() {
        return Ok(false);
    }
    let after = before.with(id, competency)?;
    let other = after.revision() != before.revision();
    work.put(framework.as_bytes(), after);
    Ok(other)
}

async fn associated(
    framework: FrameworkId,
    id: AssociationId,
    ends: Option<(CompetencyId, CompetencyId)>,
    work: &mut Work,
) -> Result<(), HandleError> {
    let key = framework.as_bytes();
    if let Some((first, then)) = ends {
        work.entry::<Precedence>(key).await?.publish(id, first, then);
        return Ok(());
    }
    let known = work.get::<Precedence>(key).await?;
    if !known.is_some_and(|known| known.contains(id)) {
        return Ok(());
    }
    let known = work.entry::<Precedence>(key).await?;
    known.withdraw(id);
    if known.is_empty() {
        work.remove::<Precedence>(key);
    }
    Ok(())
}
