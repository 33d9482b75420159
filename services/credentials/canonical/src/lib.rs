//! What a credential says, in one form that everybody comes to: the bytes that are signed.
//!
//! Strict JSON, then closed-world JSON-LD 1.1 over pinned contexts, then RDFC-1.0 and N-Quads. A
//! proof over quads covers the graph, not the JSON: whatever would let two documents that people
//! read differently come to the same quads is refused, with a reason and the place. Pure: no
//! network, no clock, nothing kept between calls, and no panic on any bytes.

mod contexts;
mod jcs;
mod limits;
mod nquads;
mod number;
mod place;
mod quad;
mod rdfc;
mod reader;
mod refusal;
mod strict_json;

pub use contexts::{Pinned, pinned};
pub use jcs::jcs;
pub use limits::Limits;
pub use nquads::parse as parse_nquads;
pub use quad::{Dataset, Quad, Term};
pub use rdfc::{Canonical, canonicalize};
pub use reader::{Reading, read};
pub use refusal::{Reason, Refusal};
pub use strict_json::parse as parse_json;

/// The canonical form of one JSON-LD document, from its bytes.
///
/// # Errors
/// Why it has none, and where.
pub fn canonical_document(bytes: &[u8], limits: &Limits) -> Result<Canonical, Refusal> {
    let document = parse_json(bytes, limits)?;
    canonicalize(read(&document, limits)?.dataset(), limits)
}
