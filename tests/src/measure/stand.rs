//! A real Postgres, synced to disk as in operation, and logs in it.

use std::str::FromStr as _;
use std::sync::Arc;

use northstar_eventlog::postgres::{Connection, Postgres as Engine, migrate};
use northstar_eventlog::{Log, MasterKey, Options};
use northstar_kernel::ShardCount;
use northstar_testkit::{Database, Postgres};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions as _, PgPool};
use tokio::task::block_in_place;

use super::sample::plain_tenant;

const CONTEXTS: [&str; 3] = ["registry", "evidence", "mastery"];
/// Memory as a server of its own has it, and no checkpoint inside a run: the first change of a page
/// after one writes all of the page, and whose sample that hits is chance.
const SETTINGS: [(&str, &str); 3] =
    [("shared_buffers", "1GB"), ("max_wal_size", "16GB"), ("checkpoint_timeout", "1h")];
/// Connections a context, as a server has them by default.
const CONNECTIONS: u32 = 8;

/// A server of its own, gone when this is dropped.
pub struct Stand {
    server: Postgres,
}

impl Stand {
    /// Starts it.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start() -> anyhow::Result<Self> {
        Self::start_with(&[])
    }

    /// The same with more settings of `postgresql.conf`; of two for one name the later counts.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_with(more: &[(&str, &str)]) -> anyhow::Result<Self> {
        let settings: Vec<_> = SETTINGS.iter().chain(more).copied().collect();
        Ok(Self { server: block_in_place(|| Postgres::start_with(&settings))? })
    }

    /// A new database with empty logs.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn database(&self) -> anyhow::Result<Logs> {
        let database = block_in_place(|| self.server.create_database())?;
        migrate::up(&database.url(), &CONTEXTS, None).await?;
        Ok(Logs(Place::In(database)))
    }
}

/// The logs of one database.
pub struct Logs(Place);

enum Place {
    In(Database),
    /// Known by its URL without a user, in a process that did not start the server.
    At(String),
}

impl Logs {
    /// The logs behind an [`Logs::address`].
    pub fn at(address: String) -> Self {
        Self(Place::At(address))
    }

    /// What another process needs to open the logs: host, port and database.
    pub fn address(&self) -> String {
        match &self.0 {
            Place::In(database) => database.url_as("").replace("postgres://@", ""),
            Place::At(address) => address.clone(),
        }
    }

    /// Connects as the superuser, who loads and looks at what services may not; only in the process
    /// that started the server.
    pub fn owner_url(&self) -> Option<String> {
        match &self.0 {
            Place::In(database) => Some(database.url()),
            Place::At(_) => None,
        }
    }

    fn url(&self, context: &str) -> String {
        format!("postgres://{}@{}", migrate::role(context), self.address())
    }

    /// A context's log as its server opens it.
    ///
    /// # Errors
    /// When the address makes no sense.
    pub fn open(&self, context: &'static str) -> anyhow::Result<Log> {
        let (url, connections) = (self.url(context), CONNECTIONS);
        let engine = Engine::connect(&Connection { url, schema: context, connections })?;
        Ok(Log::new(Arc::new(engine), options(context)))
    }

    /// Plain connections as the evidence service's role, on which the baseline's tenant is named
    /// once for the whole session.
    ///
    /// # Errors
    /// When the address makes no sense.
    pub fn plain(&self) -> anyhow::Result<PgConnectOptions> {
        let named = format!("{{{}}}", plain_tenant());
        Ok(PgConnectOptions::from_str(&self.url("evidence"))?
            .options([("search_path", "evidence")])
            .options([("northstar.tenants", named)])
            .disable_statement_logging())
    }

    /// The same in a pool of sqlx, as most services have them.
    ///
    /// # Errors
    /// When it cannot connect.
    pub async fn pool(&self, connections: u32) -> anyhow::Result<PgPool> {
        let options = PgPoolOptions::new();
        let options = options.min_connections(connections).max_connections(connections);
        Ok(options.connect_with(self.plain()?).await?)
    }
}

/// The deployment that all logs here belong to.
pub fn options(context: &'static str) -> Options {
    Options { context, shards: ShardCount::DEFAULT, master_key: MasterKey::new([7; 32]) }
}
