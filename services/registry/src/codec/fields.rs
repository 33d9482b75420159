//! Fields of stored messages.

use std::str::FromStr;

use northstar_kernel::{Digest, InvalidId};
use prost::Message;

/// A message of this kind.
pub(super) fn message<M: Message + Default>(payload: &[u8]) -> Result<M, String> {
    M::decode(payload).map_err(|error| error.to_string())
}

/// An id in its text form.
pub(super) fn id<I: FromStr<Err = InvalidId>>(text: &str) -> Result<I, String> {
    text.parse().map_err(|error: InvalidId| error.to_string())
}

/// An id in its text form, or nothing.
pub(super) fn optional_id<I: FromStr<Err = InvalidId>>(text: &str) -> Result<Option<I>, String> {
    if text.is_empty() { Ok(None) } else { id(text).map(Some) }
}

/// The text form of an id, empty if there is none.
pub(super) fn optional_text<I: ToString>(id: Option<I>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

/// A digest in hexadecimal.
pub(super) fn digest(text: &str) -> Result<Digest, String> {
    let wrong = || "the content hash is no SHA-256 in hexadecimal".to_owned();
    if text.len() != 64 || !text.is_ascii() {
        return Err(wrong());
    }
    let mut bytes = [0; 32];
    for (index, byte) in bytes.iter_mut().enumerate() {
        let pair = &text[index * 2..index * 2 + 2];
        *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
    }
    Ok(Digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_reads_back_and_anything_else_does_not() {
        let of = Digest::of(b"x");
        assert_eq!(digest(&of.to_string()), Ok(of));
        for bad in ["", "00", &"é".repeat(32), &"g".repeat(64), &"0".repeat(65)] {
            assert!(digest(bad).is_err(), "{bad}");
        }
    }
}
