//! The one verifier: each thing that can be wrong fails at the check that is named for it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod carried;
mod changes;
mod fixture;
mod forms;
mod independent;
mod older;
mod owners;
mod samples;
mod schema;
mod tampering;
mod times;
