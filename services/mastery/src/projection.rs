//! The documents this context keeps, each named by the noun a user would say.

mod awaited;
mod calibration;
mod competency;
mod due;
mod judged;
mod level;
mod policies;
pub(crate) mod roster;

pub(crate) use awaited::Awaited;
pub(crate) use calibration::Calibration;
pub(crate) use competency::Competency;
pub(crate) use due::Due;
pub(crate) use judged::JudgedWork;
pub(crate) use level::{Decided, Level, LevelKey, Reading};
pub(crate) use policies::Policies;
