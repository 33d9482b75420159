//! The documents this context keeps, each named by the noun a user would say.

mod awaited;
mod competency;
mod level;
mod policies;

pub(crate) use awaited::Awaited;
pub(crate) use competency::Competency;
pub(crate) use level::{Level, LevelKey, Reading};
pub(crate) use policies::Policies;
