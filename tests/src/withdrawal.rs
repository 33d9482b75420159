//! Credentials by the thousand, mastery withdrawn from some of them, and what must come of it.
//!
//! A [`School`] is filled by the way that evidence always takes: recorded by the API, judged by
//! mastery, awarded by credentials. Then evidence is retracted, step by step, while other evidence
//! comes in. From the logs a trail is read of what was issued, revoked and published, and held
//! against what was done: a credential ends if its evidence went, once, and no other one does.

mod calls;
mod pairs;
mod school;
mod trail;
mod watch;

pub use pairs::{Pace, Size};
pub use school::School;
pub use trail::Delay;
pub use watch::Watch;
