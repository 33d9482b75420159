//! Fields of stored messages.

use std::str::FromStr;

use northstar_kernel::InvalidId;

/// An id in its text form.
pub(crate) fn id<I: FromStr<Err = InvalidId>>(text: &str) -> Result<I, String> {
    text.parse().map_err(|error: InvalidId| error.to_string())
}

/// A message that must be there.
pub(crate) fn present<T>(name: &str, value: Option<T>) -> Result<T, String> {
    value.ok_or_else(|| format!("{name} is missing"))
}
