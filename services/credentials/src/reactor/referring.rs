//! What the registry says of competencies and learners.

use northstar_bus::{HandleError, Work};
use northstar_eventlog::{Malformed, Recorded};
use northstar_kernel::{AssociationId, CompetencyId, FrameworkId, InvalidId, PersonId};
use northstar_wire::registry::v1 as registry;
use prost::Message;

use crate::codec::field::id;
use crate::codec::message;
use crate::projection::framework::{
    AssociationOrigin, KnownAssociation, KnownCompetency, KnownLearner,
};

/// Folds it; events that say nothing of these are passed over.
pub(super) async fn folded(event: &Recorded, work: &mut Work) -> Result<(), HandleError> {
    match &*event.event_type {
        "person_changed" => {
            let person: registry::PersonChanged = read(event)?;
            let key: PersonId = named(event, &person.person_id)?;
            if person.roles.iter().any(|role| role == "student") {
                work.put(key.as_bytes(), KnownLearner);
            } else {
                work.remove::<KnownLearner>(key.as_bytes());
            }
        }
        "person_removed" => {
            let person: registry::PersonRemoved = read(event)?;
            let key: PersonId = named(event, &person.person_id)?;
            work.remove::<KnownLearner>(key.as_bytes());
        }
        "competency_published" => competency_published(event, work)?,
        "competency_withdrawn" => competency_withdrawn(event, work).await?,
        "association_published" => association_published(event, work).await?,
        "association_withdrawn" => {
            let withdrawn: registry::AssociationWithdrawn = read(event)?;
            forget(named(event, &withdrawn.association_id)?, work).await?;
        }
        _ => {}
    }
    Ok(())
}

fn competency_published(event: &Recorded, work: &mut Work) -> Result<(), HandleError> {
    let published: registry::CompetencyPublished = read(event)?;
    let competency: CompetencyId = named(event, &published.competency_id)?;
    let known = KnownCompetency {
        framework: named(event, &published.framework_id)?,
        uri: published.uri,
        scale: published.scale.iter().map(|rung| (rung.position, rung.score_milli)).collect(),
    };
    work.put(competency.as_bytes(), known);
    Ok(())
}

/// A competency that another framework has taken over meanwhile stays.
async fn competency_withdrawn(event: &Recorded, work: &mut Work) -> Result<(), HandleError> {
    let withdrawn: registry::CompetencyWithdrawn = read(event)?;
    let competency: CompetencyId = named(event, &withdrawn.competency_id)?;
    let framework: FrameworkId = named(event, &withdrawn.framework_id)?;
    let known = work.get::<KnownCompetency>(competency.as_bytes()).await?;
    if known.is_some_and(|known| known.framework == framework) {
        work.remove::<KnownCompetency>(competency.as_bytes());
    }
    Ok(())
}

async fn association_published(event: &Recorded, work: &mut Work) -> Result<(), HandleError> {
    let published: registry::AssociationPublished = read(event)?;
    let association: AssociationId = named(event, &published.association_id)?;
    forget(association, work).await?;
    // Either end may be the framework's own document, which is a UUID as well and no competency.
    let origin: CompetencyId = named(event, &published.origin_id)?;
    let destination = named(event, &published.destination_id)?;
    let known = KnownAssociation { kind: published.kind, destination };
    work.put(&KnownAssociation::key(origin, association), known);
    work.put(association.as_bytes(), AssociationOrigin(origin));
    Ok(())
}

async fn forget(association: AssociationId, work: &mut Work) -> Result<(), HandleError> {
    let known = work.get::<AssociationOrigin>(association.as_bytes()).await?.copied();
    if let Some(AssociationOrigin(origin)) = known {
        work.remove::<KnownAssociation>(&KnownAssociation::key(origin, association));
        work.remove::<AssociationOrigin>(association.as_bytes());
    }
    Ok(())
}

fn read<M: Message + Default>(event: &Recorded) -> Result<M, Malformed> {
    message(&event.payload).map_err(|why| Malformed::new(&*event.event_type, why))
}

fn named<I: std::str::FromStr<Err = InvalidId>>(
    event: &Recorded,
    text: &str,
) -> Result<I, Malformed> {
    id(text).map_err(|why| Malformed::new(&*event.event_type, why))
}
