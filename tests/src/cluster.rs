//! The cluster footing: PostgreSQL, NATS, and every service as a process of its own.

mod config;

use std::{fs, net::SocketAddr, path::PathBuf, sync::Arc};

use northstar_eventlog::postgres::{Connection, Postgres as Engine, migrate};
use northstar_eventlog::{Log, MasterKey, Options};
use northstar_kernel::ShardCount;
use northstar_testkit::{Database, Nats, Postgres, Server, postgres::UNSYNCED};
use serde_json::Value;
use tempfile::TempDir;

use crate::{demo::Clients, embedded, feed::Follower, program::Program};

use config::Ports;

/// A process of the cluster that runs a service. Mastery has two replicas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Process {
    /// What the others refer to.
    Registry,
    /// What learners showed.
    Evidence,
    /// The replica of mastery that clients and the other services are told of.
    MasteryOne,
    /// The other replica, which only followers are told of.
    MasteryTwo,
    /// What was earned.
    Credentials,
    /// What it opens.
    Pathways,
}

impl Process {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Registry,
        Self::Evidence,
        Self::MasteryOne,
        Self::MasteryTwo,
        Self::Credentials,
        Self::Pathways,
    ];

    /// The context it serves.
    pub fn context(self) -> &'static str {
        match self {
            Self::Registry => "registry",
            Self::Evidence => "evidence",
            Self::MasteryOne | Self::MasteryTwo => "mastery",
            Self::Credentials => "credentials",
            Self::Pathways => "pathways",
        }
    }
}

/// A part that can be killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// A service's process.
    Of(Process),
    /// The broker, which finds what it kept when it comes back.
    Nats,
    /// The broker, which has lost everything when it comes back.
    NatsStore,
    /// The database.
    Postgres,
}

/// A running cluster. Other contexts and clients reach mastery by its first replica.
#[derive(Debug)]
pub struct Cluster {
    program: Program,
    key: PathBuf,
    clients: [PathBuf; 2],
    followers: [PathBuf; 2],
    config: PathBuf,
    ports: Ports,
    database: Database,
    // In the order in which they are to end: services first, files last.
    services: Vec<(Process, Server)>,
    nats: Nats,
    postgres: Postgres,
    _home: TempDir,
}

impl Cluster {
    /// A new cluster with nothing in it; ready when this returns.
    pub fn start(program: &Program) -> Self {
        Self::start_with(program, &UNSYNCED)
    }

    /// The same over a database with these settings of `postgresql.conf`.
    pub fn start_with(program: &Program, settings: &[(&str, &str)]) -> Self {
        let home = tempfile::Builder::new().prefix("northstar-cluster-").tempdir().unwrap();
        let (nats, postgres) = (Nats::start().unwrap(), Postgres::start_with(settings).unwrap());
        let database = postgres.create_database().unwrap();
        let ports = Ports::new();
        let key = config::keys(program, home.path());
        let config = config::write(home.path(), &ports, &database, postgres.port(), &nats.url());
        let clients = embedded::clients(program, &key, home.path(), |context| ports.api(context));
        let [one, two] = [Process::MasteryOne, Process::MasteryTwo].map(|replica| {
            let folder = home.path().join(format!("{replica:?}"));
            fs::create_dir(&folder).unwrap();
            let at = |context: &str| match context {
                "mastery" => ports.of(replica).0,
                other => ports.api(other),
            };
            let [_, admin] = embedded::clients(program, &key, &folder, at);
            admin
        });
        let mut cluster = Self {
            program: program.clone(),
            key,
            clients,
            followers: [one, two],
            config,
            ports,
            database,
            services: Vec::new(),
            nats,
            postgres,
            _home: home,
        };
        cluster.migrate("up");
        cluster.services = Process::ALL.map(|process| (process, cluster.serve(process))).into();
        cluster
    }

    fn serve(&self, process: Process) -> Server {
        let (api, health) = self.ports.of(process);
        let set = |key: &str, port: u16| format!("server.{key}=127.0.0.1:{port}");
        let launch = self.program.launch().args(["serve", process.context(), "--config"]);
        let launch = launch.arg(&self.config).args(["--set", &set("listen", api)]);
        launch.args(["--set", &set("health", health)]).health(health).start().unwrap()
    }

    /// `northstar migrate up` or `status`: what it prints, after it ended well.
    pub fn migrate(&self, what: &str) -> String {
        self.program.run(["migrate", what, "--config", self.config.to_str().unwrap()])
    }

    /// Clients of the cluster.
    pub fn clients(&self) -> Clients<'_> {
        Clients { operator: &self.clients[0], admin: &self.clients[1] }
    }

    /// A token that these arguments of `northstar token` grant.
    pub fn token(&self, granted: &[&str]) -> String {
        self.program.token(&self.key, granted)
    }

    /// Where a process answers calls.
    pub fn address(&self, process: Process) -> SocketAddr {
        ([127, 0, 0, 1], self.ports.of(process).0).into()
    }

    /// A context's log, to look into and to write as its service would. Secrets do not open: their
    /// key is another.
    pub fn log(&self, context: &'static str) -> Log {
        let url = self.database.url_as(&migrate::role(context));
        let engine = Engine::connect(&Connection { url, schema: context, connections: 2 }).unwrap();
        let shards = ShardCount::new(config::SHARDS).unwrap();
        Log::new(Arc::new(engine), Options { context, shards, master_key: MasterKey::new([0; 32]) })
    }

    /// Loads the demo region and gives what `northstar import demo` prints.
    pub fn import_demo(&self) -> Value {
        let [operator, admin] = self.clients.each_ref().map(|client| client.to_str().unwrap());
        let import = ["import", "demo", "-o", "json", "--operator-client", operator];
        self.program.json(import.into_iter().chain(["--client", admin]))
    }

    /// Starts to follow mastery events at one of its two replicas, from the beginning.
    pub fn follow(&self, replica: Process) -> Follower {
        let [one, two] = &self.followers;
        let client = if replica == Process::MasteryOne { one } else { two };
        Follower::start(&self.program, client)
    }

    /// Kills a part with signal 9, as a crash would.
    pub fn kill(&self, part: Part) {
        match part {
            Part::Of(process) => self.server(process).kill9(),
            Part::Nats => self.nats.kill9(),
            Part::NatsStore => self.nats.delete_store().unwrap(),
            Part::Postgres => self.postgres.kill9(),
        }
    }

    /// Starts a part that was killed; returns when it is ready.
    pub fn restart(&self, part: Part) {
        match part {
            Part::Of(process) => self.server(process).restart().unwrap(),
            Part::Nats | Part::NatsStore => self.nats.restart().unwrap(),
            Part::Postgres => self.postgres.restart().unwrap(),
        }
    }

    fn server(&self, process: Process) -> &Server {
        let found = self.services.iter().find(|(other, _)| *other == process);
        found.map(|(_, server)| server).unwrap()
    }
}
