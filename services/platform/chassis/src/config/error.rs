//! What can be wrong with a configuration.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// A configuration that cannot be used: what, where, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("config file {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is no TOML.
    #[error("config file {path}, line {line}: {problem}")]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        problem: String,
    },
    /// A variable's or flag's name does not spell `section.key`.
    #[error("{origin} does not name a section and a key{hint}")]
    Name {
        /// Which.
        origin: Origin,
        /// How it should look.
        hint: &'static str,
    },
    /// Nothing of that name exists.
    #[error("unknown key {key} in {origin}{}", expected(.known))]
    Unknown {
        /// Path of the key: `server.lisen`.
        key: String,
        /// Who gave it.
        origin: Origin,
        /// The keys that exist there, if that is known.
        known: Vec<String>,
    },
    /// A key without a default was not given.
    #[error("missing key {key}: set it in the config file or as {}", variable(.key))]
    Missing {
        /// Path of the key.
        key: String,
    },
    /// A value is not what is wanted there.
    #[error("{key} in {origin}: {problem}")]
    Invalid {
        /// Path of the key.
        key: String,
        /// Who gave it.
        origin: Origin,
        /// What is wrong, without the value.
        problem: String,
    },
}

/// Who gave a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A configuration file.
    File(PathBuf),
    /// A variable of the environment.
    Environment(String),
    /// A flag, by its key.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Environment(name) => write!(f, "environment variable {name}"),
            Self::Flag(key) => write!(f, "flag {key}"),
        }
    }
}

fn expected(known: &[String]) -> String {
    if known.is_empty() { String::new() } else { format!("; known are {}", known.join(", ")) }
}

fn variable(key: &str) -> String {
    format!("{}{}", super::ENVIRONMENT_PREFIX, key.replace('.', "__").to_uppercase())
}
