//! The service on an embedded log: evidence in, mastery out.

mod derivations;
mod follow;
mod interleaving;
mod isolation;
mod levels;
mod policies;
mod region;
mod time;
