//! A PostgreSQL server for tests: real, its own, and safe to kill.

mod data;

use std::{
    path::PathBuf,
    process::Command,
    sync::{
        Mutex, MutexGuard, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use rustix::process::Signal;
use tempfile::TempDir;

use crate::{
    Trouble, ports,
    running::{self, Running},
    tools,
    user::User,
};

/// The recovery after a kill on a busy machine included.
const PATIENCE: Duration = Duration::from_secs(120);

/// What every server here is started with; a test's own settings come after and win.
const SETTINGS: [(&str, &str); 5] = [
    ("listen_addresses", "127.0.0.1"),
    ("unix_socket_directories", ""),
    ("max_connections", "300"),
    ("shared_buffers", "64MB"),
    ("max_wal_size", "2GB"),
];

/// Settings for `start_with` in tests that kill the server often: what a process has written survives
/// its death without being synced to disk, and recovery takes a twentieth of a second instead of one
/// or more. Only a machine that loses power would tell the difference; measurements do, too.
pub const UNSYNCED: [(&str, &str); 2] = [("fsync", "off"), ("full_page_writes", "off")];

/// One server: listens on 127.0.0.1 alone, trusts every role without a password, and syncs its log to
/// disk as a real one does. Its calls block; dropped, it is stopped and its files are removed.
#[derive(Debug)]
pub struct Postgres {
    bin: PathBuf,
    user: Option<User>,
    settings: Vec<String>,
    port: u16,
    databases: AtomicU32,
    // Declared before its files, so that it is stopped before they are removed.
    running: Mutex<Option<Running>>,
    home: TempDir,
}

/// A database of a server, for one test alone. It goes when its server goes.
///
/// Roles are not part of a database: all databases of a server share them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    port: u16,
    name: String,
}

impl Database {
    /// Connects as the superuser.
    pub fn url(&self) -> String {
        self.url_as("postgres")
    }

    /// Connects as `role`, which needs no password.
    pub fn url_as(&self, role: &str) -> String {
        format!("postgres://{role}@127.0.0.1:{}/{}", self.port, self.name)
    }

    /// Its name on the server.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Postgres {
    /// A new server with no database of a test yet. Takes about half a second, and a few more the first
    /// time on a machine.
    pub fn start() -> Result<Self, Trouble> {
        Self::start_with(&[])
    }

    /// The same with settings of `postgresql.conf`, such as `("shared_buffers", "1GB")`.
    pub fn start_with(settings: &[(&str, &str)]) -> Result<Self, Trouble> {
        let bin = tools::postgres_bin()?;
        let user = User::unprivileged()?;
        let home = tempfile::Builder::new()
            .prefix("northstar-postgres-")
            .tempdir_in(tools::temporary()?)
            .map_err(Trouble::when("making a folder for PostgreSQL"))?;
        data::lay(&bin, user, home.path())?;
        let settings = SETTINGS.iter().chain(settings).map(|(key, value)| format!("{key}={value}"));
        let mut server = Self {
            bin,
            user,
            settings: settings.collect(),
            port: 0,
            databases: AtomicU32::new(0),
            running: Mutex::new(None),
            home,
        };
        let (port, running) = ports::with_free(|port| server.launch(port))?;
        server.port = port;
        *server.running() = Some(running);
        Ok(server)
    }

    /// The server that all tests of this process share, each in a database of its own. Not to be killed.
    pub fn shared() -> Result<&'static Self, Trouble> {
        static SHARED: OnceLock<Result<Postgres, Trouble>> = OnceLock::new();
        SHARED.get_or_init(Self::start).as_ref().map_err(Clone::clone)
    }

    /// The port on 127.0.0.1, the same after a restart.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Connects as the superuser to the server's own database, for what concerns the whole server.
    pub fn url(&self) -> String {
        Database { port: self.port, name: "postgres".into() }.url()
    }

    /// A new, empty database.
    pub fn create_database(&self) -> Result<Database, Trouble> {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed) + 1);
        let created = Command::new(self.bin.join("createdb"))
            .args(["--host=127.0.0.1", "--username=postgres", "--no-password"])
            .arg(format!("--port={}", self.port))
            .arg(&name)
            .output()
            .map_err(Trouble::when("running createdb"))?;
        if created.status.success() {
            return Ok(Database { port: self.port, name });
        }
        let said = String::from_utf8_lossy(&created.stderr);
        Err(Trouble::new(format!("createdb {name}: {}", said.trim())))
    }

    /// Kills the server and every process of it with signal 9, as a crash would, and waits until all
    /// are gone. Does nothing to one that is down.
    pub fn kill9(&self) {
        if let Some(running) = self.running().take() {
            running.kill9();
        }
    }

    /// Starts it again on the same port and data, after a kill or, if it still runs, an orderly stop.
    /// Returns when it accepts connections.
    pub fn restart(&self) -> Result<(), Trouble> {
        let mut running = self.running();
        if let Some(running) = running.take() {
            running.stop();
        }
        *running = Some(self.launch(self.port)?);
        Ok(())
    }

    /// The end of what the server has logged.
    pub fn log(&self) -> String {
        running::tail(&self.log_file())
    }

    fn launch(&self, port: u16) -> Result<Running, Trouble> {
        let data = data::folder(self.home.path());
        let mut command = Command::new(self.bin.join("postgres"));
        command.arg("-D").arg(&data).current_dir(&data).arg("-p").arg(port.to_string());
        for setting in &self.settings {
            command.arg("-c").arg(setting);
        }
        if let Some(user) = self.user {
            user.run(&mut command);
        }
        // QUIT: ends at once and in order, without waiting for clients or for a last checkpoint.
        let mut running =
            Running::spawn(command, &self.log_file(), Signal::QUIT, self.home.path())?;
        let pid = running.pid();
        running.until(PATIENCE, || data::says_ready(&data, pid))?;
        Ok(running)
    }

    fn log_file(&self) -> PathBuf {
        self.home.path().join("log")
    }

    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Drop for Postgres {
    /// Stopped rather than killed: a killed server leaves a segment of the system's shared memory.
    fn drop(&mut self) {
        if let Some(running) = self.running().take() {
            running.stop();
        }
    }
}
