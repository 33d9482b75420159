//! Connections: one that writes, on a thread of its own, and a few that read.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};
use tokio::sync::{Mutex, oneshot};

use super::SCHEMA_VERSION;
use crate::Fault;

const READERS: usize = 2;
const TABLES: &str = include_str!("../../sql/sqlite/0001_tables.sql");

/// Opens the writing connection and makes the tables if the file is new.
pub(super) fn writing(file: &Path) -> Result<Connection, Fault> {
    let mut db = Connection::open(file).map_err(|error| fault("opening the log file", error))?;
    let version = prepare(&mut db).map_err(|error| fault("preparing the log file", error))?;
    if version > SCHEMA_VERSION {
        let why = format!("it has schema {version}, and this program knows {SCHEMA_VERSION}");
        return Err(Fault::lasting("opening the log file", why));
    }
    Ok(db)
}

/// Returns the version of the schema that the file has now.
fn prepare(db: &mut Connection) -> rusqlite::Result<u32> {
    db.pragma_update(None, "journal_mode", "wal")?;
    db.pragma_update(None, "synchronous", "full")?;
    db.pragma_update(None, "cache_size", -2_048)?;
    db.busy_timeout(Duration::from_secs(10))?;
    db.set_prepared_statement_cache_capacity(32);
    let transaction = db.transaction_with_behavior(rusqlite::TransactionBehavior::Exclusive)?;
    let mut version: u32 = transaction.query_row("pragma user_version", [], |row| row.get(0))?;
    if version == 0 {
        transaction.execute_batch(TABLES)?;
        transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
        version = SCHEMA_VERSION;
    }
    transaction.commit()?;
    Ok(version)
}

/// Turns SQLite's word into a fault; a busy or full file may be better later.
pub(super) fn fault(doing: &'static str, error: rusqlite::Error) -> Fault {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::DiskFull) => {
            Fault::passing(doing, error)
        }
        _ => Fault::lasting(doing, error),
    }
}

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// The thread that has the writing connection.
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
}

impl Writer {
    pub(super) fn start(mut db: Connection) -> Result<Self, Fault> {
        let (jobs, inbox) = mpsc::channel::<Job>();
        thread::Builder::new()
            .name("log-writer".to_owned())
            .spawn(move || inbox.into_iter().for_each(|job| job(&mut db)))
            .map_err(|error| Fault::lasting("starting the writer thread", error))?;
        Ok(Self { jobs })
    }

    /// Runs `work` on the writing connection, after what was asked before.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |db| drop(reply.send(work(db))));
        self.jobs.send(job).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())
    }
}

fn gone() -> Fault {
    Fault::lasting("writing to the log file", "the writer thread has ended")
}

/// The reading connections; a caller waits for a free one.
pub(super) struct Readers {
    connections: Vec<Arc<Mutex<Connection>>>,
}

impl Readers {
    pub(super) fn open(file: &Path) -> Result<Self, Fault> {
        let open = |_| reading(file).map(|db| Arc::new(Mutex::new(db)));
        let connections = (0..READERS)
            .map(open)
            .collect::<rusqlite::Result<_>>()
            .map_err(|error| fault("opening the log file to read", error))?;
        Ok(Self { connections })
    }

    /// Runs `read` on a reading connection, off the async threads.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        doing: &'static str,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Fault> {
        let guard = self.free().await;
        tokio::task::spawn_blocking(move || read(&guard))
            .await
            .map_err(|error| Fault::lasting(doing, error))?
            .map_err(|error| fault(doing, error))
    }

    async fn free(&self) -> tokio::sync::OwnedMutexGuard<Connection> {
        for connection in &self.connections[1..] {
            if let Ok(guard) = Arc::clone(connection).try_lock_owned() {
                return guard;
            }
        }
        Arc::clone(&self.connections[0]).lock_owned().await
    }
}

fn reading(file: &Path) -> rusqlite::Result<Connection> {
    let db = Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    db.pragma_update(None, "cache_size", -1_024)?;
    db.busy_timeout(Duration::from_secs(10))?;
    db.set_prepared_statement_cache_capacity(32);
    Ok(db)
}
