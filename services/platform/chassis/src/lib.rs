//! What every server stands on: config, listeners, health, drain, identity, errors.
//!
//! - [`config`]: a file, overridden by the environment, overridden by flags; a stranger is an error
//! - [`auth`]: who calls, proven by a signed token, and what they may do
//! - [`status`] and [`page`]: the one way answers that are not replies leave the process
//! - [`server`]: two ports, three questions of health, and an orderly end

pub mod auth;
pub mod config;
pub mod page;
pub mod server;
pub mod status;

pub use auth::{Principal, Role};
