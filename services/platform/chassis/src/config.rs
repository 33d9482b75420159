//! Configuration is data: file < environment < flag, and an unknown key is an error.
//!
//! `NORTHSTAR__SERVER__LISTEN=0.0.0.0:7400` in the environment and `server.listen=0.0.0.0:7400` as
//! a flag both set `listen` in the table `[server]`. Whoever gives a wrong key or value is named in
//! the error; values are not repeated in errors, since they may be secrets.

mod error;
mod read;
mod secret;
mod sections;
mod tree;

use std::path::Path;

use serde::de::DeserializeOwned;

pub use error::ConfigError;
pub use secret::Secret;
pub use sections::{AuthConfig, ServerConfig};

use tree::Tree;

/// What a variable's name starts with if it belongs to the configuration.
pub const ENVIRONMENT_PREFIX: &str = "NORTHSTAR__";

/// Reads `T` from a TOML file, then `environment`, then `flags` (`section.key=value`).
///
/// Of the environment only names with [`ENVIRONMENT_PREFIX`] count. A value from the environment or
/// a flag is taken as what `T` wants at that place: `7400` is a number for a number and a text for a
/// text; lists and tables are written as in TOML.
///
/// # Errors
///
/// [`ConfigError`] with the key and where it was given. Nothing has been opened or bound by then.
pub fn load<T: DeserializeOwned>(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
    flags: &[String],
) -> Result<T, ConfigError> {
    let mut tree = Tree::default();
    if let Some(path) = file {
        tree.add_file(path)?;
    }
    tree.add_environment(environment)?;
    tree.add_flags(flags)?;
    tree.read()
}

