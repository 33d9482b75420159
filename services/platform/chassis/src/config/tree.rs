//! Layers laid over one another, each value with its origin.

use std::collections::BTreeMap;
use std::path::Path;

use serde::de::DeserializeOwned;
use toml::{Table, Value};

use super::ENVIRONMENT_PREFIX;
use super::error::{ConfigError, Origin};
use super::read;

pub(super) type Entries = BTreeMap<String, Entry>;

/// A value and who gave it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) origin: Origin,
    pub(super) node: Node,
}

#[derive(Debug)]
pub(super) enum Node {
    Table(Entries),
    List(Vec<Entry>),
    /// A value of the file, with the type it has there.
    Scalar(Value),
    /// A value from outside the file, whose type depends on what is wanted.
    Text(String),
}

impl Entry {
    pub(super) fn from_toml(value: Value, origin: &Origin) -> Self {
        let node = match value {
            Value::Table(table) => Node::Table(entries(table, origin)),
            Value::Array(items) => {
                Node::List(items.into_iter().map(|item| Self::from_toml(item, origin)).collect())
            }
            scalar => Node::Scalar(scalar),
        };
        Self { origin: origin.clone(), node }
    }

    /// Lays `over` on top: tables are joined, everything else is replaced.
    fn cover(&mut self, over: Self) {
        match (&mut self.node, over) {
            (Node::Table(below), Self { node: Node::Table(above), .. }) => cover(below, above),
            (_, over) => *self = over,
        }
    }
}

fn entries(table: Table, origin: &Origin) -> Entries {
    table.into_iter().map(|(key, value)| (key, Entry::from_toml(value, origin))).collect()
}

fn cover(below: &mut Entries, above: Entries) {
    for (key, entry) in above {
        match below.get_mut(&key) {
            Some(existing) => existing.cover(entry),
            None => {
                below.insert(key, entry);
            }
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Tree(Entries);

impl Tree {
    pub(super) fn add_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
        // The parser's own message quotes the line, which may hold a secret.
        let table: Table = text.parse().map_err(|error: toml::de::Error| ConfigError::Syntax {
            path: path.to_owned(),
            line: line_of(&text, error.span().map_or(0, |span| span.start)),
            problem: "this is no TOML; texts need quotes".to_owned(),
        })?;
        cover(&mut self.0, entries(table, &Origin::File(path.to_owned())));
        Ok(())
    }

    pub(super) fn add_environment(
        &mut self,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<(), ConfigError> {
        let mut variables: Vec<_> = environment.into_iter().collect();
        variables.sort();
        for (name, value) in variables {
            let Some(path) = name.strip_prefix(ENVIRONMENT_PREFIX) else { continue };
            let path = path.to_lowercase();
            let origin = Origin::Environment(name.clone());
            self.set(&path.split("__").collect::<Vec<_>>(), value, origin)?;
        }
        Ok(())
    }

    pub(super) fn add_flags(&mut self, flags: &[String]) -> Result<(), ConfigError> {
        for flag in flags {
            let Some((key, value)) = flag.split_once('=') else {
                let origin = Origin::Flag(flag.clone());
                return Err(ConfigError::Name { origin, hint: " as in section.key=value" });
            };
            let origin = Origin::Flag(key.to_owned());
            self.set(&key.split('.').collect::<Vec<_>>(), value.to_owned(), origin)?;
        }
        Ok(())
    }

    fn set(&mut self, path: &[&str], value: String, origin: Origin) -> Result<(), ConfigError> {
        if path.iter().any(|part| part.is_empty()) {
            return Err(ConfigError::Name { origin, hint: ": an empty name is in it" });
        }
        let mut node = Node::Text(value);
        for key in path.iter().skip(1).rev() {
            let entry = Entry { origin: origin.clone(), node };
            node = Node::Table(Entries::from([((*key).to_owned(), entry)]));
        }
        let top = path.first().copied().unwrap_or_default().to_owned();
        cover(&mut self.0, Entries::from([(top, Entry { origin, node })]));
        Ok(())
    }

    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, ConfigError> {
        read::read(&self.0)
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}
