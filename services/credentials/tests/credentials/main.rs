//! The credentials service, seen from outside.

mod api;
mod badge;
mod frozen;
mod rebuilt;
mod region;
mod standards;
mod status;
mod verification;
mod wallet;
