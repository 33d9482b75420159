//! What the mastery context publishes, as far as it matters here.

use northstar_eventlog::{Malformed, Recorded};
use northstar_kernel::{CompetencyId, LearnerId};
use northstar_wire::mastery::v1 as wire;
use prost::Message;

/// Mastery's name for a change.
pub(crate) const MASTERY_CHANGED: &str = "mastery_changed";

/// What is held of a learner in a competency now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MasteryChange {
    /// The learner.
    pub(crate) learner: LearnerId,
    /// The competency.
    pub(crate) competency: CompetencyId,
    /// The rung held, 0 for below the first; `None` if nothing can be said.
    pub(crate) rung: Option<u32>,
}

/// Reads a change of mastery; `None` if it is about what is held by another policy than the
/// framework's main one.
pub(crate) fn mastery_change(event: &Recorded) -> Result<Option<MasteryChange>, Malformed> {
    let broken = |why: &dyn std::fmt::Display| Malformed::new(MASTERY_CHANGED, why);
    if event.schema_version != 1 {
        return Err(broken(&format!("version {} is not known", event.schema_version)));
    }
    let message = wire::MasteryChanged::decode(&event.payload[..]).map_err(|why| broken(&why))?;
    if !message.policy_name.is_empty() {
        return Ok(None);
    }
    let after = message.after.ok_or_else(|| broken(&"what is held now is missing"))?;
    let standing = wire::Standing::try_from(after.standing).map_err(|why| broken(&why))?;
    let rung = match standing {
        wire::Standing::Unspecified | wire::Standing::NotEnoughEvidence => None,
        wire::Standing::BelowMastery | wire::Standing::AtMastery | wire::Standing::Exceeds => {
            Some(after.level)
        }
    };
    Ok(Some(MasteryChange {
        learner: message.learner_id.parse().map_err(|why| broken(&why))?,
        competency: message.competency_id.parse().map_err(|why| broken(&why))?,
        rung,
    }))
}
