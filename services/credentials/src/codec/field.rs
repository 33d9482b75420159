//! Fields of stored messages.

use std::str::FromStr;

use northstar_kernel::{InvalidId, Timestamp};
use prost_types::Timestamp as WireTimestamp;

/// An id in its text form.
pub(crate) fn id<I: FromStr<Err = InvalidId>>(text: &str) -> Result<I, String> {
    text.parse().map_err(|error: InvalidId| error.to_string())
}

/// A message that must be there.
pub(crate) fn present<T>(name: &str, value: Option<T>) -> Result<T, String> {
    value.ok_or_else(|| format!("{name} is missing"))
}

/// An instant that must be there.
pub(crate) fn instant(name: &str, value: Option<WireTimestamp>) -> Result<Timestamp, String> {
    let WireTimestamp { seconds, nanos } = present(name, value)?;
    let instant = Timestamp::from_parts(seconds, nanos);
    instant.ok_or_else(|| format!("{name} is no instant"))
}

/// An instant as messages have it.
pub(crate) fn moment(at: Timestamp) -> WireTimestamp {
    let (seconds, nanos) = at.parts();
    WireTimestamp { seconds, nanos }
}
