//! The documents this context keeps, each named by the noun a user would say.

mod awaited;
mod competency;
mod due;
mod level;
mod policies;
pub(crate) mod roster;

pub(crate) use awaited::Awaited;
pub(crate) use competency::Competency;
pub(crate) use due::Due;
pub(crate) use level::{Decided, Level, LevelKey, Reading};
pub(crate) use policies::Policies;
