//! The registry as its callers see it, over a real log in a file.

mod frameworks;
mod frozen;
mod isolation;
mod region;
mod replay;
mod rosters;
mod secrets;
mod tenants;
