//! The embedded footing: one process over a folder.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpStream},
    path::{Path, PathBuf},
};

use northstar_testkit::{Server, ports};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    demo::{self, Clients, Counted, State, TENANT},
    program::{ISSUER, Program},
};

/// A folder that `northstar dev` keeps everything in.
#[derive(Debug)]
pub struct Embedded {
    program: Program,
    port: u16,
    home: TempDir,
}

/// A server over that folder.
#[derive(Debug)]
pub struct Serving {
    operator: PathBuf,
    admin: PathBuf,
    edge: u16,
    // Ended before its folder is removed.
    _server: Server,
}

impl Serving {
    /// Its clients.
    pub fn clients(&self) -> Clients<'_> {
        Clients { operator: &self.operator, admin: &self.admin }
    }

    /// Where its public face is.
    pub fn edge(&self) -> u16 {
        self.edge
    }

    /// What its public face answers to somebody without a token: the body, if that is a success.
    pub fn public(&self, path: &str) -> Option<Vec<u8>> {
        let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, self.edge)).unwrap();
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        connection.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).unwrap();
        let body = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
        answer.starts_with(b"HTTP/1.1 200 ").then(|| answer.split_off(body))
    }
}

impl Embedded {
    /// An empty folder.
    pub fn new(program: &Program) -> Self {
        let home = tempfile::Builder::new().prefix("northstar-embedded-").tempdir().unwrap();
        Self { program: program.clone(), port: ports::free().unwrap(), home }
    }

    /// Loads the demo region and gives the summary.
    pub fn dev_once(&self) -> Value {
        let data = self.home.path().to_str().unwrap();
        let listen = format!("127.0.0.1:{}", self.port);
        let arguments = ["dev", "--once", "-o", "json", "--data", data, "--listen", &listen];
        self.program.json(arguments.into_iter().chain([
            "--health",
            "127.0.0.1:0",
            "--edge",
            "127.0.0.1:0",
        ]))
    }

    /// What the demo region comes to: the report of its import, and the state.
    pub fn expected(program: &Program) -> (Vec<Counted>, State) {
        let embedded = Self::new(program);
        let summary = embedded.dev_once();
        (demo::report(&summary), demo::state(program, embedded.serve().clients()))
    }

    /// Serves what is in the folder.
    pub fn serve(&self) -> Serving {
        self.serve_with(|_| String::new())
    }

    /// The same as a host of its own, at the address that its public face has: what is issued from now
    /// on names it.
    pub fn serve_as_host(&self) -> Serving {
        self.serve_with(|edge| format!(", host = \"localhost:{edge}\""))
    }

    fn serve_with(&self, more: impl Fn(u16) -> String) -> Serving {
        let (home, keys) = (self.home.path(), self.home.path().join("keys"));
        let (api, [health, edge]) = (self.port, [(); 2].map(|()| ports::free().unwrap()));
        let key = keys.join("issuer.pem");
        let [operator, admin] = clients(&self.program, &key, home, |_| api);
        let config = home.join("northstar.toml");
        let (keys, folder, more) = (keys.display(), home.display(), more(edge));
        let text = format!(
            "auth = {{ issuer = \"{ISSUER}\", audience = \"northstar\", jwks = \"{keys}/jwks.json\" }}\n\
             log = {{ master_key_file = \"{keys}/master.key\" }}\n\
             embedded = {{ folder = \"{folder}\" }}\n\
             credentials = {{ edge = {{ listen = \"127.0.0.1:{edge}\" }}{more} }}\n\
             server = {{ listen = \"127.0.0.1:{api}\", health = \"127.0.0.1:{health}\" }}\n"
        );
        std::fs::write(&config, text).unwrap();
        let launch = self.program.launch().args(["serve", "all", "--config"]).arg(config);
        Serving { operator, admin, edge, _server: launch.health(health).start().unwrap() }
    }
}

/// Writes the client files of a platform operator and of an administrator into `folder`; `port` tells
/// where a context is.
pub(crate) fn clients(
    program: &Program,
    key: &Path,
    folder: &Path,
    port: impl Fn(&str) -> u16,
) -> [PathBuf; 2] {
    let roles: [(&str, &[&str]); 2] = [
        ("operator", &["--role", "platform_operator"]),
        ("admin", &["--tenant", TENANT, "--role", "network_admin", "--role", "integrator"]),
    ];
    roles.map(|(name, granted)| {
        let file = folder.join(format!("{name}.toml"));
        let endpoints =
            demo::CONTEXTS.map(|context| (context, format!("http://127.0.0.1:{}", port(context))));
        demo::write_client(&file, &endpoints, &program.token(key, granted));
        file
    })
}
