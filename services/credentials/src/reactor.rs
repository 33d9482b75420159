//! What this context does about events.

mod folding;
mod issuing;
mod lived;
mod replacing;
mod sharing;
mod signing;
mod streams;
pub(crate) mod wallet;
