//! The credentials service, seen from outside.

mod api;
mod badge;
mod course;
mod diplomas;
mod frozen;
mod grounds;
mod issuing;
mod keys;
mod life;
mod lists;
mod rebuilt;
mod region;
mod removal;
mod rules;
mod standards;
mod status;
mod verification;
mod wallet;
