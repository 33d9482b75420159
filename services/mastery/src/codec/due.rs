//! The passing of an instant that matters to a level, on the wire.

use northstar_eventlog::Malformed;
use northstar_kernel::Timestamp;
use northstar_wire::mastery::v1 as wire;

use super::overriding::{at, level_key};
use super::timestamp;
use crate::projection::LevelKey;

/// Name of [`LevelDue`] in the log.
pub(crate) const LEVEL_DUE: &str = "level_due";

/// An instant passed at which other evidence counts, or an override begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LevelDue {
    /// Whose level, in what.
    pub(crate) key: LevelKey,
    /// The instant.
    pub(crate) at: Timestamp,
}

impl LevelDue {
    pub(super) fn message(&self) -> wire::LevelDue {
        wire::LevelDue {
            learner_id: self.key.learner.to_string(),
            competency_id: self.key.competency.to_string(),
            due_at: Some(timestamp(self.at)),
        }
    }

    pub(super) fn read(message: &wire::LevelDue) -> Result<Self, Malformed> {
        let key = level_key(LEVEL_DUE, &message.learner_id, &message.competency_id)?;
        Ok(Self { key, at: at(LEVEL_DUE, message.due_at.as_ref())? })
    }
}
