//! What mastery takes from the registry's events.

use northstar_eventlog::{Malformed, Recorded};
use northstar_kernel::CompetencyId;
use northstar_mastery_domain::Scale;
use northstar_wire::registry::v1::CompetencyPublished;

use super::{decode, unknown};
use crate::projection::Competency;

const COMPETENCY_PUBLISHED: &str = "competency_published";

/// The competency an event publishes; `None` for the registry's other events.
///
/// A competency that is withdrawn stays as it was last published: what learners hold in it stands.
pub(crate) fn read_competency(
    event: &Recorded,
) -> Result<Option<(CompetencyId, Competency)>, Malformed> {
    if event.event_type != COMPETENCY_PUBLISHED {
        return Ok(None);
    }
    if event.schema_version != 1 {
        return Err(unknown(event, event.schema_version));
    }
    let message: CompetencyPublished = decode(event)?;
    let of = |why| Malformed::new(COMPETENCY_PUBLISHED, why);
    let competency = Competency {
        framework: message.framework_id.parse().map_err(of)?,
        scale: Scale::new(message.scale.iter().map(|level| level.score_milli)).into(),
        code: message.code,
        recorded_at: event.recorded_at,
        former: Vec::new(),
    };
    Ok(Some((message.competency_id.parse().map_err(of)?, competency)))
}
