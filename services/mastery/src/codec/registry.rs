//! What mastery takes from the registry's events.

use northstar_eventlog::{Malformed, Recorded};
use northstar_kernel::{AssociationId, CompetencyId, FrameworkId};
use northstar_mastery_domain::Scale;
use northstar_wire::registry::v1 as wire;

use super::{decode, unknown};
use crate::projection::Competency;

const COMPETENCY_PUBLISHED: &str = "competency_published";
const COMPETENCY_WITHDRAWN: &str = "competency_withdrawn";
const ASSOCIATION_PUBLISHED: &str = "association_published";
const ASSOCIATION_WITHDRAWN: &str = "association_withdrawn";
/// What CASE calls an association that says what comes first.
const PRECEDES: &str = "precedes";

/// What the registry says that matters here.
#[derive(Debug, PartialEq)]
pub(crate) enum Registered {
    /// A competency was published, first or changed.
    Competency(CompetencyId, Competency),
    /// A competency is no longer part of a framework.
    Withdrawn(CompetencyId, FrameworkId),
    /// Something between two nodes of a framework was published: first and then if it says which
    /// competency comes first, `None` if it says anything else.
    Association(FrameworkId, AssociationId, Option<(CompetencyId, CompetencyId)>),
}

/// What an event says; `None` for the registry's other events.
///
/// A competency that is withdrawn stays as it was last published: what learners hold in it stands.
pub(crate) fn read_registry(event: &Recorded) -> Result<Option<Registered>, Malformed> {
    let read = match &*event.event_type {
        COMPETENCY_PUBLISHED => competency,
        COMPETENCY_WITHDRAWN => withdrawn,
        ASSOCIATION_PUBLISHED => association,
        ASSOCIATION_WITHDRAWN => association_withdrawn,
        _ => return Ok(None),
    };
    if event.schema_version != 1 {
        return Err(unknown(event, event.schema_version));
    }
    read(event).map(Some)
}

fn competency(event: &Recorded) -> Result<Registered, Malformed> {
    let message: wire::CompetencyPublished = decode(event)?;
    let of = |why| Malformed::new(COMPETENCY_PUBLISHED, why);
    let competency = Competency {
        framework: message.framework_id.parse().map_err(of)?,
        scale: Scale::new(message.scale.iter().map(|level| level.score_milli)).into(),
        code: message.code,
        retired: false,
        recorded_at: event.recorded_at,
        former: Vec::new(),
    };
    Ok(Registered::Competency(message.competency_id.parse().map_err(of)?, competency))
}

fn withdrawn(event: &Recorded) -> Result<Registered, Malformed> {
    let message: wire::CompetencyWithdrawn = decode(event)?;
    let of = |why| Malformed::new(COMPETENCY_WITHDRAWN, why);
    let framework = message.framework_id.parse().map_err(of)?;
    Ok(Registered::Withdrawn(message.competency_id.parse().map_err(of)?, framework))
}

fn association(event: &Recorded) -> Result<Registered, Malformed> {
    let message: wire::AssociationPublished = decode(event)?;
    let of = |why| Malformed::new(ASSOCIATION_PUBLISHED, why);
    let ends = (message.kind == PRECEDES).then(|| {
        let first = message.origin_id.parse().map_err(of)?;
        Ok((first, message.destination_id.parse().map_err(of)?))
    });
    let framework = message.framework_id.parse().map_err(of)?;
    let id = message.association_id.parse().map_err(of)?;
    Ok(Registered::Association(framework, id, ends.transpose()?))
}

fn association_withdrawn(event: &Recorded) -> Result<Registered, Malformed> {
    let message: wire::AssociationWithdrawn = decode(event)?;
    let of = |why| Malformed::new(ASSOCIATION_WITHDRAWN, why);
    let framework = message.framework_id.parse().map_err(of)?;
    let id = message.association_id.parse().map_err(of)?;
    Ok(Registered::Association(framework, id, None))
}
