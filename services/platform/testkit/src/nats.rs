//! A NATS server with JetStream for tests: real, its own, and safe to kill.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::PathBuf,
    process::Command,
    sync::{Mutex, MutexGuard},
    time::Duration,
};

use rustix::process::Signal;
use tempfile::TempDir;

use crate::{
    Trouble, ports,
    running::{self, Running},
    tools,
};

const PATIENCE: Duration = Duration::from_secs(60);
const CONNECT: Duration = Duration::from_secs(1);

/// One server on 127.0.0.1 that asks for no credentials unless its settings say so. Its calls block;
/// dropped, it is stopped and its files are removed.
#[derive(Debug)]
pub struct Nats {
    program: PathBuf,
    settings: String,
    port: u16,
    // Declared before its files, so that it is stopped before they are removed.
    running: Mutex<Option<Running>>,
    home: TempDir,
}

impl Nats {
    /// A new server with an empty store. Takes some hundredths of a second, and a few seconds the first
    /// time on a machine.
    pub fn start() -> Result<Self, Trouble> {
        Self::start_with("")
    }

    /// The same with lines added to its configuration file: accounts, limits.
    pub fn start_with(settings: &str) -> Result<Self, Trouble> {
        let home = tempfile::Builder::new()
            .prefix("northstar-nats-")
            .tempdir()
            .map_err(Trouble::when("making a folder for NATS"))?;
        let mut server = Self {
            program: tools::nats_server()?,
            settings: settings.to_owned(),
            port: 0,
            running: Mutex::new(None),
            home,
        };
        let (port, running) = ports::with_free(|port| server.launch(port))?;
        server.port = port;
        *server.running() = Some(running);
        Ok(server)
    }

    /// The port on 127.0.0.1, the same after a restart.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What clients connect to.
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Kills it with signal 9, as a crash would. Does nothing to one that is down.
    pub fn kill9(&self) {
        if let Some(running) = self.running().take() {
            running.kill9();
        }
    }

    /// Starts it again on the same port and store, after a kill or, if it still runs, an orderly stop.
    /// Returns when it accepts clients and JetStream is up.
    pub fn restart(&self) -> Result<(), Trouble> {
        let mut running = self.running();
        if let Some(running) = running.take() {
            running.stop();
        }
        *running = Some(self.launch(self.port)?);
        Ok(())
    }

    /// Removes everything JetStream kept; kills the server first if it still runs.
    pub fn delete_store(&self) -> Result<(), Trouble> {
        self.kill9();
        let store = self.store();
        if !store.exists() {
            return Ok(());
        }
        fs::remove_dir_all(&store)
            .map_err(Trouble::when(format_args!("removing {}", store.display())))
    }

    /// The end of what the server has logged.
    pub fn log(&self) -> String {
        running::tail(&self.home.path().join("log"))
    }

    fn launch(&self, port: u16) -> Result<Running, Trouble> {
        let home = self.home.path();
        let config = home.join("nats.conf");
        fs::write(&config, self.config(port))
            .map_err(Trouble::when(format_args!("writing {}", config.display())))?;
        let mut command = Command::new(&self.program);
        command.arg("-c").arg(&config);
        let mut running = Running::spawn(command, &home.join("log"), Signal::TERM, home)?;
        running.until(PATIENCE, || jetstream_is_up(port))?;
        Ok(running)
    }

    fn config(&self, port: u16) -> String {
        format!(
            "listen: \"127.0.0.1:{port}\"\nserver_name: \"test-{port}\"\n\
             jetstream {{ store_dir: {:?} }}\n{}\n",
            self.store(),
            self.settings
        )
    }

    fn store(&self) -> PathBuf {
        self.home.path().join("store")
    }

    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// A server greets each client with a line about itself.
fn jetstream_is_up(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let Ok(connection) = TcpStream::connect_timeout(&address, CONNECT) else { return false };
    let mut greeting = String::new();
    connection.set_read_timeout(Some(CONNECT)).is_ok()
        && BufReader::new(connection).read_line(&mut greeting).is_ok()
        && greeting.contains("\"jetstream\":true")
}
