//! The log's own statements.

use northstar_kernel::{Digest, Position, Sequence, Shard, TenantId, Version};
use sqlx::Row as _;

use super::connect::tenant_array;
use super::rows::{self, recorded, signed, unsigned};
use super::{Postgres, insert};
use crate::engine::Row;
use crate::{Answered, Appended, Recorded};

const HEADS: &str = include_str!("../../sql/postgres/heads.sql");
const TENANTS: &str = include_str!("../../sql/postgres/tenants.sql");
const SEQUENCES: &str = include_str!("../../sql/postgres/sequences.sql");
const VERSIONS: &str = include_str!("../../sql/postgres/versions.sql");
const ANSWERED: &str = include_str!("../../sql/postgres/answered.sql");
const FEED: &str = include_str!("../../sql/postgres/feed.sql");
const STREAM: &str = include_str!("../../sql/postgres/stream.sql");

pub(super) async fn head(engine: &Postgres, shard: Shard) -> sqlx::Result<Position> {
    let mut transaction = engine.of_system().await?;
    let head: Option<i64> = sqlx::query_scalar("select max(position) from events where shard = $1")
        .bind(shard.0.cast_signed())
        .fetch_one(&mut *transaction)
        .await?;
    Ok(Position(unsigned(head.unwrap_or_default())))
}

pub(super) async fn heads(engine: &Postgres) -> sqlx::Result<Vec<(Shard, Position)>> {
    let mut transaction = engine.of_system().await?;
    let heads = sqlx::query_as::<_, (i16, i64)>(HEADS).fetch_all(&mut *transaction).await?;
    let typed = |(shard, at): (i16, i64)| (Shard(shard.cast_unsigned()), Position(unsigned(at)));
    Ok(heads.into_iter().map(typed).collect())
}

pub(super) async fn sequences(
    engine: &Postgres,
    tenants: &[TenantId],
) -> sqlx::Result<Vec<Sequence>> {
    let mut transaction = engine.of_tenants(tenants.iter().copied()).await?;
    let newest: Vec<i64> = sqlx::query_scalar(SEQUENCES)
        .bind(tenants.iter().map(TenantId::uuid).collect::<Vec<_>>())
        .fetch_all(&mut *transaction)
        .await?;
    Ok(newest.into_iter().map(|sequence| Sequence(unsigned(sequence))).collect())
}

pub(super) async fn versions(
    engine: &Postgres,
    streams: &[(TenantId, String)],
) -> sqlx::Result<Vec<Version>> {
    let mut transaction = engine.of_tenants(streams.iter().map(|(tenant, _)| *tenant)).await?;
    let versions: Vec<i64> = sqlx::query_scalar(VERSIONS)
        .bind(streams.iter().map(|(tenant, _)| tenant.uuid()).collect::<Vec<_>>())
        .bind(streams.iter().map(|(_, stream)| stream.as_str()).collect::<Vec<_>>())
        .fetch_all(&mut *transaction)
        .await?;
    Ok(versions.into_iter().map(|version| Version(unsigned(version))).collect())
}

pub(super) async fn answered(
    engine: &Postgres,
    keys: &[(TenantId, String)],
) -> sqlx::Result<Vec<Option<Answered>>> {
    let mut transaction = engine.of_tenants(keys.iter().map(|(tenant, _)| *tenant)).await?;
    let found = sqlx::query(ANSWERED)
        .bind(keys.iter().map(|(tenant, _)| tenant.uuid()).collect::<Vec<_>>())
        .bind(keys.iter().map(|(_, id)| id.as_str()).collect::<Vec<_>>())
        .fetch_all(&mut *transaction)
        .await?;
    let mut answered: Vec<Option<Answered>> = keys.iter().map(|_| None).collect();
    for row in found {
        let place = usize::try_from(row.try_get::<i64, _>(0)?).unwrap_or_default();
        if let Some(slot) = place.checked_sub(1).and_then(|index| answered.get_mut(index)) {
            *slot = Some(read_answer(&row)?);
        }
    }
    Ok(answered)
}

fn read_answer(row: &sqlx::postgres::PgRow) -> sqlx::Result<Answered> {
    let more = u64::from(row.try_get::<i16, _>(6)?.cast_unsigned()).saturating_sub(1);
    let content: Vec<u8> = row.try_get(1)?;
    let content = content.try_into().map_err(|_| rows::malformed("request_content"))?;
    Ok(Answered {
        content: Digest(content),
        stream: row.try_get(2)?,
        appended: Appended {
            position: Position(unsigned(row.try_get(3)?)).plus(more),
            sequence: Sequence(unsigned(row.try_get(4)?)).plus(more),
            version: Version(unsigned(row.try_get(5)?)).plus(more),
            repeated: true,
        },
    })
}

pub(super) async fn feed(
    engine: &Postgres,
    tenant: TenantId,
    after: Sequence,
    limit: u32,
) -> sqlx::Result<Vec<Recorded>> {
    let mut transaction = engine.of_tenants([tenant]).await?;
    let rows = sqlx::query(FEED)
        .bind(tenant.uuid())
        .bind(signed(after.0))
        .bind(i64::from(limit))
        .fetch_all(&mut *transaction)
        .await?;
    rows.iter().map(recorded).collect()
}

pub(super) async fn stream(
    engine: &Postgres,
    tenant: TenantId,
    stream: &str,
) -> sqlx::Result<Vec<Recorded>> {
    let mut transaction = engine.of_tenants([tenant]).await?;
    let rows =
        sqlx::query(STREAM).bind(tenant.uuid()).bind(stream).fetch_all(&mut *transaction).await?;
    rows.iter().map(recorded).collect()
}

pub(super) async fn tenants(engine: &Postgres, shard: Shard) -> sqlx::Result<Vec<TenantId>> {
    let mut transaction = engine.of_system().await?;
    let tenants: Vec<uuid::Uuid> = sqlx::query_scalar(TENANTS)
        .bind(shard.0.cast_signed())
        .fetch_all(&mut *transaction)
        .await?;
    Ok(tenants.into_iter().map(TenantId::from_uuid).collect())
}

/// Writes events in a commit of their own.
pub(super) async fn append(
    engine: &Postgres,
    rows: &[Row],
    wait_for: Option<Shard>,
) -> sqlx::Result<()> {
    let tenants = tenant_array(rows.iter().map(|row| row.event.tenant));
    let mut lent = engine.lend().await?;
    let written = insert::insert(lent.connection()?, &tenants, rows, wait_for).await;
    lent.give_back(&written);
    written
}
