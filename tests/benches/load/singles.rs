//! What SQLite does for many callers who write a row each: a connection for each, a transaction for
//! each row, and one of them at a time.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use northstar_eventlog::engine::Row;
use rusqlite::{Connection, TransactionBehavior, params};
use tokio::task::spawn_blocking;

use crate::rate::{CALLERS, next_number, rate};
use northstar_tests::measure::command::Pace;
use northstar_tests::measure::sample;

const INSERT: &str = "insert into events (
    shard, position, tenant, sequence, id, stream, version, event_type, schema_version,
    observed_at, recorded_at, actor, correlation_id, causation_id, traceparent, key_id, payload,
    request_id, request_content, append_len
) values (
    ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20
)";

/// A connection for each caller.
pub(crate) struct Singles(Arc<Vec<Mutex<Connection>>>);

impl Singles {
    /// To a file whose tables are there.
    pub(crate) fn open(file: &Path) -> anyhow::Result<Self> {
        let connections: Result<_, _> = (0..CALLERS).map(|_| connect(file)).collect();
        Ok(Self(Arc::new(connections?)))
    }

    /// Rows a second, each in a transaction of its own.
    pub(crate) async fn written(&self, pace: Pace) -> anyhow::Result<f64> {
        let connections = Arc::clone(&self.0);
        rate(CALLERS, pace.sample, move |caller| {
            let connections = Arc::clone(&connections);
            async move { spawn_blocking(move || write(&connections[caller], next_number())).await? }
        })
        .await
    }
}

fn connect(file: &Path) -> rusqlite::Result<Mutex<Connection>> {
    let connection = Connection::open(file)?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.busy_timeout(Duration::from_secs(30))?;
    Ok(Mutex::new(connection))
}

fn write(connection: &Mutex<Connection>, number: u64) -> anyhow::Result<()> {
    let row = sample::row(number).context("an event")?;
    let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    insert(&transaction, &row)?;
    Ok(transaction.commit()?)
}

fn insert(db: &Connection, Row { event, request, append_len }: &Row) -> rusqlite::Result<()> {
    db.prepare_cached(INSERT)?.execute(params![
        event.shard.0,
        event.position.0.cast_signed(),
        event.tenant.as_bytes(),
        event.sequence.0.cast_signed(),
        event.id.as_bytes(),
        &*event.stream,
        event.version.0.cast_signed(),
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
    Ok(())
}
