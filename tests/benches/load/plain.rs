//! What a service without an event log would do: one row, one statement, one commit.

use anyhow::Context as _;
use northstar_eventlog::engine::Row;
use sqlx::postgres::PgConnection;
use sqlx::{Connection as _, PgExecutor};

use crate::sample::{self, plain_tenant};

const INSERT: &str = "insert into events (
    shard, position, tenant, sequence, id, stream, version, event_type, schema_version,
    observed_at, recorded_at, actor, correlation_id, causation_id, traceparent, key_id, payload,
    request_id, request_content, append_len
) values (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20
)";

/// One insert that is its own transaction.
pub(crate) async fn insert(connection: &mut PgConnection, number: u64) -> anyhow::Result<()> {
    execute(&mut *connection, &sample::row(number).context("an event")?).await
}

/// One row in a transaction of its own. With `name` the transaction names its tenant first, as any
/// pooled connection must before row-level security lets it write.
pub(crate) async fn transact(
    connection: &mut PgConnection,
    number: u64,
    name: bool,
) -> anyhow::Result<()> {
    let row = sample::row(number).context("an event")?;
    let mut transaction = connection.begin().await?;
    if name {
        sqlx::query("select set_config('northstar.tenants', $1, true)")
            .bind(format!("{{{}}}", plain_tenant()))
            .execute(&mut *transaction)
            .await?;
    }
    execute(&mut *transaction, &row).await?;
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
