//! Two ports and, where a service has a public face, a third; three questions of health, and an
//! orderly end.
//!
//! Bind first, so that a taken port stops the start and nothing else has begun; drain last, with a
//! deadline, and say whether it was hit.

mod calls;
mod drain;
mod health;
mod limits;
mod methods;
mod mirror;
mod plain;
mod readiness;
mod serve;
mod signal;
mod watched;

pub use drain::{Drained, Draining};
pub use limits::{MAX_HEADER_BYTES, MAX_MESSAGE_BYTES, MAX_STREAMS_PER_CONNECTION};
pub use plain::PlainListener;
pub use readiness::Readiness;
pub use serve::{Api, Listeners, ServeError};
pub use signal::termination;

pub(crate) use methods::is_infrastructure;
