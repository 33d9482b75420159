//! Which bit of which list is a credential's.

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::LENGTH;

/// The two sides of an index: 8 high bits, 9 low ones, 17 together.
const LOW: u32 = 9;
const LOW_MASK: u32 = (1 << LOW) - 1;
const HIGH_MASK: u32 = LENGTH / (1 << LOW) - 1;

/// More than the eight or so that known attacks on small networks reach; a place costs as many
/// hashes.
const ROUNDS: u8 = 12;

/// What hides in which order credentials were issued. Whoever has it can order them, so it is kept
/// like a signing key; with another one, the same counter gives another place.
#[derive(Clone)]
pub struct PlacingKey([u8; 32]);

impl PlacingKey {
    /// From 32 random bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for PlacingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlacingKey(secret)")
    }
}

/// One bit of one list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The list, from 0.
    pub list: u64,
    /// The bit, below [`LENGTH`].
    pub index: u32,
}

impl Place {
    /// The place of the `counter`-th credential, from 0. No two counters share one; a list is
    /// filled before the next begins, in an order that shows nothing of the counter.
    ///
    /// A Feistel network over the 17 bits of an index: each round changes one side by what a keyed
    /// hash makes of the other. A round can be undone whatever the hash gives, so the whole is a
    /// permutation, and of the 17 bits exactly: the sides need not be equally wide.
    pub fn of(key: &PlacingKey, counter: u64) -> Self {
        let list = counter / u64::from(LENGTH);
        let within = (counter % u64::from(LENGTH)) as u32;
        let (mut high, mut low) = (within >> LOW, within & LOW_MASK);
        for round in 0..ROUNDS {
            if round % 2 == 0 {
                low ^= mixed(key, list, round, high) & LOW_MASK;
            } else {
                high ^= mixed(key, list, round, low) & HIGH_MASK;
            }
        }
        Self { list, index: high << LOW | low }
    }
}

/// SHA-256 after a key: all inputs have one length, so none can be extended into another.
fn mixed(key: &PlacingKey, list: u64, round: u8, side: u32) -> u32 {
    let mut hash = Sha256::new();
    hash.update(key.0);
    hash.update(list.to_be_bytes());
    hash.update([round]);
    hash.update(side.to_be_bytes());
    let digest = hash.finalize();
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}
