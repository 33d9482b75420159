//! A real Postgres, synced to disk as in operation, and logs in it.

use std::str::FromStr as _;
use std::sync::Arc;

use northstar_eventlog::postgres::{Connection, Postgres as Engine, migrate};
use northstar_eventlog::{Log, MasterKey, Options};
use northstar_kernel::ShardCount;
use northstar_testkit::{Database, Postgres};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::task::block_in_place;

use crate::sample::plain_tenant;

const CONTEXTS: [&str; 3] = ["registry", "evidence", "mastery"];
/// Connections a context, as a server has them by default.
const CONNECTIONS: u32 = 8;

/// A server of its own, gone when this is dropped.
pub(crate) struct Stand {
    server: Postgres,
}

impl Stand {
    pub(crate) fn start() -> anyhow::Result<Self> {
        Ok(Self { server: block_in_place(Postgres::start)? })
    }

    /// A new database with empty logs.
    pub(crate) async fn database(&self) -> anyhow::Result<Logs> {
        let database = block_in_place(|| self.server.create_database())?;
        migrate::up(&database.url(), &CONTEXTS, None).await?;
        Ok(Logs(Place::In(database)))
    }
}

/// The logs of one database.
pub(crate) struct Logs(Place);

enum Place {
    In(Database),
    /// Known by its URL without a user, in a process that did not start the server.
    At(String),
}

impl Logs {
    /// The logs behind an [`Logs::address`].
    pub(crate) fn at(address: String) -> Self {
        Self(Place::At(address))
    }

    /// What another process needs to open the logs: host, port and database.
    pub(crate) fn address(&self) -> String {
        match &self.0 {
            Place::In(database) => database.url_as("").replace("postgres://@", ""),
            Place::At(address) => address.clone(),
        }
    }

    fn url(&self, context: &str) -> String {
        format!("postgres://{}@{}", migrate::role(context), self.address())
    }

    /// A context's log as its server opens it.
    pub(crate) fn open(&self, context: &'static str) -> anyhow::Result<Log> {
        let (url, connections) = (self.url(context), CONNECTIONS);
        let engine = Engine::connect(&Connection { url, schema: context, connections })?;
        Ok(Log::new(Arc::new(engine), options(context)))
    }

    /// A plain connection as the evidence service's role. With `named` the baseline's tenant is
    /// named once for the whole session; else every transaction must do so.
    pub(crate) async fn plain(&self, named: bool) -> anyhow::Result<PgConnection> {
        let options = PgConnectOptions::from_str(&self.url("evidence"))?
            .options([("search_path", "evidence")])
            .disable_statement_logging();
        let mut connection = PgConnection::connect_with(&options).await?;
        if named {
            sqlx::query("select set_config('northstar.tenants', $1, false)")
                .bind(format!("{{{}}}", plain_tenant()))
                .execute(&mut connection)
                .await?;
        }
        Ok(connection)
    }
}

/// The deployment that all logs here belong to.
pub(crate) fn options(context: &'static str) -> Options {
    Options { context, shards: ShardCount::DEFAULT, master_key: MasterKey::new([7; 32]) }
}
