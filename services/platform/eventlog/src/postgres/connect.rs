//! Connections, scopes, and what Postgres' errors mean.

use std::str::FromStr as _;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use northstar_kernel::TenantId;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgPool, SqlSafeStr, Transaction};

use crate::Fault;
use crate::engine::WriteError;

const ACQUIRE: Duration = Duration::from_secs(10);
/// A connection that was used within this time is not asked first whether it is still there.
const FRESH: Duration = Duration::from_secs(1);
/// Connections kept for writers, at most, and of how many in all: a small pool needs its own.
const KEPT: usize = 2;
const OF: u32 = 4;

/// Begins a transaction that works on whole shards.
pub(super) const SYSTEM: &str = "begin; set local northstar.scope = 'system'";
/// Every statement has its index. A plan that is made while a table is small, and kept, would read
/// the whole of it in every execution until the table is analyzed, in the middle of an import.
const PLANS: [(&str, &str); 3] =
    [("enable_seqscan", "off"), ("jit", "off"), ("plan_cache_mode", "force_generic_plan")];

/// Where a context's tables are, and as whom to come.
#[derive(Debug, Clone)]
pub struct Connection {
    /// `postgres://user@host/database`; the user must be the context's own role.
    pub url: String,
    /// The schema: the context's name.
    pub schema: &'static str,
    /// Connections at most.
    pub connections: u32,
}

/// An [`crate::engine::Engine`] over one schema of a Postgres database.
pub struct Postgres {
    pool: PgPool,
    /// Taken from the pool and kept for writers: the pool asks the server whether a connection is
    /// there whenever it gets one back.
    kept: Mutex<Vec<(PoolConnection<sqlx::Postgres>, Instant)>>,
    keep_at_most: usize,
    /// Apart from the others, so that whoever has its turn is not kept from writing.
    turns: PgPool,
}

impl Postgres {
    /// Makes a pool that connects when it is first used: a server may start before its database.
    ///
    /// # Errors
    /// When the URL makes no sense.
    pub fn connect(connection: &Connection) -> Result<Self, Fault> {
        let options = PgConnectOptions::from_str(&connection.url)
            .map_err(|_| Fault::lasting("reading the database URL", "it is not a Postgres URL"))?
            .application_name(&format!("northstar-{}", connection.schema))
            .options([("search_path", connection.schema)])
            .options(PLANS)
            .disable_statement_logging();
        let pool = |connections, options| {
            PgPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(ACQUIRE)
                .test_before_acquire(false)
                .before_acquire(|connection: &mut PgConnection, used| {
                    Box::pin(async move {
                        if used.idle_for > FRESH {
                            connection.ping().await?;
                        }
                        Ok(true)
                    })
                })
                .connect_lazy_with(options)
        };
        let turns = pool(1, options.clone());
        Ok(Self {
            pool: pool(connection.connections, options),
            kept: Mutex::default(),
            keep_at_most: KEPT.min((connection.connections / OF) as usize),
            turns,
        })
    }

    /// A connection to write with, to be given back.
    pub(super) async fn lend(&self) -> sqlx::Result<Lent<'_>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match kept {
            Some((connection, used)) if used.elapsed() < FRESH => connection,
            // One that rested goes back to the pool, which knows what to do with it.
            rested => {
                drop(rested);
                self.pool.acquire().await?
            }
        };
        Ok(Lent { engine: self, connection: Some(connection) })
    }

    /// Keeps a connection for the next writer, or gives it back to the pool.
    fn keep(&self, connection: PoolConnection<sqlx::Postgres>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < self.keep_at_most {
            kept.push((connection, Instant::now()));
        }
    }

    /// A transaction for a turn at a shard: one at a time.
    pub(super) async fn of_turn(&self) -> sqlx::Result<Transaction<'static, sqlx::Postgres>> {
        begin(&self.turns, "begin").await
    }

    pub(super) fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// A transaction that sees these tenants and no others. One that has only read may be dropped.
    pub(super) async fn of_tenants(
        &self,
        tenants: impl IntoIterator<Item = TenantId>,
    ) -> sqlx::Result<Transaction<'static, sqlx::Postgres>> {
        begin(&self.pool, AssertSqlSafe(naming(tenants))).await
    }

    /// The same for what need not be on disk when it is committed, because a later commit is that
    /// makes it count.
    pub(super) async fn of_tenants_unhurried(
        &self,
        tenants: impl IntoIterator<Item = TenantId>,
    ) -> sqlx::Result<Transaction<'static, sqlx::Postgres>> {
        let statement = naming(tenants) + "; set local synchronous_commit = off";
        begin(&self.pool, AssertSqlSafe(statement)).await
    }

    /// A transaction that works on whole shards: heads, relays, lanes. Never for a caller.
    pub(super) async fn of_system(&self) -> sqlx::Result<Transaction<'static, sqlx::Postgres>> {
        begin(&self.pool, SYSTEM).await
    }

    /// A transaction on tables that have nobody's data.
    pub(super) async fn of_nobody(&self) -> sqlx::Result<Transaction<'static, sqlx::Postgres>> {
        begin(&self.pool, "begin").await
    }
}

