//! What tests stand on: contract suites, and real servers that can be killed.
//!
//! Nothing here is part of the product; crates use it as a dev-dependency.

mod data;
mod guard;
pub mod nats;
pub mod ports;
pub mod postgres;
pub mod process;
mod running;
pub mod tools;
mod trouble;
mod user;

pub use data::{shared_data, thorough, workspace};
pub use nats::Nats;
pub use postgres::{Database, Postgres};
pub use process::{Launch, Server};
pub use trouble::Trouble;
