//! Documents, checkpoints and secrets.

use std::collections::BTreeSet;

use northstar_kernel::{Shard, TenantId};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, Transaction};

use super::connect::{fault, naming, tenant_array, write_error};
use super::rows::{signed, unsigned};
use super::{Postgres, insert};
use crate::Document;
use crate::engine::{
    DocumentPut, DocumentRange, LaneCommit, LaneState, Row, WriteError, read_positions,
    write_positions,
};

const DOCUMENT: &str = include_str!("../../sql/postgres/document.sql");
const DOCUMENTS_TO_END: &str = include_str!("../../sql/postgres/documents_to_end.sql");
const DOCUMENTS_OF: &str = include_str!("../../sql/postgres/documents_of.sql");
const DOCUMENTS: &str = include_str!("../../sql/postgres/documents.sql");
const ADD: &str = include_str!("../../sql/postgres/add_documents.sql");
const PUT: &str = include_str!("../../sql/postgres/put_documents.sql");
const REMOVE: &str = include_str!("../../sql/postgres/remove_document.sql");
const TENANTS: &str = include_str!("../../sql/postgres/document_tenants.sql");
/// Documents in one statement, so that one message stays small.
const PUTS: usize = 2_000;

pub(super) async fn document(
    engine: &Postgres,
    range: DocumentRange<'_>,
    key: &[u8],
) -> sqlx::Result<Option<Document>> {
    let found = sqlx::query_as::<_, (Vec<u8>, Vec<u8>)>(DOCUMENT)
        .bind(range.tenant.uuid())
        .bind(range.noun)
        .bind(range.generation.map(u32::cast_signed))
        .bind(range.shard.0.cast_signed())
        .bind(key)
        .fetch_optional(engine.pool())
        .await?;
    Ok(found.map(|(state, extra)| Document { state, extra }))
}

pub(super) async fn documents(
    engine: &Postgres,
    range: DocumentRange<'_>,
) -> sqlx::Result<Vec<(Vec<u8>, Document)>> {
    let (from, end) = range.bounds();
    let query = sqlx::query(if end.is_some() { DOCUMENTS } else { DOCUMENTS_TO_END })
        .bind(range.tenant.uuid())
        .bind(range.noun)
        .bind(range.generation.map(u32::cast_signed))
        .bind(range.shard.0.cast_signed())
        .bind(from);
    let query = if let Some(end) = end { query.bind(end) } else { query };
    let rows = query.bind(i64::from(range.limit)).fetch_all(engine.pool()).await?;
    rows.iter().map(read).collect()
}

/// Documents under these keys, by key.
pub(super) async fn documents_of(
    engine: &Postgres,
    range: DocumentRange<'_>,
    keys: &[Vec<u8>],
) -> sqlx::Result<Vec<(Vec<u8>, Document)>> {
    let rows = sqlx::query(DOCUMENTS_OF)
        .bind(range.tenant.uuid())
        .bind(range.noun)
        .bind(range.generation.map(u32::cast_signed))
        .bind(range.shard.0.cast_signed())
        .bind(keys)
        .fetch_all(engine.pool())
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &sqlx::postgres::PgRow) -> sqlx::Result<(Vec<u8>, Document)> {
    Ok((row.try_get(0)?, Document { state: row.try_get(1)?, extra: row.try_get(2)? }))
}

/// Documents of a generation that is not in use. Nearly all of them are new: to look for each first
/// would cost as much as to write it, so that is done only if one turns out to be there.
pub(super) async fn put_all(
    engine: &Postgres,
    generation: u32,
    puts: &[DocumentPut],
) -> sqlx::Result<()> {
    let is_there = |error: &sqlx::Error| {
        error.as_database_error().is_some_and(|error| error.is_unique_violation())
    };
    match put_together(engine, ADD, generation, puts).await {
        Err(error) if is_there(&error) => put_together(engine, PUT, generation, puts).await,
        added => added,
    }
}

/// They need not be on disk before the commit that puts them in use: what a database writes there, it
/// writes in order.
async fn put_together(
    engine: &Postgres,
    statement: &'static str,
    generation: u32,
    puts: &[DocumentPut],
) -> sqlx::Result<()> {
    let mut transaction = engine.of_tenants_unhurried(puts.iter().map(|put| put.tenant)).await?;
    put(&mut transaction, statement, generation, puts).await?;
    transaction.commit().await
}

