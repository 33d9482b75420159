//! The log's own statements.

use std::collections::BTreeSet;

use northstar_kernel::{Digest, Position, Sequence, Shard, TenantId, Version};
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, TransactionBehavior, params};

use super::{connect, documents, rows};
use crate::engine::{LaneCommit, Row, WriteError};
use crate::{Answered, Appended, Recorded};

const INSERT: &str = include_str!("../../sql/sqlite/insert_event.sql");
const SCAN: &str = include_str!("../../sql/sqlite/scan.sql");
const FEED: &str = include_str!("../../sql/sqlite/feed.sql");
const STREAM: &str = include_str!("../../sql/sqlite/stream.sql");
const HEADS: &str = include_str!("../../sql/sqlite/heads.sql");
const TENANTS: &str = include_str!("../../sql/sqlite/tenants.sql");
const ANSWERED: &str = include_str!("../../sql/sqlite/answered.sql");

pub(super) fn head(db: &Connection, shard: Shard) -> rusqlite::Result<Position> {
    db.prepare_cached("select coalesce(max(position), 0) from events where shard = ?1")?
        .query_row([shard.0], |row| rows::unsigned(row, 0).map(Position))
}

pub(super) fn heads(db: &Connection) -> rusqlite::Result<Vec<(Shard, Position)>> {
    let mut statement = db.prepare_cached(HEADS)?;
    let heads = statement
        .query_map([], |row| Ok((Shard(row.get(0)?), Position(rows::unsigned(row, 1)?))))?;
    heads.collect()
}

pub(super) fn sequences(db: &Connection, tenants: &[TenantId]) -> rusqlite::Result<Vec<Sequence>> {
    let mut statement =
        db.prepare_cached("select coalesce(max(sequence), 0) from events where tenant = ?1")?;
    let mut sequence = |tenant: &TenantId| {
        let tenant = tenant.uuid();
        statement.query_row([tenant.as_bytes()], |row| rows::unsigned(row, 0).map(Sequence))
    };
    tenants.iter().map(&mut sequence).collect()
}

pub(super) fn versions(
    db: &Connection,
    streams: &[(TenantId, String)],
) -> rusqlite::Result<Vec<Version>> {
    let mut statement = db.prepare_cached(
        "select coalesce(max(version), 0) from events where tenant = ?1 and stream = ?2",
    )?;
    let mut version = |(tenant, stream): &(TenantId, String)| {
        statement.query_row(params![tenant.uuid().as_bytes(), stream], |row| {
            rows::unsigned(row, 0).map(Version)
        })
    };
    streams.iter().map(&mut version).collect()
}

pub(super) fn answered(
    db: &Connection,
    keys: &[(TenantId, String)],
) -> rusqlite::Result<Vec<Option<Answered>>> {
    let mut statement = db.prepare_cached(ANSWERED)?;
    let mut answer = |(tenant, id): &(TenantId, String)| {
        statement
            .query_row(params![tenant.uuid().as_bytes(), id], |row| {
                let more = u64::from(row.get::<_, u16>(5)?).saturating_sub(1);
                Ok(Answered {
                    content: Digest(row.get(0)?),
                    stream: row.get(1)?,
                    appended: Appended {
                        position: Position(rows::unsigned(row, 2)?).plus(more),
                        sequence: Sequence(rows::unsigned(row, 3)?).plus(more),
                        version: Version(rows::unsigned(row, 4)?).plus(more),
                        repeated: true,
                    },
                })
            })
            .optional()
    };
    keys.iter().map(&mut answer).collect()
}

pub(super) fn scan(
    db: &Connection,
    shard: Shard,
    after: Position,
    limit: u32,
) -> rusqlite::Result<Vec<Recorded>> {
    db.prepare_cached(SCAN)?
        .query_map(params![shard.0, rows::signed(after.0), limit], rows::recorded)?
        .collect()
}

pub(super) fn feed(
    db: &Connection,
    tenant: TenantId,
    after: Sequence,
    limit: u32,
) -> rusqlite::Result<Vec<Recorded>> {
    db.prepare_cached(FEED)?
        .query_map(params![tenant.uuid().as_bytes(), rows::signed(after.0), limit], rows::recorded)?
        .collect()
}

pub(super) fn stream(
    db: &Connection,
    tenant: TenantId,
    stream: &str,
) -> rusqlite::Result<Vec<Recorded>> {
    db.prepare_cached(STREAM)?
        .query_map(params![tenant.uuid().as_bytes(), stream], rows::recorded)?
        .collect()
}

/// A statement for each, in a transaction, so that all are of one moment.
pub(super) fn streams(
    db: &Connection,
    tenant: TenantId,
    streams: &[String],
) -> rusqlite::Result<Vec<Recorded>> {
    let streams: BTreeSet<&String> = streams.iter().collect();
    let _moment = db.unchecked_transaction()?;
    let mut events = Vec::new();
    for name in streams {
        events.extend(stream(db, tenant, name)?);
    }
    Ok(events)
}

pub(super) fn tenants(db: &Connection, shard: Shard) -> rusqlite::Result<Vec<TenantId>> {
    let mut statement = db.prepare_cached(TENANTS)?;
    let tenants =
        statement.query_map([shard.0], |row| rows::uuid(row, 0).map(TenantId::from_uuid))?;
    tenants.collect()
}

/// Writes events and a lane's step in one synced commit.
pub(super) fn write(
    db: &mut Connection,
    rows: &[Row],
    lane: Option<&LaneCommit>,
) -> Result<(), WriteError> {
    let transaction =
        db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(clash_or_fault)?;
    insert(&transaction, rows).map_err(clash_or_fault)?;
    if let Some(lane) = lane {
        documents::commit_lane(&transaction, lane)?;
    }
    transaction.commit().map_err(clash_or_fault)
}

fn insert(db: &Connection, rows: &[Row]) -> rusqlite::Result<()> {
    let mut statement = db.prepare_cached(INSERT)?;
    for Row { event, request, append_len } in rows {
        statement.execute(params![
            event.shard.0,
            rows::signed(event.position.0),
            event.tenant.uuid().as_bytes(),
            rows::signed(event.sequence.0),
            event.id.uuid().as_bytes(),
            &*event.stream,
            rows::signed(event.version.0),
            &*event.event_type,
            event.schema_version,
            event.observed_at.micros(),
            event.recorded_at.micros(),
            &*event.actor,
            event.correlation_id.as_bytes(),
            event.causation_id.as_ref().map(uuid::Uuid::as_bytes),
            &*event.traceparent,
            event.key_id.as_ref().map(uuid::Uuid::as_bytes),
            &*event.payload,
            request.as_ref().map(|request| &request.id),
            request.as_ref().map(|request| request.content.0),
            append_len,
        ])?;
    }
    Ok(())
}

pub(super) fn clash_or_fault(error: rusqlite::Error) -> WriteError {
    match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => WriteError::Clash,
        _ => WriteError::Fault(connect::fault("writing events", error)),
    }
}
