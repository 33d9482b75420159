//! The credentials service, seen from outside.

mod api;
mod badge;
mod course;
mod diplomas;
mod edge;
mod frozen;
mod grounds;
mod http;
mod issuing;
mod keys;
mod life;
mod lists;
mod oauth;
mod ob_host;
mod rebuilt;
mod region;
mod removal;
mod rules;
mod shares;
mod standards;
mod status;
mod verification;
mod verify_http;
mod wallet;