async fn put(
    connection: &mut PgConnection,
    statement: &'static str,
    generation: u32,
    puts: &[DocumentPut],
) -> sqlx::Result<()> {
    for puts in puts.chunks(PUTS) {
        write(connection, statement, generation, puts).await?;
        remove(connection, generation, puts).await?;
    }
    Ok(())
}

async fn write(
    connection: &mut PgConnection,
    statement: &'static str,
    generation: u32,
    puts: &[DocumentPut],
) -> sqlx::Result<()> {
    let kept: Vec<(&DocumentPut, &Document)> =
        puts.iter().filter_map(|put| Some((put, put.document.as_ref()?))).collect();
    if kept.is_empty() {
        return Ok(());
    }
    sqlx::query(statement)
        .bind(generation.cast_signed())
        .bind(kept.iter().map(|(put, _)| put.tenant.uuid()).collect::<Vec<_>>())
        .bind(kept.iter().map(|(put, _)| put.noun).collect::<Vec<_>>())
        .bind(kept.iter().map(|(put, _)| put.key.as_slice()).collect::<Vec<_>>())
        .bind(kept.iter().map(|(_, document)| document.state.as_slice()).collect::<Vec<_>>())
        .bind(kept.iter().map(|(_, document)| document.extra.as_slice()).collect::<Vec<_>>())
        .execute(connection)
        .await
        .map(drop)
}

