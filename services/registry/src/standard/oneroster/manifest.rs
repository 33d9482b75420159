//! manifest.csv: which version the set has, and which files belong to it.

use std::collections::BTreeMap;

use super::{Problem, RolesAre, Table};

/// What a set says of itself. A set without a manifest is taken as it looks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Manifest {
    /// Whether roles stand in roles.csv, as from version 1.2 on, and not in users.csv.
    pub(super) roles_apart: bool,
    /// Modes by file: `users.csv` → `bulk`, `delta` or `absent`.
    modes: BTreeMap<String, String>,
}

impl Manifest {
    /// Reads it from the files of a set.
    pub(super) fn read(files: &BTreeMap<String, Vec<u8>>) -> Result<Self, Problem> {
        let Some(bytes) = files.get("manifest.csv") else {
            let roles_apart = files.contains_key("roles.csv");
            return Ok(Self { roles_apart, modes: BTreeMap::new() });
        };
        let properties = properties(bytes)?;
        let version = properties.get("oneroster.version").map_or("", String::as_str);
        let roles_apart = match version.split('.').take(2).collect::<Vec<_>>()[..] {
            ["1", "1"] => false,
            ["1", "2"] => true,
            _ => {
                let message = "oneroster.version must be 1.1 or 1.2; export the set as one of them";
                return Err(Problem::of_file("manifest.csv", "VERSION_UNSUPPORTED", message));
            }
        };
        let mode = |(name, mode): (&String, &String)| {
            let file = name.strip_prefix("file.")?;
            Some((format!("{file}.csv"), mode.to_ascii_lowercase()))
        };
        Ok(Self { roles_apart, modes: properties.iter().filter_map(mode).collect() })
    }

    /// What is wrong with a file being there, or not there.
    pub(super) fn check(&self, file: &str, there: bool) -> Option<Problem> {
        let (reason, message) = match self.modes.get(file).map(String::as_str) {
            Some("bulk" | "delta") if !there => {
                ("FILE_MISSING", "the manifest names this file, but it was not sent; send it too")
            }
            Some("absent") if there => {
                ("FILE_NOT_IN_MANIFEST", "the manifest calls this file absent; correct one of them")
            }
            Some("bulk" | "delta" | "absent") | None => return None,
            Some(_) => ("MODE_UNKNOWN", "its mode in the manifest must be bulk, delta or absent"),
        };
        Some(Problem::of_file(file, reason, message))
    }

    /// How the rows of roles.csv go with roles already known.
    pub(super) fn roles_are(&self) -> RolesAre {
        match self.modes.get("roles.csv").map(String::as_str) {
            Some("delta") => RolesAre::Added,
            _ => RolesAre::All,
        }
    }
}

fn properties(bytes: &[u8]) -> Result<BTreeMap<String, String>, Problem> {
    let mut table = Table::open("manifest.csv", bytes, &["propertyName", "value"])?;
    let mut properties = BTreeMap::new();
    while let Some(line) = table.next_line() {
        let line = line?;
        properties.insert(line.text("propertyName")?, line.text("value")?);
    }
    Ok(properties)
}
