//! Where a credential's status stands: one bit of a list that everybody may fetch.
//!
//! A list has [`LENGTH`] bits and is shared by all credentials of a tenant, so that whoever fetches it
//! asks about a large crowd. A bit, once set, stays set: [`Bits`] and [`Lists`] join, and give
//! the same value in whatever order the same facts arrive.

mod bits;
mod lists;
mod place;

pub use bits::Bits;
pub use lists::{Edition, Lists};
pub use place::{Place, PlacingKey};

/// A list was signed and published. What an epoch says never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Which list, which epoch, and how many bits are set in it.
    pub edition: Edition,
    /// The signed document, byte for byte.
    pub document: String,
}

/// Whether a tenant publishes the ids of what it revoked: displayers that know only
/// `1EdTechRevocationList` need them, and everybody can read them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RevocationList {
    /// Whether it does.
    pub published: bool,
}

/// Bits of a list; the fewest that verifiers accept.
pub const LENGTH: u32 = 131_072;
