//! What this context does about events.

mod beside;
mod folding;
mod foreseeing;
mod issuing;
mod lived;
mod referring;
mod replacing;
mod sharing;
mod signing;
mod streams;
pub(crate) mod wallet;
