//! The credentials service, seen from outside.

mod api;
mod badge;
mod diplomas;
mod frozen;
mod issuing;
mod keys;
mod life;
mod lists;
mod rebuilt;
mod region;
mod standards;
mod status;
mod verification;
mod wallet;
