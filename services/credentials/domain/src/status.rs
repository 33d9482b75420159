//! Where a credential's status stands: one bit of a list that everybody may fetch.
//!
//! A list has [`LENGTH`] bits and is shared by all tenants of a deployment, so that whoever fetches
//! it asks about a large crowd. A bit, once set, stays set: [`Bits`] and [`Lists`] join, and give
//! the same value in whatever order the same facts arrive.

mod bits;
mod lists;
mod place;

pub use bits::Bits;
pub use lists::{Edition, Lists};
pub use place::{Place, PlacingKey};

/// Bits of a list; the fewest that verifiers accept.
pub const LENGTH: u32 = 131_072;
