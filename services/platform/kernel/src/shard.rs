//! The unit of order, writing, relaying and parallel work.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::TenantId;

/// One shard of a deployment, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shard(pub u16);

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.0)
    }
}

/// How many shards a deployment has; fixed when it is created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShardCount(u16);

impl ShardCount {
    /// More than a deployment is expected to need: shards move, they are never re-hashed.
    pub const DEFAULT: Self = Self(16);

    /// `None` unless `count` is from 1 to 1024.
    pub const fn new(count: u16) -> Option<Self> {
        if count >= 1 && count <= 1024 { Some(Self(count)) } else { None }
    }

    /// The number itself.
    pub const fn get(self) -> u16 {
        self.0
    }

    /// Every shard, in order.
    pub fn all(self) -> impl Iterator<Item = Shard> {
        (0..self.0).map(Shard)
    }

    /// Where a tenant lives: the first eight bytes of SHA-256 over its id, modulo the count.
    pub fn shard_of(self, tenant: TenantId) -> Shard {
        let hash = Sha256::digest(tenant.as_bytes());
        let mut first = [0; 8];
        first.copy_from_slice(&hash[..8]);
        Shard((u64::from_be_bytes(first) % u64::from(self.0)) as u16)
    }
}
