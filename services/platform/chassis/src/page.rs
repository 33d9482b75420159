//! Pages of a list: an opaque token for where the next one begins.
//!
//! A token holds the last key of the page before, nothing more. It needs no signature: every list
//! is read inside the caller's own tenant, so a forged token only reaches what its forger may list
//! anyway.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tonic::Status;

use crate::status;

/// First byte of a token, so that its form may change one day.
const FORM: u8 = 1;

/// Longer than any key of ours.
const MAX_TOKEN: usize = 1_024;

/// The page size when the request names none.
pub const DEFAULT_SIZE: u32 = 50;

/// The largest page; a request for more gets this many.
pub const MAX_SIZE: u32 = 1_000;

/// What the items of a page may take together, in bytes, but for the last of them: an answer is to stay
/// below what a message may have.
pub const MAX_BYTES: usize = 2 << 20;

/// How many items to return for a request's `page_size`, where 0 means "you decide".
pub fn size(requested: u32) -> u32 {
    if requested == 0 { DEFAULT_SIZE } else { requested.min(MAX_SIZE) }
}

/// The token of the page after the item with `last_key`.
pub fn encode(last_key: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(1 + last_key.len());
    bytes.push(FORM);
    bytes.extend_from_slice(last_key);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The first `size` of what was found, or fewer if they are long, and the token of the page after
/// them: empty if there is nothing more. To tell, `found` has one more than `size` if there is one.
/// `bytes` is what an item takes in the answer.
pub fn cut<T>(
    mut found: Vec<(Vec<u8>, T)>,
    size: u32,
    bytes: impl Fn(&T) -> usize,
) -> (Vec<T>, String) {
    let mut taken = 0;
    let short = found.iter().take_while(|(_, item)| {
        let fits = taken < MAX_BYTES;
        taken += bytes(item);
        fits
    });
    let count = short.count().min(size as usize);
    let more = found.len() > count;
    found.truncate(count);
    let last = found.last().filter(|_| more);
    let token = last.map(|(key, _)| encode(key)).unwrap_or_default();
    (found.into_iter().map(|(_, item)| item).collect(), token)
}

/// The key after which the page begins; `None` for the first page, whose token is empty.
///
/// # Errors
///
/// `INVALID_ARGUMENT` with the reason `PAGE_TOKEN_INVALID` for a text that is no token.
pub fn decode(token: &str) -> Result<Option<Vec<u8>>, Status> {
    if token.is_empty() {
        return Ok(None);
    }
    let bytes = (token.len() <= MAX_TOKEN).then(|| URL_SAFE_NO_PAD.decode(token).ok()).flatten();
    match bytes.as_deref() {
        Some([FORM, key @ ..]) => Ok(Some(key.to_vec())),
        _ => Err(status::invalid(
            "PAGE_TOKEN_INVALID",
            "page_token",
            "pass on next_page_token unchanged, or nothing for the first page",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_the_round_trip() {
        for key in [&b""[..], b"a", &[0, 255, 7], &[9; 200]] {
            assert_eq!(decode(&encode(key)).unwrap().as_deref(), Some(key));
        }
        assert_eq!(decode("").unwrap(), None);
    }

    #[test]
    fn a_page_ends_where_it_is_full_or_long() {
        let found = |lengths: &[usize]| -> Vec<(Vec<u8>, usize)> {
            lengths.iter().enumerate().map(|(at, length)| (vec![at as u8], *length)).collect()
        };
        let cut = |lengths: &[usize], size| cut(found(lengths), size, |length| *length);
        assert_eq!(cut(&[], 2), (vec![], String::new()));
        assert_eq!(cut(&[1, 2], 2), (vec![1, 2], String::new()));
        assert_eq!(cut(&[1, 2, 3], 2), (vec![1, 2], encode(&[1])));
        let long = [1, MAX_BYTES, 2];
        assert_eq!(cut(&long, 3), (vec![1, MAX_BYTES], encode(&[1])));
        assert_eq!(cut(&[2 * MAX_BYTES, 1], 9), (vec![2 * MAX_BYTES], encode(&[0])));
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let other_form = URL_SAFE_NO_PAD.encode([2, 1]);
        for bad in ["%", "a", "==", &other_form, &"A".repeat(MAX_TOKEN + 1), "Aa é"] {
            assert_eq!(decode(bad).unwrap_err().code(), tonic::Code::InvalidArgument, "{bad}");
        }
    }

    #[test]
    fn sizes_have_bounds() {
        assert_eq!([0, 1, 1_000, u32::MAX].map(size), [50, 1, 1_000, 1_000]);
    }
}
