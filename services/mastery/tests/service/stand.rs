//! Where a test's logs are: a folder of its own, or a database of its own.

use std::sync::Arc;

use northstar_eventlog::postgres::{Connection, Postgres, migrate};
use northstar_eventlog::sqlite::Sqlite;
use northstar_eventlog::{Log, MasterKey, Options};
use northstar_kernel::ShardCount;
use northstar_testkit::Database;
use tempfile::TempDir;
use tokio::task::block_in_place;

const CONTEXTS: [&str; 3] = ["registry", "evidence", "mastery"];

/// One of the two engines, empty at first; gone with the test.
pub(crate) enum Stand {
    Folder(TempDir),
    Database(Database),
}

impl Stand {
    pub(crate) fn sqlite() -> Self {
        Self::Folder(TempDir::new().expect("a folder"))
    }

    /// Asks for a runtime of several threads: to start a server blocks.
    pub(crate) async fn postgres() -> Self {
        let database = block_in_place(|| {
            northstar_testkit::Postgres::shared().and_then(|server| server.create_database())
        });
        let database = database.expect("a database");
        migrate::up(&database.url(), &CONTEXTS, None).await.expect("its schemas");
        Self::Database(database)
    }

    /// The log of a context, as another replica would open it.
    pub(crate) fn log(&self, context: &'static str) -> Log {
        let shards = ShardCount::new(1).expect("one is a count");
        let options = Options { context, shards, master_key: MasterKey::new([7; 32]) };
        match self {
            Self::Folder(folder) => {
                let engine = Sqlite::open(&folder.path().join(context)).expect("a database");
                Log::new(Arc::new(engine), options)
            }
            Self::Database(database) => {
                let url = database.url_as(&migrate::role(context));
                let connection = Connection { url, schema: context, connections: 6 };
                Log::new(Arc::new(Postgres::connect(&connection).expect("a pool")), options)
            }
        }
    }
}
