//! Texts kept compressed in events: a record of hundreds of badges is megabytes of JSON, and an event
//! must pass a message broker that takes one.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use northstar_credentials_canonical::Limits;
use northstar_credentials_domain::record::Packed;

/// The text, compressed.
pub(crate) fn packed(text: &[u8]) -> Packed {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail; if it ever did, what is kept would not unpack to the text.
    let written = encoder.write_all(text);
    Packed(written.and_then(|()| encoder.finish()).unwrap_or_default())
}

/// The text again; `None` if it is none of ours, or longer than any record.
pub(crate) fn unpacked(packed: &Packed) -> Option<Vec<u8>> {
    let longest = Limits::RECORD.bytes as u64 + 1;
    let mut text = Vec::new();
    let read = ZlibDecoder::new(&packed.0[..]).take(longest).read_to_end(&mut text);
    (read.is_ok() && (text.len() as u64) < longest).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_out_as_it_went_in() {
        for text in ["", "a", &"{\"id\":\"urn:uuid:1\"}".repeat(10_000)] {
            assert_eq!(unpacked(&packed(text.as_bytes())).as_deref(), Some(text.as_bytes()));
        }
        assert!(packed(&[b'a'; 100_000]).0.len() < 1_000);
    }

    #[test]
    fn nothing_else_unpacks_and_a_bomb_stops_at_the_limit() {
        assert_eq!(unpacked(&Packed(b"not compressed".to_vec())), None);
        let mut cut = packed(&[b'a'; 100_000]);
        cut.0.truncate(20);
        assert_eq!(unpacked(&cut), None);
        assert_eq!(unpacked(&packed(&vec![b'a'; Limits::RECORD.bytes + 1])), None);
    }
}
