//! Isolation at the API: a token of one tenant gets, for every RPC, the same answer for another
//! tenant's ids as for ids that do not exist, and what one tenant has changes no answer to another.
//!
//! The calls go over the wire to the program itself. Answers are compared byte by byte, status details
//! included. All tenants live in one shard, where they meet most.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod answer;
mod authored;
mod beside;
mod callers;
mod learners;
mod pages;
mod provider;
mod questions;
mod rpc;
mod strangers;
mod tenant;
mod world;
mod writes;
