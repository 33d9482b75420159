//! The service on an embedded log: evidence in, mastery out.

mod follow;
mod frozen;
mod interleaving;
mod isolation;
mod levels;
mod policies;
mod region;
