//! What needs more than one crate: journeys, faults, architecture.
//!
//! Here is what those tests stand on: the `northstar` program as a command, a whole cluster of it on
//! real servers, and the questions that both footings must answer alike.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

pub mod cluster;
pub mod demo;
pub mod embedded;
pub mod feed;
pub mod measure;
pub mod methods;
pub mod program;
pub mod schedule;
pub mod withdrawal;
