//! Documents, checkpoints and secrets.

use northstar_kernel::{Shard, TenantId};
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use super::events::clash_or_fault;
use super::rows;
use crate::Document;
use crate::engine::{
    DocumentPut, DocumentRange, LaneCommit, LaneState, WriteError, read_positions, write_positions,
};

const DOCUMENT: &str = include_str!("../../sql/sqlite/document.sql");
const DOCUMENTS: &str = include_str!("../../sql/sqlite/documents.sql");
const DOCUMENTS_TO_END: &str = include_str!("../../sql/sqlite/documents_to_end.sql");
const PUT: &str = include_str!("../../sql/sqlite/put_document.sql");
const TENANTS: &str = include_str!("../../sql/sqlite/document_tenants.sql");
const REMOVE: &str =
    "delete from documents where tenant = ?1 and noun = ?2 and generation = ?3 and key = ?4";

/// A [`DocumentRange`] that can cross to another thread.
pub(super) struct OwnedRange {
    tenant: TenantId,
    noun: &'static str,
    shard: Shard,
    generation: Option<u32>,
    from: Vec<u8>,
    end: Option<Vec<u8>>,
    limit: u32,
}

impl From<DocumentRange<'_>> for OwnedRange {
    fn from(range: DocumentRange<'_>) -> Self {
        let (from, end) = range.bounds();
        Self {
            tenant: range.tenant,
            noun: range.noun,
            shard: range.shard,
            generation: range.generation,
            from,
            end,
            limit: range.limit,
        }
    }
}

pub(super) fn document(
    db: &Connection,
    tenant: TenantId,
    noun: &str,
    shard: Shard,
    generation: Option<u32>,
    key: &[u8],
) -> rusqlite::Result<Option<Document>> {
    db.prepare_cached(DOCUMENT)?
        .query_row(params![tenant.uuid().as_bytes(), noun, generation, shard.0, key], |row| {
            Ok(Document { state: row.get(0)?, extra: row.get(1)? })
        })
        .optional()
}

pub(super) fn documents(
    db: &Connection,
    range: &OwnedRange,
) -> rusqlite::Result<Vec<(Vec<u8>, Document)>> {
    let OwnedRange { tenant, noun, shard, generation, from, end, limit } = range;
    let (uuid, shard) = (tenant.uuid(), shard.0);
    let tenant = uuid.as_bytes();
    let read = |row: &rusqlite::Row<'_>| {
        Ok((row.get(0)?, Document { state: row.get(1)?, extra: row.get(2)? }))
    };
    match end {
        Some(end) => db
            .prepare_cached(DOCUMENTS)?
            .query_map(params![tenant, noun, generation, shard, from, end, limit], read)?
            .collect(),
        None => db
            .prepare_cached(DOCUMENTS_TO_END)?
            .query_map(params![tenant, noun, generation, shard, from, limit], read)?
            .collect(),
    }
}

/// Documents under these keys, by key: one statement for each, in a transaction, so that all are of
/// one moment.
pub(super) fn documents_of(
    db: &Connection,
    range: &OwnedRange,
    mut keys: Vec<Vec<u8>>,
) -> rusqlite::Result<Vec<(Vec<u8>, Document)>> {
    keys.sort_unstable();
    keys.dedup();
    let _moment = db.unchecked_transaction()?;
    let &OwnedRange { tenant, noun, shard, generation, .. } = range;
    let found = keys.into_iter().filter_map(|key| {
        let found = document(db, tenant, noun, shard, generation, &key).transpose()?;
        Some(found.map(|document| (key, document)))
    });
    found.collect()
}

/// Documents of a generation that is not in use. They need not be on disk before the commit that
/// puts them in use, and that one carries with it whatever was written before.
pub(super) fn put_all(
    db: &mut Connection,
    generation: u32,
    puts: &[DocumentPut],
) -> rusqlite::Result<()> {
    db.pragma_update(None, "synchronous", "normal")?;
    let written = put_together(db, generation, puts);
    db.pragma_update(None, "synchronous", "full")?;
    written
}

fn put_together(
    db: &mut Connection,
    generation: u32,
    puts: &[DocumentPut],
) -> rusqlite::Result<()> {
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    put(&transaction, generation, puts)?;
    transaction.commit()
}

fn put(db: &Connection, generation: u32, puts: &[DocumentPut]) -> rusqlite::Result<()> {
    let mut write = db.prepare_cached(PUT)?;
    let mut remove = db.prepare_cached(REMOVE)?;
    for DocumentPut { tenant, noun, key, document } in puts {
        let uuid = tenant.uuid();
        let tenant = uuid.as_bytes();
        match document {
            Some(Document { state, extra }) => {
                write.execute(params![tenant, noun, generation, key, state, extra])?
            }
            None => remove.execute(params![tenant, noun, generation, key])?,
        };
    }
    Ok(())
}

