//! Bytes as text with a letter in front that says how: `z` base58, `u` unpadded base64url.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Longest base58 that is decoded, in bytes: the time it takes grows with the square.
const LONGEST_BASE58: usize = 1_024;

pub(crate) fn base58(bytes: &[u8]) -> String {
    format!("z{}", bs58::encode(bytes).into_string())
}

pub(crate) fn base64url(bytes: &[u8]) -> String {
    format!("u{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// The bytes of a text with the letter `prefix`, which is `z` or `u`.
pub(crate) fn decode(prefix: char, text: &str) -> Option<Vec<u8>> {
    let rest = text.strip_prefix(prefix)?;
    match prefix {
        'z' if rest.len() <= LONGEST_BASE58 => bs58::decode(rest).into_vec().ok(),
        'u' => URL_SAFE_NO_PAD.decode(rest).ok(),
        _ => None,
    }
}
