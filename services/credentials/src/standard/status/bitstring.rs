//! `encodedList`: bits, gzipped, in unpadded base64url behind the letter `u`.

use std::io::{Read as _, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use northstar_credentials_domain::status::{Bits, LENGTH};

/// Longest list that is unpacked, in bytes: 64 times the shortest allowed.
pub const LONGEST: usize = 1 << 20;

/// Longest encoded list that is looked at, in bytes. Bytes that do not shrink grow by a few in
/// gzip, and by a third in base64.
const LONGEST_ENCODED: usize = LONGEST / 3 * 4 + 4_096;

/// Shortest list that is accepted, in bytes: a shorter one tells which credential is asked about.
const SHORTEST: usize = LENGTH as usize / 8;

/// The multibase prefix for unpadded base64url.
const PREFIX: char = 'u';

/// The bits as `encodedList` holds them. The same bits give the same text, as long as the
/// compressor stays the same.
pub fn encode(bits: &Bits) -> String {
    let mut packer = GzEncoder::new(Vec::new(), Compression::new(6));
    // Writing to memory does not fail.
    let packed = packer.write_all(bits.as_bytes()).and_then(|()| packer.finish());
    let mut text = String::from(PREFIX);
    URL_SAFE_NO_PAD.encode_string(packed.unwrap_or_default(), &mut text);
    text
}

/// The bytes of a list that somebody encoded; bit 0 is the highest of the first byte.
///
/// # Errors
/// A sentence on what is wrong: not multibase base64url, not one gzip member, shorter than
/// 131,072 bits or, unpacked, longer than [`LONGEST`]; no more than that is ever unpacked.
pub fn decode(text: &str) -> Result<Vec<u8>, String> {
    if text.len() > LONGEST_ENCODED {
        return Err(format!("it has {} bytes, more than {LONGEST_ENCODED}", text.len()));
    }
    let encoded = text.strip_prefix(PREFIX).ok_or_else(|| wrong_prefix(text))?;
    let packed = URL_SAFE_NO_PAD
        .decode(encoded)
        .map_err(|_| format!("what follows the {PREFIX:?} is not unpadded base64url"))?;
    let bytes = unpack(&packed)?;
    if bytes.len() < SHORTEST {
        return Err(format!("it has {} bits, fewer than {LENGTH}", bytes.len() * 8));
    }
    Ok(bytes)
}

fn wrong_prefix(text: &str) -> String {
    let found = text.chars().next().map_or("nothing".into(), |first| format!("{first:?}"));
    format!("it begins with {found}, not with the {PREFIX:?} of multibase base64url")
}

fn unpack(packed: &[u8]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut unpacker = GzDecoder::new(packed).take(LONGEST as u64 + 1);
    unpacker.read_to_end(&mut bytes).map_err(|error| format!("it is not gzip: {error}"))?;
    if bytes.len() > LONGEST {
        return Err(format!("unpacked, it has more than {LONGEST} bytes"));
    }
    match unpacker.into_inner().into_inner() {
        [] => Ok(bytes),
        rest => Err(format!("{} bytes follow the gzip member", rest.len())),
    }
}

#[cfg(test)]
mod tests;
