//! Whether a credential still holds, as issuers publish it.
//!
//! Two formats: the W3C's Bitstring Status List, where a credential's entry names one bit of a
//! list, and 1EdTech's older revocation list, which names the credentials themselves. What is read
//! here is somebody else's: every size is bounded, and whatever is not as it must be is said.

pub mod bitstring;
mod entry;
mod list;
pub mod revocation_list;

pub use entry::Entry;
pub use list::{List, ListCredential, TTL_MILLIS};

/// The one purpose that ends a credential. The schema of Open Badges leaves room for one entry,
/// and verifiers look for this.
pub const REVOCATION: &str = "revocation";

/// What an issuer's list says about a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The list does not revoke it.
    NotRevoked,
    /// The list revokes it.
    Revoked,
    /// Entry or list is not about revocation, but about what is told here. Nothing is known.
    WrongPurpose(String),
    /// The entry leads beyond the end of the list. Nothing is known.
    OutOfRange {
        /// Where the entry leads.
        index: u64,
        /// How many bits the list has.
        length: u64,
    },
    /// Entry or list is not as it must be; a sentence says what. Nothing is known.
    Malformed(String),
}

/// What `list` says about the credential with this `entry` as its `credentialStatus`. Whether the
/// list is genuine, in time and the one that the entry names is for the caller, who verifies it
/// like any other credential; see [`List::id`] and [`Entry::list`].
pub fn look_up(entry: &serde_json::Value, list: &serde_json::Value) -> Finding {
    let read = || Ok::<_, String>((Entry::read(entry)?, List::read(list)?));
    match read() {
        Ok((entry, list)) => entry.look_up_in(&list),
        Err(reason) => Finding::Malformed(reason),
    }
}
