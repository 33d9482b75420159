//! What this context does about events.

mod issuing;
mod streams;
pub(crate) mod wallet;
