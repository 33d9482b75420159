//! The cluster footing against a real broker: relay, feeds, shared work.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod broker;
mod feed;
mod foreseen;
mod kills;
mod owner;
mod ownership;
mod read_log;
mod relay;
mod stand;
mod tenant;
mod timed;
