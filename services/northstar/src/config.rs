//! What a server needs to know.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use northstar_chassis::config::{AuthConfig, Secret, ServerConfig};
use northstar_kernel::ShardCount;
use northstar_telemetry::TelemetryConfig;
use serde::Deserialize;

/// The five contexts, in the order of the journey.
pub(crate) const CONTEXTS: [&str; 5] =
    ["registry", "evidence", "mastery", "credentials", "pathways"];

/// Everything a server reads: file, then environment, then flags.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    #[serde(default)]
    pub(crate) server: ServerConfig,
    pub(crate) auth: AuthConfig,
    #[serde(default)]
    pub(crate) telemetry: TelemetryConfig,
    pub(crate) log: LogConfig,
    /// The embedded footing: a folder of SQLite files.
    #[serde(default)]
    pub(crate) embedded: Option<EmbeddedConfig>,
    /// The cluster footing: Postgres, NATS and the other services.
    #[serde(default)]
    pub(crate) cluster: Option<ClusterConfig>,
    #[serde(default)]
    pub(crate) credentials: northstar_credentials::Config,
}

/// Section `log`: what all contexts of a deployment share.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogConfig {
    /// How many shards the deployment has; fixed when it is created.
    #[serde(default = "default_shards")]
    pub(crate) shards: u16,
    /// File with the master key: 64 hexadecimal digits. Keep it out of the database's backups.
    pub(crate) master_key_file: PathBuf,
}

/// Section `embedded`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EmbeddedConfig {
    /// Where the files are.
    pub(crate) folder: PathBuf,
}

/// Section `cluster`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClusterConfig {
    /// The database, without user: `postgres://host:5432/northstar`. Each context comes as its own
    /// role, `northstar_<context>`.
    pub(crate) database_url: String,
    /// Password of the contexts' roles; none if the server trusts them otherwise.
    #[serde(default)]
    pub(crate) role_password: Option<Secret>,
    /// The database as its owner, for `northstar migrate` alone.
    #[serde(default)]
    pub(crate) owner_url: Option<Secret>,
    /// Connections a context, at most.
    #[serde(default = "default_connections")]
    pub(crate) connections: u32,
    /// The NATS server: `nats://host:4222`.
    pub(crate) nats_url: String,
    /// Where each context's API is: `registry = "http://host:7400"`.
    pub(crate) endpoints: BTreeMap<String, String>,
    /// File with the token (role `service`) that is shown to other services.
    pub(crate) token_file: PathBuf,
    /// How long a replica holds its shards without renewing, in milliseconds.
    #[serde(default = "default_lease")]
    pub(crate) lease_millis: u64,
}

fn default_shards() -> u16 {
    ShardCount::DEFAULT.get()
}

fn default_connections() -> u32 {
    8
}

fn default_lease() -> u64 {
    3_000
}

/// Which of the two footings a server stands on.
pub(crate) enum Footing<'a> {
    Embedded(&'a EmbeddedConfig),
    Cluster(&'a ClusterConfig),
}

impl Config {
    /// Reads file, environment and flags.
    pub(crate) fn load(file: Option<&std::path::Path>, flags: &[String]) -> anyhow::Result<Self> {
        let environment = northstar_chassis::config::environment();
        let config: Self = northstar_chassis::config::load(file, environment, flags)
            .context("reading the configuration")?;
        config.footing()?;
        config.shards()?;
        Ok(config)
    }

    /// The one footing that is configured.
    pub(crate) fn footing(&self) -> anyhow::Result<Footing<'_>> {
        match (&self.embedded, &self.cluster) {
            (Some(embedded), None) => Ok(Footing::Embedded(embedded)),
            (None, Some(cluster)) => Ok(Footing::Cluster(cluster)),
            _ => anyhow::bail!("configure either [embedded] or [cluster], and only one of them"),
        }
    }

    pub(crate) fn shards(&self) -> anyhow::Result<ShardCount> {
        let count = ShardCount::new(self.log.shards);
        count.with_context(|| format!("log.shards is {}, must be 1 to 1024", self.log.shards))
    }
}

impl ClusterConfig {
    /// The database URL with the context's role in it.
    pub(crate) fn url_of(&self, context: &str) -> anyhow::Result<String> {
        let rest = self.database_url.split_once("://").map(|(_, rest)| rest);
        let rest =
            rest.context("cluster.database_url is not of the form postgres://host/database")?;
        ensure!(
            !rest.split('/').next().unwrap_or_default().contains('@'),
            "cluster.database_url must name no user: each context comes as its own role"
        );
        let role = northstar_eventlog::postgres::migrate::role(context);
        Ok(match &self.role_password {
            Some(password) => format!("postgres://{role}:{}@{rest}", encoded(password.expose())),
            None => format!("postgres://{role}@{rest}"),
        })
    }
}

/// Percent-encodes all that could end a password within a URL.
fn encoded(password: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encode = |byte: u8| match plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    password.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster(url: &str, password: Option<&str>) -> ClusterConfig {
        ClusterConfig {
            database_url: url.to_owned(),
            role_password: password.map(|password| Secret::from(password.to_owned())),
            owner_url: None,
            connections: 1,
            nats_url: String::new(),
            endpoints: BTreeMap::new(),
            token_file: PathBuf::new(),
            lease_millis: 1,
        }
    }

    #[test]
    fn each_context_comes_as_its_own_role() {
        let url = cluster("postgres://db:5432/n", Some("p@ss/1")).url_of("mastery");
        assert_eq!(url.unwrap(), "postgres://northstar_mastery:p%40ss%2F1@db:5432/n");
        let url = cluster("postgres://db/n", None).url_of("registry");
        assert_eq!(url.unwrap(), "postgres://northstar_registry@db/n");
    }

    #[test]
    fn the_public_face_is_served_where_it_has_an_address() {
        let mut flags = [
            "auth.issuer=i",
            "auth.audience=a",
            "auth.jwks=keys.json",
            "log.master_key_file=key",
            "embedded.folder=data",
        ]
        .map(str::to_owned)
        .to_vec();
        let read = |flags: &[String]| northstar_chassis::config::load::<Config>(None, [], flags);
        assert_eq!(read(&flags).unwrap().credentials.edge.listen, None);
        flags.push("credentials.edge.listen=127.0.0.1:7432".to_owned());
        let listen = read(&flags).unwrap().credentials.edge.listen;
        assert_eq!(listen, "127.0.0.1:7432".parse().ok());
        flags.push("credentials.edge.listn=127.0.0.1:7432".to_owned());
        let refused = read(&flags).unwrap_err().to_string();
        assert!(refused.starts_with("unknown key credentials.edge.listn"), "{refused}");
    }

    #[test]
    fn a_user_in_the_url_is_refused() {
        let refused = cluster("postgres://root@db/n", None).url_of("mastery").unwrap_err();
        assert!(refused.to_string().contains("must name no user"), "{refused}");
    }
}
