//! What is read from: one module a noun, each with its shape and its keys.

pub(crate) mod achievement;
pub(crate) mod award;
pub(crate) mod catalog;
pub(crate) mod credential;
pub(crate) mod due;
pub(crate) mod endorsement;
pub(crate) mod framework;
pub(crate) mod import;
pub(crate) mod issuer;
pub(crate) mod key_use;
pub(crate) mod person;
pub(crate) mod received;
pub(crate) mod record;
pub(crate) mod revoked;
pub(crate) mod scale;
pub(crate) mod share;
pub(crate) mod standing;
pub(crate) mod status;
pub(crate) mod wallet;

use northstar_eventlog::Malformed;
use prost::Message;
use uuid::Uuid;

/// Sixteen bytes each, one after the other.
fn joined(first: Uuid, second: Uuid) -> Vec<u8> {
    [first.into_bytes(), second.into_bytes()].concat()
}

/// The id in the last sixteen bytes of a key; nil if the key is shorter.
fn last_id(key: &[u8]) -> Uuid {
    key.last_chunk().map(|bytes| Uuid::from_bytes(*bytes)).unwrap_or_default()
}

fn read<M: Message + Default>(noun: &'static str, bytes: &[u8]) -> Result<M, Malformed> {
    M::decode(bytes).map_err(|why| Malformed::new(noun, why))
}
