//! What tests stand on: contract suites, and real servers that can be killed.
//!
//! Nothing here is part of the product; crates use it as a dev-dependency.
//!
//! Real servers need not make tests slow. PostgreSQL's data folder is made once a machine and copied;
//! the tests of one process share a server ([`Postgres::shared`]), each in its own database; a test
//! that kills servers has its own and does not sync it ([`postgres::UNSYNCED`]). NATS starts in some
//! hundredths of a second, so every test takes a fresh one. Long schedules wait for [`thorough`].

pub mod contract;
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
