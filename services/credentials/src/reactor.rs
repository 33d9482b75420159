//! What this context does about events.

mod folding;
mod issuing;
mod merit;
mod signing;
mod streams;
pub(crate) mod wallet;