/// The variables of this process that belong to the configuration.
///
/// One whose value is not Unicode cannot be meant for us and is left out.
pub fn environment() -> Vec<(String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with(ENVIRONMENT_PREFIX))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Config {
        #[serde(default)]
        server: ServerConfig,
        database: Option<Database>,
        #[serde(default)]
        shards: Vec<u16>,
    }

    /// Without `deny_unknown_fields`, which a service may forget.
    #[derive(Debug, Deserialize)]
    struct Open {
        #[serde(default)]
        telemetry: northstar_telemetry::TelemetryConfig,
        #[serde(default)]
        peers: Vec<Peer>,
    }

    #[derive(Debug, PartialEq, Eq, Deserialize)]
    struct Peer {
        name: String,
        weight: u8,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Database {
        url: Secret,
        #[serde(default)]
        pool: Option<u32>,
    }

    const FILE: &str = "shards = [1, 2]\n[server]\nlisten = \"127.0.0.1:1\"\ndrain_seconds = 1\n";

    fn load_from(file: &str, env: &[(&str, &str)], flags: &[&str]) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("northstar.toml");
        std::fs::write(&path, file).unwrap();
        let env = env.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        let flags: Vec<String> = flags.iter().map(|flag| flag.to_string()).collect();
        load(Some(&path), env, &flags)
    }

    fn error(file: &str, env: &[(&str, &str)], flags: &[&str]) -> String {
        load_from(file, env, flags).unwrap_err().to_string()
    }

    #[test]
    fn a_flag_beats_the_environment_beats_the_file_beats_the_default() {
        let env = [
            ("NORTHSTAR__SERVER__LISTEN", "127.0.0.1:2"),
            ("NORTHSTAR__SERVER__DRAIN_SECONDS", "2"),
            ("NORTHSTAR_UNRELATED", "x"),
            ("PATH", "x"),
        ];
        let config = load_from(FILE, &env, &["server.drain_seconds=3"]).unwrap();
        assert_eq!(config.server.listen, "127.0.0.1:2".parse::<SocketAddr>().unwrap());
        assert_eq!(config.server.drain_seconds, 3);
        assert_eq!(config.server.health, ServerConfig::default().health);
        assert_eq!(config.shards, [1, 2]);
    }

    #[test]
    fn a_text_outside_the_file_is_read_as_what_is_wanted() {
        let env = [("NORTHSTAR__DATABASE__URL", "12345"), ("NORTHSTAR__DATABASE__POOL", "7")];
        let config = load_from(FILE, &env, &["shards=[4, 5]"]).unwrap();
        let database = config.database.unwrap();
        assert_eq!((database.url.expose(), database.pool), ("12345", Some(7)));
        assert_eq!(config.shards, [4, 5]);
    }

    #[test]
    fn an_unknown_key_is_named_with_where_it_stands() {
        let in_file = error("[server]\nlisen = 1", &[], &[]);
        assert!(in_file.starts_with("unknown key server.lisen in "), "{in_file}");
        assert!(in_file.contains("northstar.toml") && in_file.contains("listen"), "{in_file}");
        let in_env = error("", &[("NORTHSTAR__SEVER__LISTEN", "x")], &[]);
        assert!(
            in_env
                .starts_with("unknown key sever in environment variable NORTHSTAR__SEVER__LISTEN"),
            "{in_env}"
        );
        let in_flag = error("", &[], &["server.lisen=1"]);
        assert!(in_flag.starts_with("unknown key server.lisen in flag server.lisen"), "{in_flag}");
    }

    #[test]
    fn a_wrong_value_is_named_but_never_repeated() {
        let wrong = error("[database]\nurl = \"a\"\npool = \"hunter2\"", &[], &[]);
        assert!(wrong.starts_with("database.pool in "), "{wrong}");
        assert!(!wrong.contains("hunter2"), "{wrong}");
        let wrong = error(FILE, &[("NORTHSTAR__SERVER__DRAIN_SECONDS", "hunter2")], &[]);
        assert!(wrong.contains("NORTHSTAR__SERVER__DRAIN_SECONDS"), "{wrong}");
        assert!(!wrong.contains("hunter2"), "{wrong}");
        let wrong = error("a = hunter2", &[], &[]);
        assert!(wrong.contains("line 1") && !wrong.contains("hunter2"), "{wrong}");
    }

    fn open(flags: &[&str]) -> Result<Open, ConfigError> {
        let flags: Vec<String> = flags.iter().map(|flag| flag.to_string()).collect();
        load(None, [], &flags)
    }

    #[test]
    fn choices_tables_and_lists_can_be_given_outside_the_file() {
        let flags =
            ["telemetry.log_format=json", "peers=[{name = \"1\", weight = 2}]", "telemetry.log=1"];
        let config = open(&flags).unwrap();
        assert_eq!(config.telemetry.log_format, northstar_telemetry::LogFormat::Json);
        assert_eq!(config.telemetry.log, "1");
        assert_eq!(config.peers, [Peer { name: "1".to_owned(), weight: 2 }]);
        let wrong = open(&["telemetry.log_format=xml"]).unwrap_err().to_string();
        assert!(wrong.contains("text, json") && !wrong.contains("xml"), "{wrong}");
        assert!(open(&["telemetry=1"]).unwrap_err().to_string().starts_with("telemetry in flag"));
    }

    #[test]
    fn a_struct_that_would_skip_a_stranger_may_not() {
        for (flag, key) in [("colour=red", "colour"), ("telemetry.colour=red", "telemetry.colour")]
        {
            let error = open(&[flag]).unwrap_err().to_string();
            assert!(error.starts_with(&format!("unknown key {key} in flag {key}")), "{error}");
        }
    }

    #[test]
    fn a_missing_key_says_how_to_give_it() {
        let missing = error("[database]", &[], &[]);
        assert!(missing.contains("database.url"), "{missing}");
        assert!(missing.contains("NORTHSTAR__DATABASE__URL"), "{missing}");
    }

    #[test]
    fn malformed_names_and_missing_files_are_errors() {
        assert!(error("", &[("NORTHSTAR__A____B", "1")], &[]).contains("NORTHSTAR__A____B"));
        assert!(error("", &[], &["server.listen"]).contains("server.listen"));
        assert!(error("", &[], &[".x=1"]).contains(".x"));
        let absent = load::<Config>(Some(Path::new("/absent.toml")), [], &[]).unwrap_err();
        assert!(absent.to_string().contains("/absent.toml"));
    }
}
