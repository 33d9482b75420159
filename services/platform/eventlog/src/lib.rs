//! The append-only log: append, read, follow, checkpoint.
//!
//! A context has one [`Log`]. Above the [`engine::Engine`] trait, once for both engines: gathering
//! writers, expected versions, idempotency, sealed secrets. Below it: SQLite and Postgres.

mod append;
mod clock;
mod document;
pub mod engine;
mod fault;
mod keyring;
mod log;
pub mod postgres;
mod recent;
mod recorded;
pub mod sqlite;
mod tenant_log;
mod text;
mod writer;
pub use append::{
    Answered, Append, AppendError, Appended, Cause, NewEvent, RequestKey, Stream, WrongVersion,
};
pub use clock::now;
pub use document::{Document, Malformed, Shape};
pub use engine::{LaneCommit, LaneState};
pub use fault::Fault;
pub use keyring::{MasterKey, Sealed};
pub use log::{Log, Options};
pub use recorded::Recorded;
pub use tenant_log::TenantLog;
pub use text::Text;
pub use writer::LaneError;
