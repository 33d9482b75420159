//! Which replica works on which shard. Leases and turns save wasted tries; safety never rests on
//! them.

use std::time::Duration;

use northstar_kernel::Shard;
use sqlx::{Executor as _, Transaction};
use uuid::Uuid;

use super::Postgres;

const HOLD: &str = include_str!("../../sql/postgres/hold_shards.sql");

pub(super) async fn hold(
    engine: &Postgres,
    replica: Uuid,
    all: u16,
    ttl: Duration,
) -> sqlx::Result<Vec<Shard>> {
    let mut transaction = engine.of_nobody().await?;
    // One balancing at a time in this schema; released with the transaction.
    sqlx::query("select pg_advisory_xact_lock(hashtext(current_schema()))")
        .execute(&mut *transaction)
        .await?;
    sqlx::query(
        "insert into replicas (id, seen_until) values ($1, now() + $2)
         on conflict (id) do update set seen_until = excluded.seen_until",
    )
    .bind(replica)
    .bind(ttl)
    .execute(&mut *transaction)
    .await?;
    let held: Vec<i16> = sqlx::query_scalar(HOLD)
        .bind(replica)
        .bind(i32::from(all))
        .bind(ttl)
        .fetch_all(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(held.into_iter().map(|shard| Shard(shard.cast_unsigned())).collect())
}

/// A transaction that keeps other writers from the shard: each holds the lock that is taken here,
/// shared, for the length of its commit, and the server lets nobody wait for ever.
pub(super) async fn turn(
    engine: &Postgres,
    shard: Shard,
) -> sqlx::Result<Transaction<'static, sqlx::Postgres>> {
    let mut transaction = engine.of_turn().await?;
    // Should this process hang, the server ends its turn.
    transaction.execute("set local idle_in_transaction_session_timeout = '5s'").await?;
    sqlx::query("select pg_advisory_xact_lock(hashtext(current_schema()), $1)")
        .bind(i32::from(shard.0))
        .execute(&mut *transaction)
        .await?;
    Ok(transaction)
}

pub(super) async fn release(engine: &Postgres, replica: Uuid) -> sqlx::Result<()> {
    let mut transaction = engine.of_nobody().await?;
    for statement in ["delete from leases where holder = $1", "delete from replicas where id = $1"]
    {
        sqlx::query(statement).bind(replica).execute(&mut *transaction).await?;
    }
    transaction.commit().await
}
