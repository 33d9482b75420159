//! Stores of both engines to run the cases on.

use std::sync::Arc;

use northstar_eventlog::Log;
use northstar_eventlog::postgres::{Connection, Postgres as Engine, migrate};
use northstar_eventlog::sqlite::Sqlite;
use tempfile::TempDir;

use super::{Store, given};
use crate::{Database, Postgres};

/// The context whose schema the stores have.
pub const CONTEXT: &str = "evidence";
/// Connections of one log.
const CONNECTIONS: u32 = 6;

/// A file in a folder of its own.
#[derive(Debug)]
pub struct OnSqlite {
    folder: TempDir,
}

impl OnSqlite {
    /// An empty store.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }
}

impl Default for OnSqlite {
    fn default() -> Self {
        Self::new()
    }
}

impl Store for OnSqlite {
    fn log_under(&self, master_key: [u8; 32]) -> Log {
        let engine = Sqlite::open(&self.folder.path().join("evidence.db")).unwrap();
        Log::new(Arc::new(engine), given::options(master_key))
    }
}

/// A database of a server, with the schema of one context, reached as the context's own role.
#[derive(Debug)]
pub struct OnPostgres {
    database: Database,
}

impl OnPostgres {
    /// An empty store on the server that the process' tests share.
    pub async fn new() -> Self {
        Self::on(Postgres::shared().unwrap()).await
    }

    /// An empty store on this server.
    pub async fn on(server: &Postgres) -> Self {
        let database = server.create_database().unwrap();
        migrate::up(&database.url(), &[CONTEXT], None).await.unwrap();
        Self { database }
    }

    /// The database, for what goes around the log.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Where the service's own role comes in.
    pub fn service_url(&self) -> String {
        self.database.url_as(&migrate::role(CONTEXT))
    }
}

impl Store for OnPostgres {
    fn log_under(&self, master_key: [u8; 32]) -> Log {
        let url = self.service_url();
        let connection = Connection { url, schema: CONTEXT, connections: CONNECTIONS };
        Log::new(Arc::new(Engine::connect(&connection).unwrap()), given::options(master_key))
    }
}
