//! (a) Durable appends of many callers, on both engines.

use std::sync::Arc;

use northstar_eventlog::Log;
use northstar_eventlog::engine::Engine as _;
use northstar_eventlog::sqlite::Sqlite;
use sqlx::postgres::PgConnection;
use sqlx::{ConnectOptions as _, Connection as _, PgPool};
use tokio::sync::Mutex;

use crate::plain;
use crate::rate::{CALLERS, next_number, rate};
use crate::singles::Singles;
use northstar_tests::measure::command::Pace;
use northstar_tests::measure::figure::{Bar, Figure};
use northstar_tests::measure::sample::{append, district, row, scope};
use northstar_tests::measure::stand::{Logs, Stand, options};

pub(crate) async fn measure(pace: Pace) -> anyhow::Result<Vec<Figure>> {
    let mut figures = postgres(pace).await?;
    figures.extend(sqlite(pace).await?);
    Ok(figures)
}

async fn postgres(pace: Pace) -> anyhow::Result<Vec<Figure>> {
    let stand = Stand::start()?;
    let logs = stand.database().await?;
    let log = logs.open("evidence")?;
    let (pool, connections) = (logs.pool(CALLERS as u32).await?, connections(&logs).await?);
    let mut walled =
        Figure::new("Postgres, 64 callers / one-row transactions", "appends/s", Bar::AtLeast(7.0));
    let mut pooled =
        Figure::new("  … / with the tenant named once a session", "appends/s", Bar::None);
    let mut bare = Figure::new("  … / and without a pool", "appends/s", Bar::None);
    let mut spread = Figure::new("  … of eight tenants / the first", "appends/s", Bar::None);
    for round in 0..=pace.rounds {
        let ours = gathered(&log, pace).await?;
        let of_many = of_tenants(&log, pace).await?;
        let naming = pooled_transactions(&pool, true, pace).await?;
        let from_pool = pooled_transactions(&pool, false, pace).await?;
        let on_connections = transactions(&connections, pace).await?;
        // In the first round statements are prepared and caches are cold.
        if round > 0 {
            walled.add(ours, naming);
            pooled.add(ours, from_pool);
            bare.add(ours, on_connections);
            spread.add(of_many, naming);
        }
    }
    Ok(vec![walled, pooled, bare, spread])
}

/// What a service without an event log would do: a pool with a connection for each caller. With
/// `name` each transaction names its tenant first, as it must behind the same walls.
async fn pooled_transactions(pool: &PgPool, name: bool, pace: Pace) -> anyhow::Result<f64> {
    let pool = pool.clone();
    rate(CALLERS, pace.sample, move |_| {
        let pool = pool.clone();
        async move { plain::transact(pool.begin().await?, next_number(), name).await }
    })
    .await
}

/// A connection for each caller, and no pool that asks whether it is still there.
type Connections = Arc<Vec<Mutex<PgConnection>>>;

async fn connections(logs: &Logs) -> anyhow::Result<Connections> {
    let mut connections = Vec::new();
    for _ in 0..CALLERS {
        connections.push(Mutex::new(logs.plain()?.connect().await?));
    }
    Ok(Arc::new(connections))
}

/// Appends a second of a log.
pub(crate) async fn gathered(log: &Log, pace: Pace) -> anyhow::Result<f64> {
    let log = log.tenant(&scope());
    rate(CALLERS, pace.sample, move |_| {
        let log = log.clone();
        async move { Ok(log.append(append(next_number())).await.map(drop)?) }
    })
    .await
}

/// The same for several tenants of a deployment, whose shards are written side by side.
async fn of_tenants(log: &Log, pace: Pace) -> anyhow::Result<f64> {
    let logs: Vec<_> = (0..8).map(|number| log.tenant(&district(number))).collect();
    rate(CALLERS, pace.sample, move |caller| {
        let log = logs[caller % logs.len()].clone();
        async move { Ok(log.append(append(next_number())).await.map(drop)?) }
    })
    .await
}

async fn transactions(connections: &Connections, pace: Pace) -> anyhow::Result<f64> {
    let connections = Arc::clone(connections);
    rate(CALLERS, pace.sample, move |caller| {
        let connections = Arc::clone(&connections);
        async move {
            let mut connection = connections[caller].lock().await;
            plain::transact(connection.begin().await?, next_number(), false).await
        }
    })
    .await
}

async fn sqlite(pace: Pace) -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("evidence.db");
    let engine = Arc::new(Sqlite::open(&file)?);
    let log = Log::new(engine.clone(), options("evidence"));
    let singles = Singles::open(&file)?;
    let mut callers =
        Figure::new("SQLite, 64 callers / one-row transactions", "appends/s", Bar::AtLeast(5.0));
    let mut queued = Figure::new("  … / one after the other by one writer", "appends/s", Bar::None);
    for _ in 0..pace.rounds {
        let ours = gathered(&log, pace).await?;
        callers.add(ours, singles.written(pace).await?);
        queued.add(ours, written_by_one(&engine, pace).await?);
    }
    Ok(vec![callers, queued])
}

/// The same engine and file, each row in a transaction of its own.
async fn written_by_one(engine: &Arc<Sqlite>, pace: Pace) -> anyhow::Result<f64> {
    let engine = Arc::clone(engine);
    rate(CALLERS, pace.sample, move |_| {
        let engine = Arc::clone(&engine);
        async move {
            let rows = row(next_number()).into_iter().collect();
            let written = engine.write(rows, None, None).await;
            written.map_err(|error| anyhow::anyhow!("writing a row: {error:?}"))
        }
    })
    .await
}
