//! What is asked of an issuer's keys, and what happens to them.

use northstar_kernel::Timestamp;

use super::key::{Algorithm, Purpose};

/// The public side of a key that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// How it signs.
    pub algorithm: Algorithm,
    /// What it signs.
    pub purpose: Purpose,
    /// The public half: 32 bytes of Ed25519, 33 of a compressed P-256 point.
    pub public: Vec<u8>,
}

/// A request about an issuer's keys. `at` is the present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Take in the first keys, publish them and sign with them, all at once; kinds of key that the
    /// issuer has are left alone.
    Begin {
        /// The keys.
        keys: Vec<NewKey>,
        /// When.
        at: Timestamp,
    },
    /// Take in the key that signs next in the place of the one of its kind, and publish it; nothing
    /// where one waits already.
    Succeed {
        /// The key.
        key: NewKey,
        /// When.
        at: Timestamp,
    },
    /// Take a new key in. Its name is the month's, so that it tells nothing about the key.
    Create {
        /// How it signs.
        algorithm: Algorithm,
        /// What it signs.
        purpose: Purpose,
        /// The public half: 32 bytes of Ed25519, 33 of a compressed P-256 point.
        public: Vec<u8>,
        /// When.
        at: Timestamp,
    },
    /// List it, so that verifiers come to know it.
    Publish {
        /// The key.
        name: String,
        /// When.
        at: Timestamp,
    },
    /// Sign with it, and no longer with the one before it.
    Activate {
        /// The key.
        name: String,
        /// When.
        at: Timestamp,
    },
    /// Sign no longer with it. It stays listed.
    Retire {
        /// The key.
        name: String,
        /// When.
        at: Timestamp,
    },
    /// List it no longer.
    Remove {
        /// The key.
        name: String,
        /// How many documents signed by it are still in use, as the caller counted them.
        live: u64,
        /// When.
        at: Timestamp,
    },
    /// Somebody else may have signed with it.
    Compromise {
        /// The key.
        name: String,
        /// Since when: what it signed from here on is not to be trusted.
        from: Timestamp,
        /// When this was noticed.
        at: Timestamp,
    },
}

/// What happened to an issuer's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A key was taken in.
    KeyCreated {
        /// Its name: `ed-2026-11`, the month's second `ed-2026-11-2`.
        name: String,
        /// How it signs.
        algorithm: Algorithm,
        /// What it signs.
        purpose: Purpose,
        /// The public half.
        public: Vec<u8>,
        /// When.
        at: Timestamp,
    },
    /// It was listed.
    KeyPublished {
        /// The key.
        name: String,
        /// When.
        at: Timestamp,
    },
    /// It began to sign.
    KeyActivated {
        /// The key.
        name: String,
        /// When.
        at: Timestamp,
    },
    /// It signs no longer.
    KeyRetired {
        /// The key.
        name: String,
        /// When.
        at: Timestamp,
    },
    /// It is listed no longer.
    KeyRemoved {
        /// The key.
        name: String,
        /// When.
        at: Timestamp,
    },
    /// It is not to be trusted.
    KeyCompromised {
        /// The key.
        name: String,
        /// Since when.
        from: Timestamp,
        /// When this was noticed.
        at: Timestamp,
    },
    /// A key from before keys had lives was found: it signs nothing more, and stays listed for what
    /// it signed.
    KeyInherited {
        /// Its name: `es256-1`.
        name: String,
        /// The public half as a JSON Web Key (JSON text).
        jwk: String,
    },
}
