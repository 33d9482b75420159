//! What a service without an event log would do: one row, one statement, one commit.

use anyhow::Context as _;
use northstar_eventlog::engine::Row;
use sqlx::{PgExecutor, Postgres, Transaction};

use northstar_tests::measure::sample;

const INSERT: &str = "insert into events (
    shard, position, tenant, sequence, id, stream, version, event_type, schema_version,
    observed_at, recorded_at, actor, correlation_id, causation_id, traceparent, key_id, payload,
    request_id, request_content, append_len
) values (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20
)";

/// One insert that is its own transaction.
pub(crate) async fn insert(executor: impl PgExecutor<'_>, number: u64) -> anyhow::Result<()> {
    execute(executor, &sample::row(number).context("an event")?).await
}

/// One row in a transaction that was begun for it. With `name` the transaction names its tenant first.
pub(crate) async fn transact(
    mut transaction: Transaction<'_, Postgres>,
    number: u64,
    name: bool,
) -> anyhow::Result<()> {
    if name {
        sqlx::query("select set_config('northstar.tenants', $1, true)")
            .bind(format!("{{{}}}", sample::plain_tenant()))
            .execute(&mut *transaction)
            .await?;
    }
    insert(&mut *transaction, number).await?;
    Ok(transaction.commit().await?)
}

async fn execute(
    executor: impl PgExecutor<'_>,
    Row { event, request, append_len }: &Row,
) -> anyhow::Result<()> {
    sqlx::query(INSERT)
        .bind(event.shard.0.cast_signed())
        .bind(event.position.0.cast_signed())
        .bind(event.tenant.uuid())
        .bind(event.sequence.0.cast_signed())
        .bind(event.id.uuid())
        .bind(&*event.stream)
        .bind(event.version.0.cast_signed())
        .bind(&*event.event_type)
        .bind(event.schema_version.cast_signed())
        .bind(event.observed_at.micros())
        .bind(event.recorded_at.micros())
        .bind(&*event.actor)
        .bind(event.correlation_id)
        .bind(event.causation_id)
        .bind(&*event.traceparent)
        .bind(event.key_id)
        .bind(&*event.payload)
        .bind(request.as_ref().map(|request| request.id.as_str()))
        .bind(request.as_ref().map(|request| request.content.0.as_slice()))
        .bind(append_len.cast_signed())
        .execute(executor)
        .await?;
    Ok(())
}
