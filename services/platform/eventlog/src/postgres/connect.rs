//! Connections, scopes, and what Postgres' errors mean.

use std::str::FromStr as _;
use std::time::Duration;

use northstar_kernel::TenantId;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{PgPool, Transaction};

use crate::Fault;
use crate::engine::WriteError;

const ACQUIRE: Duration = Duration::from_secs(10);

/// Every statement has its index. A plan that is made while a table is small, and kept, would read
/// the whole of it in every execution until the table is analyzed, in the middle of an import.
const PLANS: [(&str, &str); 2] = [("enable_seqscan", "off"), ("jit", "off")];

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
            .options(PLANS);
        let pool = |connections, options| {
            PgPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(ACQUIRE)
                .connect_lazy_with(options)
        };
        Ok(Self { pool: pool(connection.connections, options.clone()), turns: pool(1, options) })
    }

    /// One connection, for turns at a shard.
    pub(super) fn turns(&self) -> &PgPool {
        &self.turns
    }

    pub(super) fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// A transaction that sees these tenants and no others.
    pub(super) async fn of_tenants(
        &self,
        tenants: impl IntoIterator<Item = TenantId>,
    ) -> sqlx::Result<Transaction<'static, sqlx::Postgres>> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query("select set_config('northstar.tenants', $1, true)")
            .bind(tenant_array(tenants))
            .execute(&mut *transaction)
            .await?;
        Ok(transaction)
    }

    /// A transaction that works on whole shards: heads, relays, lanes. Never for a caller.
    pub(super) async fn of_system(&self) -> sqlx::Result<Transaction<'static, sqlx::Postgres>> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query("select set_config('northstar.scope', 'system', true)")
            .execute(&mut *transaction)
            .await?;
        Ok(transaction)
    }
}

/// Tenants as a Postgres array literal, each once.
pub(super) fn tenant_array(tenants: impl IntoIterator<Item = TenantId>) -> String {
    let mut tenants: Vec<String> = tenants.into_iter().map(|tenant| tenant.to_string()).collect();
    tenants.sort_unstable();
    tenants.dedup();
    format!("{{{}}}", tenants.join(","))
}

/// Turns sqlx' word into a fault; whatever may be better after a reconnect is passing.
pub(super) fn fault(doing: &'static str, error: sqlx::Error) -> Fault {
    let passing = match &error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Protocol(_) | sqlx::Error::PoolClosed => true,
        sqlx::Error::Database(database) => database.code().is_some_and(|code| is_passing(&code)),
        _ => false,
    };
    if passing { Fault::passing(doing, error) } else { Fault::lasting(doing, error) }
}

/// Connection trouble, serialization, out of resources, shutting down or starting up.
fn is_passing(code: &str) -> bool {
    ["08", "40", "53", "57"].iter().any(|class| code.starts_with(class))
}

pub(super) fn write_error(error: sqlx::Error) -> WriteError {
    let unique = error.as_database_error().is_some_and(|error| error.is_unique_violation());
    if unique { WriteError::Clash } else { WriteError::Fault(fault("writing events", error)) }
}
