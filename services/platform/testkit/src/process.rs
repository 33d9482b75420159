//! A program under test as a process of its own: started, asked whether it is ready, killed.

use std::{
    env,
    ffi::{OsStr, OsString},
    fs,
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::PathBuf,
    process::{Command, ExitStatus},
    sync::{Mutex, MutexGuard},
    thread,
    time::Duration,
};

use rustix::process::Signal;
use tempfile::TempDir;

use crate::{
    Trouble,
    running::{self, Running},
};

const PATIENCE: Duration = Duration::from_secs(60);
const PROBE: Duration = Duration::from_secs(2);
/// What the program under test takes from its environment, and must not take from the tests'.
const OWN_VARIABLES: &str = "NORTHSTAR_";

/// How to start a program.
#[derive(Debug, Clone)]
pub struct Launch {
    program: PathBuf,
    arguments: Vec<OsString>,
    variables: Vec<(OsString, OsString)>,
    health: Option<u16>,
    patience: Duration,
}

impl Launch {
    /// `program` without arguments. It will see this process's environment except for the variables
    /// that begin with `NORTHSTAR_`.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
            variables: Vec::new(),
            health: None,
            patience: PATIENCE,
        }
    }

    /// One more argument.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// More arguments.
    pub fn args(self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        arguments.into_iter().fold(self, Self::arg)
    }

    /// One more variable of its environment.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.variables.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// The port on 127.0.0.1 whose `/ready` answers 200 when it is ready. Without one it counts as
    /// ready as soon as it runs.
    pub fn health(mut self, port: u16) -> Self {
        self.health = Some(port);
        self
    }

    /// How long it may take to be ready, instead of 60 seconds.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Starts it and waits until it is ready.
    pub fn start(self) -> Result<Server, Trouble> {
        let home = tempfile::Builder::new()
            .prefix("northstar-process-")
            .tempdir()
            .map_err(Trouble::when("making a folder for a log"))?;
        let server = Server { launch: self, running: Mutex::new(None), home };
        server.restart()?;
        Ok(server)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        for (name, _) in env::vars_os() {
            if name.as_encoded_bytes().starts_with(OWN_VARIABLES.as_bytes()) {
                command.env_remove(name);
            }
        }
        command
            .args(&self.arguments)
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// A started program. Its calls block. Dropped, it is killed; dropped while its test fails, it shows
/// the end of its log first.
#[derive(Debug)]
pub struct Server {
    launch: Launch,
    // Declared before its files, so that it is killed before they are removed.
    running: Mutex<Option<Running>>,
    home: TempDir,
}

impl Server {
    /// Its process id, `None` while it is down.
    pub fn pid(&self) -> Option<u32> {
        self.running().as_ref().map(Running::pid)
    }

    /// How it ended by itself; `None` while it runs, and after it was killed or stopped.
    pub fn ended(&self) -> Option<ExitStatus> {
        self.running().as_mut()?.ended()
    }

    /// Kills it with signal 9, as a crash would. Does nothing to one that is down.
    pub fn kill9(&self) {
        if let Some(running) = self.running().take() {
            running.kill9();
        }
    }

    /// Asks it to end (signal TERM) and waits; it is killed after 20 seconds. `None` if it was down.
    pub fn stop(&self) -> Option<ExitStatus> {
        let running = self.running().take()?;
        Some(running.stop())
    }

    /// Starts it as it was started first, after stopping it if it still runs, and waits until it is
    /// ready. The log goes on where it was.
    pub fn restart(&self) -> Result<(), Trouble> {
        let mut running = self.running();
        if let Some(running) = running.take() {
            running.stop();
        }
        let (log, home) = (self.log_file(), self.home.path());
        let mut started = Running::spawn(self.launch.command(), &log, Signal::TERM, home)?;
        let health = self.launch.health;
        started.until(self.launch.patience, || health.is_none_or(is_ready))?;
        *running = Some(started);
        Ok(())
    }

    /// The end of what it wrote to its outputs.
    pub fn log(&self) -> String {
        running::tail(&self.log_file())
    }

    /// All that it wrote to its outputs since it was first started.
    pub fn output(&self) -> String {
        let written = fs::read(self.log_file()).unwrap_or_default();
        String::from_utf8_lossy(&written).into_owned()
    }

    fn log_file(&self) -> PathBuf {
        self.home.path().join("log")
    }

    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if thread::panicking() {
            let command = self.launch.command();
            eprintln!("--- the log of {command:?} ends with:\n{}\n---", self.log());
        }
    }
}

/// Whether `/ready` answers 200 on this port of 127.0.0.1. Any other answer, and none, is a no.
pub fn is_ready(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let Ok(mut connection) = TcpStream::connect_timeout(&address, PROBE) else { return false };
    let mut answer = Vec::new();
    // How the connection ends after the answer is of no interest.
    let _ = connection.set_read_timeout(Some(PROBE)).and_then(|()| {
        connection
            .write_all(b"GET /ready HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
        connection.read_to_end(&mut answer)
    });
    answer.starts_with(b"HTTP/1.1 200 ")
}
