//! What one caller may ask of a server.

use std::time::Duration;

/// The largest message taken or sent, in bytes. Services pass it to their generated servers
/// (`max_decoding_message_size`, `max_encoding_message_size`), which enforce it.
pub const MAX_MESSAGE_BYTES: usize = 4 << 20;

/// The largest set of request headers, in bytes; a token is the bulk of it.
pub const MAX_HEADER_BYTES: u32 = 16 << 10;

/// How many calls may be in flight on one connection.
pub const MAX_STREAMS_PER_CONNECTION: u32 = 1_024;

/// Bytes in flight on one stream and on one connection before the sender waits. The defaults of
/// HTTP/2 (64 KiB) make a stream of batches wait for the network at every few items.
pub(super) const STREAM_WINDOW: u32 = 1 << 20;
pub(super) const CONNECTION_WINDOW: u32 = 4 << 20;

/// A silent peer is asked for a sign of life this often, and has this long to give it.
pub(super) const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(30);
pub(super) const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(10);

/// After the deadline of a drain, calls are ended; this long their last frames have to leave.
pub(super) const FAREWELL: Duration = Duration::from_secs(1);

/// Connections that are heard at once on a plain port; more wait to be taken.
pub(super) const MAX_PLAIN_CONNECTIONS: usize = 1_024;

/// A caller of a plain port has this long to say what they want, and between two wishes.
pub(super) const HEADER_PATIENCE: Duration = Duration::from_secs(10);

/// The longest head of a request on a plain port, in bytes.
pub(super) const PLAIN_BUFFER: usize = 16 << 10;
