//! (a) Durable appends of many callers, on both engines.

use std::sync::Arc;

use northstar_eventlog::Log;
use northstar_eventlog::engine::Engine as _;
use northstar_eventlog::sqlite::Sqlite;
use sqlx::postgres::PgConnection;
use tokio::sync::Mutex;

use crate::figure::{Bar, Figure};
use crate::options::Pace;
use crate::plain;
use crate::rate::{CALLERS, next_number, rate};
use crate::sample::{append, row, scope};
use crate::stand::{Logs, Stand, options};

pub(crate) async fn measure(pace: Pace) -> anyhow::Result<Vec<Figure>> {
    let mut figures = postgres(pace).await?;
    figures.push(sqlite(pace).await?);
    Ok(figures)
}

async fn postgres(pace: Pace) -> anyhow::Result<Vec<Figure>> {
    let stand = Stand::start()?;
    let logs = stand.database().await?;
    let log = logs.open("evidence")?;
    let (unnamed, named) = (connections(&logs, false).await?, connections(&logs, true).await?);
    let mut naming =
        Figure::new("Postgres, 64 callers / one-row transactions", "appends/s", Bar::AtLeast(7.0));
    let mut bare = Figure::new("  … with the tenant named once a session", "appends/s", Bar::None);
    for round in 0..=pace.rounds {
        let ours = gathered(&log, pace).await?;
        let naming_each = transactions(&unnamed, true, pace).await?;
        let named_once = transactions(&named, false, pace).await?;
        // In the first round statements are prepared and caches are cold.
        if round > 0 {
            naming.add(ours, naming_each);
            bare.add(ours, named_once);
        }
    }
    Ok(vec![naming, bare])
}

/// A connection for each caller of the baseline: no pool to wait for.
type Connections = Arc<Vec<Mutex<PgConnection>>>;

async fn connections(logs: &Logs, named: bool) -> anyhow::Result<Connections> {
    let mut connections = Vec::new();
    for _ in 0..CALLERS {
        connections.push(Mutex::new(logs.plain(named).await?));
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

async fn transactions(connections: &Connections, name: bool, pace: Pace) -> anyhow::Result<f64> {
    let connections = Arc::clone(connections);
    rate(CALLERS, pace.sample, move |caller| {
        let connections = Arc::clone(&connections);
        async move {
            let mut connection = connections[caller].lock().await;
            plain::transact(&mut connection, next_number(), name).await
        }
    })
    .await
}

async fn sqlite(pace: Pace) -> anyhow::Result<Figure> {
    let folder = tempfile::tempdir()?;
    let engine = Arc::new(Sqlite::open(&folder.path().join("evidence.db"))?);
    let log = Log::new(engine.clone(), options("evidence"));
    let mut figure =
        Figure::new("SQLite, 64 callers / its own one-row writes", "appends/s", Bar::AtLeast(5.0));
    for _ in 0..pace.rounds {
        figure.add(gathered(&log, pace).await?, written_singly(&engine, pace).await?);
    }
    Ok(figure)
}

/// The same engine and file, each row in a transaction of its own.
async fn written_singly(engine: &Arc<Sqlite>, pace: Pace) -> anyhow::Result<f64> {
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