/// A connection lent for writing. Dropped before it is given back, it is closed: whoever stopped
/// waiting in the middle may have left it inside a transaction that sqlx knows nothing of.
pub(super) struct Lent<'a> {
    engine: &'a Postgres,
    connection: Option<PoolConnection<sqlx::Postgres>>,
}

impl Lent<'_> {
    /// The connection, until it is given back.
    pub(super) fn connection(&mut self) -> sqlx::Result<&mut PgConnection> {
        self.connection.as_deref_mut().ok_or(sqlx::Error::PoolClosed)
    }

    /// Gives it back after an answer; one that was refused something goes through the pool, which
    /// has what was begun rolled back.
    pub(super) fn give_back<T, E>(mut self, answer: &Result<T, E>) {
        if let (Some(connection), Ok(_)) = (self.connection.take(), answer) {
            self.engine.keep(connection);
        }
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(connection) = &mut self.connection {
            connection.close_on_drop();
        }
    }
}

/// Begins a transaction. sqlx 0.9.0 takes a begin that was dropped half-way for none, and the pool
/// would lend the next one a connection inside a transaction: what it writes there could be
/// acknowledged, and then rolled back.
async fn begin(
    pool: &PgPool,
    statement: impl SqlSafeStr + Send + 'static,
) -> sqlx::Result<Transaction<'static, sqlx::Postgres>> {
    let pool = pool.clone();
    to_its_end(async move { pool.begin_with(statement).await }).await
}

/// Goes on with `work` although nobody may be waiting for it any more.
pub(super) async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = sqlx::Result<T>> + Send + 'static,
) -> sqlx::Result<T> {
    tokio::spawn(work).await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
}

/// Begins a transaction and names its tenants, in one message. Ids are all that goes into it.
pub(super) fn naming(tenants: impl IntoIterator<Item = TenantId>) -> String {
    format!("begin; set local northstar.tenants = '{}'", tenant_array(tenants))
}

/// Tenants as a Postgres array literal, each once.
pub(super) fn tenant_array(tenants: impl IntoIterator<Item = TenantId>) -> String {
    let mut tenants: Vec<TenantId> = tenants.into_iter().collect();
    tenants.sort_unstable();
    tenants.dedup();
    let tenants: Vec<String> = tenants.iter().map(TenantId::to_string).collect();
    format!("{{{}}}", tenants.join(","))
}

/// Turns sqlx' word into a fault; whatever may be better after a reconnect is passing.
pub(super) fn fault(doing: &'static str, error: sqlx::Error) -> Fault {
    let passing = match &error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Protocol(_) | sqlx::Error::PoolClosed | sqlx::Error::BeginFailed => true,
        sqlx::Error::Database(database) => database.code().is_some_and(|code| is_passing(&code)),
        _ => false,
    };
    if passing { Fault::passing(doing, error) } else { Fault::lasting(doing, error) }
}

/// Connection trouble, a transaction that is none, serialization, out of resources, shutting down or
/// starting up, trouble with the machine.
fn is_passing(code: &str) -> bool {
    ["08", "25", "40", "53", "57", "58"].iter().any(|class| code.starts_with(class))
}

pub(super) fn write_error(error: sqlx::Error) -> WriteError {
    let unique = error.as_database_error().is_some_and(|error| error.is_unique_violation());
    if unique { WriteError::Clash } else { WriteError::Fault(fault("writing events", error)) }
}
