//! An event as it stands in the log.

use bytes::Bytes;
use northstar_kernel::{EventId, Position, Sequence, Shard, TenantId, Timestamp, Version};
use uuid::Uuid;

use crate::Text;

/// One event with its places, its times and its cause. Immutable, and never re-encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The shard the tenant lives in.
    pub shard: Shard,
    /// Place in the shard's log: 1, 2, 3 … without holes.
    pub position: Position,
    /// Whose event it is.
    pub tenant: TenantId,
    /// Place among the tenant's events of this context: 1, 2, 3 … without holes.
    pub sequence: Sequence,
    /// UUIDv7, made when it was written.
    pub id: EventId,
    /// The stream, as `<kind>-<uuid>`.
    pub stream: Text,
    /// Place in the stream: 1, 2, 3 …
    pub version: Version,
    /// Name of the event in the past tense.
    pub event_type: Text,
    /// Shape of the payload under this name, from 1.
    pub schema_version: u16,
    /// When it was so.
    pub observed_at: Timestamp,
    /// When it was written down.
    pub recorded_at: Timestamp,
    /// Who caused it.
    pub actor: Text,
    /// The journey it belongs to.
    pub correlation_id: Uuid,
    /// The event that provoked it, if one did.
    pub causation_id: Option<Uuid>,
    /// W3C traceparent of the request that started it; may be empty.
    pub traceparent: Text,
    /// Key that its personal fields are sealed under, if it has any.
    pub key_id: Option<Uuid>,
    /// The event itself, protobuf.
    pub payload: Bytes,
}
