//! What a cluster's processes are told: ports, keys and one configuration file.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use northstar_testkit::{Database, ports};

use super::Process;
use crate::program::{ISSUER, Program};

/// Fewer than a deployment has, so that the few tenants of a test share them.
pub(super) const SHARDS: u16 = 4;
/// How long a dead replica's shards wait for the other one.
const LEASE_MILLIS: u64 = 1_500;

/// Where each process answers: its API, and its health.
#[derive(Debug)]
pub(super) struct Ports(BTreeMap<Process, (u16, u16)>);

impl Ports {
    pub(super) fn new() -> Self {
        let pair = |process| (process, (ports::free().unwrap(), ports::free().unwrap()));
        Self(Process::ALL.into_iter().map(pair).collect())
    }

    pub(super) fn of(&self, process: Process) -> (u16, u16) {
        self.0[&process]
    }

    /// The port of a context's API, of the first replica if there are two.
    pub(super) fn api(&self, context: &str) -> u16 {
        let first = Process::ALL.into_iter().find(|process| process.context() == context);
        self.of(first.unwrap()).0
    }
}

/// Makes the issuer's key with its public half, and the services' token; returns the key's file.
pub(super) fn keys(program: &Program, home: &Path) -> PathBuf {
    let key = home.join("issuer.pem");
    let jwks = home.join("jwks.json");
    let token = program.token(&key, &["--role", "service", "--jwks", jwks.to_str().unwrap()]);
    fs::write(home.join("service.token"), token).unwrap();
    let master: [u8; 32] = rand::random();
    let digits: String = master.iter().map(|byte| format!("{byte:02x}")).collect();
    fs::write(home.join("master.key"), digits).unwrap();
    key
}

/// Writes the configuration that all processes share; returns its file.
pub(super) fn write(
    home: &Path,
    ports: &Ports,
    database: &Database,
    database_port: u16,
    nats: &str,
) -> PathBuf {
    let file = home.join("northstar.toml");
    let (folder, owner, name) = (home.display(), database.url(), database.name());
    let mut text = format!(
        "auth = {{ issuer = \"{ISSUER}\", audience = \"northstar\", jwks = \"{folder}/jwks.json\" }}\n\
         log = {{ shards = {SHARDS}, master_key_file = \"{folder}/master.key\" }}\n\
         telemetry = {{ log = \"info\" }}\n\
         [cluster]\n\
         database_url = \"postgres://127.0.0.1:{database_port}/{name}\"\n\
         owner_url = \"{owner}\"\n\
         nats_url = \"{nats}\"\n\
         token_file = \"{folder}/service.token\"\n\
         lease_millis = {LEASE_MILLIS}\n\
         [cluster.endpoints]\n"
    );
    for context in crate::demo::CONTEXTS {
        text += &format!("{context} = \"http://127.0.0.1:{}\"\n", ports.api(context));
    }
    fs::write(&file, text).unwrap();
    file
}