/// One by one: few are ever removed, and of a statement that removes many a planner that believes the
/// table to be small makes one that reads all of the tenant's documents.
async fn remove(
    connection: &mut PgConnection,
    generation: u32,
    puts: &[DocumentPut],
) -> sqlx::Result<()> {
    for put in puts.iter().filter(|put| put.document.is_none()) {
        sqlx::query(REMOVE)
            .bind(generation.cast_signed())
            .bind(put.tenant.uuid())
            .bind(put.noun)
            .bind(put.key.as_slice())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

pub(super) async fn lane(
    engine: &Postgres,
    consumer: &str,
    shard: Shard,
) -> sqlx::Result<LaneState> {
    let found = sqlx::query_as::<_, (i64, i32, String)>(
        "select commits, generation, positions from lanes where consumer = $1 and shard = $2",
    )
    .bind(consumer)
    .bind(shard.0.cast_signed())
    .fetch_optional(engine.pool())
    .await?;
    let state = found.map(|(commits, generation, positions)| LaneState {
        commits: unsigned(commits),
        generation: generation.cast_unsigned(),
        positions: read_positions(&positions),
    });
    Ok(state.unwrap_or_default())
}

/// Writes events and a lane's step in one commit. The checkpoint is moved first: whoever is stale
/// learns it before anything else is done, and two replicas never wait for each other's documents.
pub(super) async fn commit_lane(
    engine: &Postgres,
    rows: &[Row],
    lane: &LaneCommit,
    wait_for: Option<Shard>,
) -> Result<(), WriteError> {
    let tenants = rows.iter().map(|row| row.event.tenant);
    let tenants: BTreeSet<_> = tenants.chain(lane.documents.iter().map(|put| put.tenant)).collect();
    let begin = AssertSqlSafe(begin(tenants.iter().copied(), wait_for));
    let mut lent = engine.lend().await.map_err(write_error)?;
    let connection = lent.connection().map_err(write_error)?;
    let transaction = connection.begin_with(begin).await.map_err(write_error)?;
    let written = write_step(transaction, tenants, rows, lane).await;
    lent.give_back(&written);
    written
}

async fn write_step(
    mut transaction: Transaction<'_, sqlx::Postgres>,
    tenants: BTreeSet<TenantId>,
    rows: &[Row],
    lane: &LaneCommit,
) -> Result<(), WriteError> {
    if move_checkpoint(&mut transaction, lane).await.map_err(write_error)? != 1 {
        return Err(WriteError::Fenced);
    }
    let named = tenant_array(tenants);
    insert::insert(&mut transaction, &named, rows, None).await.map_err(write_error)?;
    put(&mut transaction, PUT, lane.next.generation, &lane.documents).await.map_err(write_error)?;
    transaction.commit().await.map_err(write_error)
}

/// Waits before the checkpoint is moved: whoever has its turn at the shard may be waiting for that.
fn begin(tenants: impl Iterator<Item = TenantId>, wait_for: Option<Shard>) -> String {
    let mut begin = naming(tenants);
    if let Some(shard) = wait_for {
        begin += "; select pg_advisory_xact_lock_shared(hashtext(current_schema()), ";
        begin += &format!("{})", shard.0);
    }
    begin
}

async fn move_checkpoint(connection: &mut PgConnection, lane: &LaneCommit) -> sqlx::Result<u64> {
    let statement = if lane.seen_commits == 0 {
        "insert into lanes (consumer, shard, commits, generation, positions)
         values ($1, $2, $3 + 1, $4, $5) on conflict do nothing"
    } else {
        "update lanes set commits = commits + 1, positions = $5
         where consumer = $1 and shard = $2 and commits = $3 and generation = $4"
    };
    let moved = sqlx::query(statement)
        .bind(lane.consumer)
        .bind(lane.shard.0.cast_signed())
        .bind(signed(lane.seen_commits))
        .bind(lane.next.generation.cast_signed())
        .bind(write_positions(&lane.next.positions))
        .execute(connection)
        .await?;
    Ok(moved.rows_affected())
}

pub(super) async fn switch(
    engine: &Postgres,
    consumer: &str,
    shard: Shard,
    seen_commits: u64,
    generation: u32,
    nouns: &[&'static str],
) -> Result<(), WriteError> {
    let switch_all = async {
        let mut transaction = engine.of_nobody().await?;
        let moved = sqlx::query(
            "update lanes set commits = commits + 1, generation = $4
             where consumer = $1 and shard = $2 and commits = $3",
        )
        .bind(consumer)
        .bind(shard.0.cast_signed())
        .bind(signed(seen_commits))
        .bind(generation.cast_signed())
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "insert into generations (noun, shard, generation)
             select noun, $2, $3 from unnest($1::text[]) as noun
             on conflict (noun, shard) do update set generation = excluded.generation",
        )
        .bind(nouns)
        .bind(shard.0.cast_signed())
        .bind(generation.cast_signed())
        .execute(&mut *transaction)
        .await?;
        if moved.rows_affected() == 1 {
            transaction.commit().await?;
        }
        sqlx::Result::Ok(moved.rows_affected())
    };
    match switch_all.await {
        Ok(1) => Ok(()),
        Ok(_) => Err(WriteError::Fenced),
        Err(error) => Err(WriteError::Fault(fault("switching generations", error))),
    }
}

pub(super) async fn sweep(
    engine: &Postgres,
    tenants: &[TenantId],
    nouns: &[&'static str],
    keep: u32,
) -> sqlx::Result<()> {
    let mut transaction = engine.of_tenants(tenants.iter().copied()).await?;
    sqlx::query(
        "delete from documents
         where tenant = any ($1) and noun = any ($2) and generation <> $3",
    )
    .bind(tenants.iter().map(TenantId::uuid).collect::<Vec<_>>())
    .bind(nouns)
    .bind(keep.cast_signed())
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await
}

pub(super) async fn tenants(engine: &Postgres) -> sqlx::Result<Vec<TenantId>> {
    let mut transaction = engine.of_system().await?;
    let tenants: Vec<uuid::Uuid> = sqlx::query_scalar(TENANTS).fetch_all(&mut *transaction).await?;
    Ok(tenants.into_iter().map(TenantId::from_uuid).collect())
}

pub(super) async fn secret(
    engine: &Postgres,
    tenant: TenantId,
    name: &str,
) -> sqlx::Result<Option<Vec<u8>>> {
    let mut transaction = engine.of_tenants([tenant]).await?;
    let sealed = sqlx::query_scalar("select sealed from secrets where tenant = $1 and name = $2")
        .bind(tenant.uuid())
        .bind(name)
        .fetch_optional(&mut *transaction)
        .await?;
    Ok(sealed)
}

pub(super) async fn keep_secret(
    engine: &Postgres,
    tenant: TenantId,
    name: &str,
    sealed: &[u8],
) -> sqlx::Result<Vec<u8>> {
    let mut transaction = engine.of_tenants([tenant]).await?;
    sqlx::query(
        "insert into secrets (tenant, name, sealed) values ($1, $2, $3) on conflict do nothing",
    )
    .bind(tenant.uuid())
    .bind(name)
    .bind(sealed)
    .execute(&mut *transaction)
    .await?;
    let kept = sqlx::query_scalar("select sealed from secrets where tenant = $1 and name = $2")
        .bind(tenant.uuid())
        .bind(name)
        .fetch_one(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(kept)
}

pub(super) async fn destroy_secret(
    engine: &Postgres,
    tenant: TenantId,
    name: &str,
) -> sqlx::Result<()> {
    let mut transaction = engine.of_tenants([tenant]).await?;
    sqlx::query("delete from secrets where tenant = $1 and name = $2")
        .bind(tenant.uuid())
        .bind(name)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}
