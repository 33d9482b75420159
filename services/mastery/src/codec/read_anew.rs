//! How far a policy or a scale has come through the levels, on the wire.

use northstar_eventlog::Malformed;
use northstar_kernel::{CompetencyId, FrameworkId};
use northstar_wire::mastery::v1 as wire;

use super::overriding::level_key;
use crate::projection::LevelKey;

/// Name of [`LevelsReadAnew`] in the log.
pub(crate) const LEVELS_READ_ANEW: &str = "levels_read_anew";

/// Levels were read anew up to one of them, and the rest follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LevelsReadAnew {
    /// Whose levels.
    pub(crate) framework: FrameworkId,
    /// Only those in this competency; `None` for all of the framework.
    pub(crate) competency: Option<CompetencyId>,
    /// The last that was read.
    pub(crate) through: LevelKey,
}

impl LevelsReadAnew {
    pub(super) fn message(&self) -> wire::LevelsReadAnew {
        wire::LevelsReadAnew {
            framework_id: self.framework.to_string(),
            competency_id: self.competency.map(|id| id.to_string()).unwrap_or_default(),
            through_learner_id: self.through.learner.to_string(),
            through_competency_id: self.through.competency.to_string(),
        }
    }

    pub(super) fn read(message: &wire::LevelsReadAnew) -> Result<Self, Malformed> {
        let wire::LevelsReadAnew { through_learner_id, through_competency_id, .. } = message;
        let broken = |why| Malformed::new(LEVELS_READ_ANEW, why);
        let competency = Some(&message.competency_id).filter(|id| !id.is_empty());
        Ok(Self {
            framework: message.framework_id.parse().map_err(broken)?,
            competency: competency.map(|id| id.parse()).transpose().map_err(broken)?,
            through: level_key(LEVELS_READ_ANEW, through_learner_id, through_competency_id)?,
        })
    }
}
