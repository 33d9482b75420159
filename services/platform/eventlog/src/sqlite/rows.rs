//! Between SQLite's rows and recorded events.

use bytes::Bytes;
use northstar_kernel::{EventId, Position, Sequence, Shard, TenantId, Timestamp, Version};
use rusqlite::Row as SqlRow;
use uuid::Uuid;

use crate::{Recorded, Text};

/// Reads the seventeen columns of an event, in the order of every select.
pub(super) fn recorded(row: &SqlRow<'_>) -> rusqlite::Result<Recorded> {
    Ok(Recorded {
        shard: Shard(row.get(0)?),
        position: Position(unsigned(row, 1)?),
        tenant: TenantId::from_uuid(uuid(row, 2)?),
        sequence: Sequence(unsigned(row, 3)?),
        id: EventId::from_uuid(uuid(row, 4)?),
        stream: text(row, 5)?,
        version: Version(unsigned(row, 6)?),
        event_type: text(row, 7)?,
        schema_version: row.get(8)?,
        observed_at: Timestamp::from_micros(row.get(9)?),
        recorded_at: Timestamp::from_micros(row.get(10)?),
        actor: text(row, 11)?,
        correlation_id: uuid(row, 12)?,
        causation_id: optional_uuid(row, 13)?,
        traceparent: text(row, 14)?,
        key_id: optional_uuid(row, 15)?,
        payload: Bytes::copy_from_slice(row.get_ref(16)?.as_blob()?),
    })
}

/// SQLite keeps signed integers; every place in the log is far below their end.
pub(super) fn unsigned(row: &SqlRow<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::cast_unsigned)
}

/// A place as SQLite keeps it; one that no log reaches is as good as the last.
pub(super) fn signed(place: u64) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}

pub(super) fn uuid(row: &SqlRow<'_>, column: usize) -> rusqlite::Result<Uuid> {
    row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes)
}

fn optional_uuid(row: &SqlRow<'_>, column: usize) -> rusqlite::Result<Option<Uuid>> {
    row.get::<_, Option<[u8; 16]>>(column).map(|bytes| bytes.map(Uuid::from_bytes))
}

fn text(row: &SqlRow<'_>, column: usize) -> rusqlite::Result<Text> {
    row.get::<_, String>(column).map(Text::from)
}
