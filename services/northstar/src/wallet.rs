//! Being the wallet: this program as a client of another host's Open Badges or CLR API, on the
//! computer of whoever runs it.
//!
//! What opens the other host stays in one file of theirs and goes nowhere else: not to Northstar's own
//! services, and not to any host but the one that gave it.

mod address;
mod host;
mod landing;
mod permission;
mod reading;
mod resolving;
mod store;
mod tokens;
mod web;

pub(crate) use address::Address;
pub(crate) use host::{Host, Kind};
pub(crate) use permission::{Answered, Program, Request};
pub(crate) use reading::{Came, Reading};
pub(crate) use resolving::Resolver;
pub(crate) use store::Wallet;
pub(crate) use web::Web;
