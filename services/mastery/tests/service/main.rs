//! The service on an embedded log: evidence in, mastery out.

mod follow;
mod interleaving;
mod isolation;
mod levels;
mod policies;
mod region;
