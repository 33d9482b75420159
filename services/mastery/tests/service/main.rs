//! The service on an embedded log: evidence in, mastery out.

mod advancing;
mod derivations;
mod follow;
mod interleaving;
mod isolation;
mod known;
mod levels;
mod overriding;
mod policies;
mod region;
mod time;
