//! The `northstar` program as tests use it: run to its end, or started as a server.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use northstar_testkit::Launch;
use serde_json::Value;

/// The `iss` of all tokens.
pub(crate) const ISSUER: &str = "northstar-test";

/// The program under test, by its path: `env!("CARGO_BIN_EXE_northstar-under-test")`.
#[derive(Debug, Clone)]
pub struct Program(PathBuf);

impl Program {
    /// The program at this path.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Runs it to its end and gives what it wrote to its output. Panics, with all that it said, when
    /// it does not end well.
    pub fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> String {
        let (command, ended) = self.ended(arguments);
        let [said, complained] =
            [&ended.stdout, &ended.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        assert!(ended.status.success(), "{command:?}: {}\n{said}\n{complained}", ended.status);
        said
    }

    /// Runs it to its end and gives its code.
    pub fn code<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Option<i32> {
        self.ended(arguments).1.status.code()
    }

    /// Starts it with a pipe to what it says and one to what it is told.
    pub fn begun<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Child {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Runs it to its end and gives its code, what it wrote to its output, and what it complained of.
    pub fn outcome<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
    ) -> (Option<i32>, String, String) {
        let (_, ended) = self.ended(arguments);
        let [said, complained] =
            [&ended.stdout, &ended.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        (ended.status.code(), said, complained)
    }

    fn ended<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> (Command, Output) {
        let mut command = self.command(arguments);
        let ended = command.output().unwrap();
        (command, ended)
    }

    fn command<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new(&self.0);
        let ours = env::vars_os().map(|(name, _)| name);
        for name in ours.filter(|name| name.as_encoded_bytes().starts_with(b"NORTHSTAR_")) {
            command.env_remove(name);
        }
        command.args(arguments);
        command
    }

    /// The same for a command whose output is one JSON document.
    pub fn json<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Value {
        let said = self.run(arguments);
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error} in: {said}"))
    }

    /// The program as a server to be started.
    pub fn launch(&self) -> Launch {
        Launch::new(&self.0)
    }

    /// A token of the deployment whose issuer key is at `key`, made with it if there is none.
    pub fn token(&self, key: &Path, more: &[&str]) -> String {
        let arguments = ["token", "--issuer", ISSUER, "--key"].map(OsStr::new);
        let arguments = arguments.into_iter().chain([key.as_os_str()]);
        self.run(arguments.chain(more.iter().map(OsStr::new))).trim().to_owned()
    }
}
