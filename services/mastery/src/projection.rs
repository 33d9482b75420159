//! The documents this context keeps, each named by the noun a user would say.

mod awaited;
mod calibration;
mod competency;
mod due;
mod judged;
mod learner;
mod level;
mod pace_plan;
mod policies;
mod precedence;
mod rolled_up;
mod rollup;
pub(crate) mod roster;

pub(crate) use awaited::Awaited;
pub(crate) use calibration::Calibration;
pub(crate) use competency::Competency;
pub(crate) use due::Due;
pub(crate) use judged::JudgedWork;
pub(crate) use learner::{KnownLearner, is_known};
pub(crate) use level::{Decided, Level, LevelKey, Reading};
pub(crate) use pace_plan::PacePlans;
pub(crate) use policies::Policies;
pub(crate) use precedence::Precedence;
pub(crate) use rolled_up::RolledUp;
pub(crate) use rollup::{Rollup, named};
