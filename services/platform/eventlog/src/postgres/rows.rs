//! Between Postgres' rows and recorded events.

use northstar_kernel::{EventId, Position, Sequence, Shard, TenantId, Timestamp, Version};
use sqlx::Row as _;
use sqlx::postgres::PgRow;

use crate::{Recorded, Text};

/// Reads the seventeen columns of an event, in the order of every select.
pub(super) fn recorded(row: &PgRow) -> sqlx::Result<Recorded> {
    Ok(Recorded {
        shard: Shard(row.try_get::<i16, _>(0)?.cast_unsigned()),
        position: Position(unsigned(row.try_get(1)?)),
        tenant: TenantId::from_uuid(row.try_get(2)?),
        sequence: Sequence(unsigned(row.try_get(3)?)),
        id: EventId::from_uuid(row.try_get(4)?),
        stream: text(row, 5)?,
        version: Version(unsigned(row.try_get(6)?)),
        event_type: text(row, 7)?,
        schema_version: row.try_get::<i16, _>(8)?.cast_unsigned(),
        observed_at: Timestamp::from_micros(row.try_get(9)?),
        recorded_at: Timestamp::from_micros(row.try_get(10)?),
        actor: text(row, 11)?,
        correlation_id: row.try_get(12)?,
        causation_id: row.try_get(13)?,
        traceparent: text(row, 14)?,
        key_id: row.try_get(15)?,
        payload: row.try_get::<Vec<u8>, _>(16)?.into(),
    })
}

fn text(row: &PgRow, column: usize) -> sqlx::Result<Text> {
    row.try_get::<String, _>(column).map(Text::from)
}

/// Postgres has no unsigned integers; every place in the log is far below the end of the signed.
pub(super) fn unsigned(place: i64) -> u64 {
    place.cast_unsigned()
}

/// A place as Postgres keeps it; one that no log reaches is as good as the last.
pub(super) fn signed(place: u64) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}

pub(super) fn malformed(column: &str) -> sqlx::Error {
    sqlx::Error::Protocol(format!("column {column} is malformed"))
}