pub(super) fn lane(db: &Connection, consumer: &str, shard: Shard) -> rusqlite::Result<LaneState> {
    let state = db
        .prepare_cached(
            "select commits, generation, positions from lanes where consumer = ?1 and shard = ?2",
        )?
        .query_row(params![consumer, shard.0], |row| {
            Ok(LaneState {
                commits: rows::unsigned(row, 0)?,
                generation: row.get(1)?,
                positions: read_positions(&row.get::<_, String>(2)?),
            })
        })
        .optional()?;
    Ok(state.unwrap_or_default())
}

/// Writes a lane's documents and moves its checkpoint, if it is where the lane last saw it.
pub(super) fn commit_lane(db: &Connection, lane: &LaneCommit) -> Result<(), WriteError> {
    put(db, lane.next.generation, &lane.documents).map_err(clash_or_fault)?;
    let positions = write_positions(&lane.next.positions);
    let (shard, seen) = (lane.shard.0, rows::signed(lane.seen_commits));
    let moved = if lane.seen_commits == 0 {
        db.execute(
            "insert into lanes (consumer, shard, commits, generation, positions)
             values (?1, ?2, 1, ?3, ?4) on conflict do nothing",
            params![lane.consumer, shard, lane.next.generation, positions],
        )
    } else {
        db.execute(
            "update lanes set commits = commits + 1, positions = ?4
             where consumer = ?1 and shard = ?2 and commits = ?3 and generation = ?5",
            params![lane.consumer, shard, seen, positions, lane.next.generation],
        )
    };
    match moved.map_err(clash_or_fault)? {
        1 => Ok(()),
        _ => Err(WriteError::Fenced),
    }
}

pub(super) fn switch(
    db: &mut Connection,
    consumer: &str,
    shard: Shard,
    seen_commits: u64,
    generation: u32,
    nouns: &[&'static str],
) -> Result<(), WriteError> {
    let transaction =
        db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(clash_or_fault)?;
    let moved = transaction
        .execute(
            "update lanes set commits = commits + 1, generation = ?4
             where consumer = ?1 and shard = ?2 and commits = ?3",
            params![consumer, shard.0, rows::signed(seen_commits), generation],
        )
        .map_err(clash_or_fault)?;
    if moved != 1 {
        return Err(WriteError::Fenced);
    }
    for noun in nouns {
        transaction
            .execute(
                "insert into generations (noun, shard, generation) values (?1, ?2, ?3)
                 on conflict (noun, shard) do update set generation = excluded.generation",
                params![noun, shard.0, generation],
            )
            .map_err(clash_or_fault)?;
    }
    transaction.commit().map_err(clash_or_fault)
}

pub(super) fn sweep(
    db: &mut Connection,
    tenants: &[TenantId],
    nouns: &[&'static str],
    keep: u32,
) -> rusqlite::Result<()> {
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for tenant in tenants {
        for noun in nouns {
            transaction.execute(
                "delete from documents where tenant = ?1 and noun = ?2 and generation <> ?3",
                params![tenant.uuid().as_bytes(), noun, keep],
            )?;
        }
    }
    transaction.commit()
}

pub(super) fn tenants(db: &Connection) -> rusqlite::Result<Vec<TenantId>> {
    let mut statement = db.prepare_cached(TENANTS)?;
    let tenants = statement.query_map([], |row| rows::uuid(row, 0).map(TenantId::from_uuid))?;
    tenants.collect()
}

pub(super) fn secret(
    db: &Connection,
    tenant: TenantId,
    name: &str,
) -> rusqlite::Result<Option<Vec<u8>>> {
    db.prepare_cached("select sealed from secrets where tenant = ?1 and name = ?2")?
        .query_row(params![tenant.uuid().as_bytes(), name], |row| row.get(0))
        .optional()
}

pub(super) fn keep_secret(
    db: &mut Connection,
    tenant: TenantId,
    name: &str,
    sealed: &[u8],
) -> rusqlite::Result<Vec<u8>> {
    db.execute(
        "insert into secrets (tenant, name, sealed) values (?1, ?2, ?3) on conflict do nothing",
        params![tenant.uuid().as_bytes(), name, sealed],
    )?;
    let kept = secret(db, tenant, name)?;
    Ok(kept.unwrap_or_else(|| sealed.to_vec()))
}
