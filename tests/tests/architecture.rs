//! Who may import whom. Reads cargo's own graph and fails on an arrow that is not in the table.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{collections::BTreeMap, fmt, fs, path::Path};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};
use northstar_testkit::workspace;

/// What each platform crate may import of this workspace.
const PLATFORM: [(&str, &[&str]); 7] = [
    ("kernel", &[]),
    ("wire", &[]),
    ("telemetry", &[]),
    ("eventlog", &["kernel"]),
    ("bus", &["eventlog", "kernel", "telemetry", "wire"]),
    ("chassis", &["eventlog", "kernel", "telemetry"]),
    ("testkit", &["eventlog", "kernel"]),
];

/// Each is two crates: the shell `<context>`, and the pure `<context>-domain`.
const CONTEXTS: [&str; 5] = ["registry", "evidence", "mastery", "credentials", "pathways"];
const DOMAIN: [&str; 1] = ["kernel"];
/// Besides its own domain and libraries.
const SHELL: [&str; 6] = ["bus", "chassis", "eventlog", "kernel", "telemetry", "wire"];

/// Pure crates of one context beside its domain, named `<context>-<library>`, and what each may import.
const LIBRARIES: [(&str, &[&str]); 2] =
    [("credentials-canonical", &[]), ("credentials-proof", &["credentials-canonical", "kernel"])];
/// Besides what every pure crate may use: forms of text, and arithmetic of signatures.
const LIBRARY: [&str; 9] = [
    "base64",
    "bs58",
    "ed25519-dalek",
    "hmac",
    "p256",
    "ring",
    "serde",
    "serde_json",
    "serde_json_canonicalizer",
];

/// For development alone: everybody's tests may use it, nobody's product.
const DEVELOPMENT: &str = "testkit";
/// The one binary and the tests of several crates: the first may import all that is product, the
/// second all.
const BINARY: &str = "northstar";
const TESTS: &str = "tests";

/// Other people's crates that a pure crate may use: they compute, and touch no clock, no dice, no disk.
const PURE: [&str; 7] =
    ["num-bigint", "num-integer", "num-rational", "num-traits", "sha2", "thiserror", "uuid"];

/// Other people's crates that open a way past one of ours, and who alone may hold them. With the
/// databases in one crate, its tenant-scoped types are the only way to the tables.
const HELD: [(&str, &str); 3] =
    [("rusqlite", "eventlog"), ("sqlx", "eventlog"), ("async-nats", "bus")];

/// One crate names another in its manifest. Our crates go by their short names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Arrow {
    from: String,
    to: String,
    ours: bool,
    development: bool,
}

impl fmt::Display for Arrow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.development { " (development)" } else { "" };
        write!(f, "{} -> {}{kind}", self.from, self.to)
    }
}

fn is_context(name: &str) -> bool {
    CONTEXTS.contains(&name)
}

fn is_domain(name: &str) -> bool {
    name.strip_suffix("-domain").is_some_and(is_context)
}

/// What the library of this name may import, if it is one.
fn library(name: &str) -> Option<&'static [&'static str]> {
    LIBRARIES.iter().find(|(library, _)| *library == name).map(|(_, table)| *table)
}

/// Whether the second name is that of the first's domain or library.
fn is_part(context: &str, name: &str) -> bool {
    let part = name.strip_prefix(context).is_some_and(|rest| rest.starts_with('-'));
    part && (is_domain(name) || library(name).is_some())
}

fn allowed(arrow: &Arrow) -> bool {
    match (arrow.ours, arrow.development) {
        (true, true) => arrow.to == DEVELOPMENT || imports(&arrow.from, &arrow.to),
        (true, false) => imports(&arrow.from, &arrow.to),
        (false, true) => true,
        (false, false) => uses(&arrow.from, &arrow.to),
    }
}

/// The table for crates of this workspace.
fn imports(from: &str, to: &str) -> bool {
    if from == TESTS {
        return true;
    }
    if from == BINARY {
        return to != DEVELOPMENT && to != TESTS;
    }
    if is_domain(from) {
        return DOMAIN.contains(&to);
    }
    if is_context(from) {
        return SHELL.contains(&to) || is_part(from, to);
    }
    if let Some(table) = library(from) {
        return table.contains(&to);
    }
    PLATFORM.iter().any(|(platform, table)| *platform == from && table.contains(&to))
}

/// The table for everybody else's crates.
fn uses(from: &str, to: &str) -> bool {
    if from == TESTS {
        return true;
    }
    if from == "kernel" || is_domain(from) {
        return PURE.contains(&to);
    }
    if library(from).is_some() {
        return PURE.contains(&to) || LIBRARY.contains(&to);
    }
    HELD.iter().all(|(held, holder)| *held != to || *holder == from)
}

/// The workspace's manifests, read without the network and without choosing versions.
fn manifests() -> Metadata {
    MetadataCommand::new()
        .manifest_path(workspace().join("Cargo.toml"))
        .no_deps()
        .other_options(vec!["--offline".into()])
        .exec()
        .unwrap()
}

fn short(name: &str) -> String {
    name.strip_prefix("northstar-").unwrap_or(name).to_owned()
}

fn arrows(metadata: &Metadata) -> Vec<Arrow> {
    let mut arrows: Vec<Arrow> = Vec::new();
    for package in &metadata.packages {
        arrows.extend(package.dependencies.iter().map(|dependency| Arrow {
            from: short(&package.name),
            to: short(&dependency.name),
            ours: dependency.path.is_some(),
            development: dependency.kind == DependencyKind::Development,
        }));
    }
    arrows.sort();
    arrows
}

fn lines(items: impl IntoIterator<Item = impl fmt::Display>) -> String {
    items.into_iter().map(|item| format!("\n  {item}")).collect()
}

#[test]
fn every_arrow_is_in_the_table() {
    let arrows = arrows(&manifests());
    assert!(arrows.iter().any(|arrow| arrow.ours), "no crate imports another: nothing was read");
    let forbidden: Vec<&Arrow> = arrows.iter().filter(|arrow| !allowed(arrow)).collect();
    assert!(forbidden.is_empty(), "not in the import table:{}", lines(forbidden));
}

#[test]
fn every_crate_is_in_the_table() {
    let known = |name: &str| {
        let platform = PLATFORM.iter().any(|(platform, _)| *platform == name);
        let part = is_context(name) || is_domain(name) || library(name).is_some();
        platform || part || [BINARY, TESTS].contains(&name)
    };
    let packages = manifests().packages;
    let names = packages.iter().map(|package| short(&package.name));
    let strangers: Vec<String> = names.filter(|name| !known(name)).collect();
    assert!(strangers.is_empty(), "no row in the import table for:{}", lines(strangers));
}

#[test]
fn the_table_refuses_what_the_design_forbids() {
    let arrow = |from: &str, to: &str, ours, development| Arrow {
        from: from.into(),
        to: to.into(),
        ours,
        development,
    };
    for (from, to) in [
        ("mastery", "evidence"),
        ("mastery", "evidence-domain"),
        ("mastery-domain", "eventlog"),
        ("kernel", "wire"),
        ("eventlog", "bus"),
        ("chassis", "bus"),
        ("northstar", "testkit"),
        ("evidence", "testkit"),
        ("stranger", "kernel"),
        ("mastery", "credentials-canonical"),
        ("credentials-canonical", "credentials-domain"),
        ("credentials-canonical", "credentials-proof"),
    ] {
        assert!(!allowed(&arrow(from, to, true, false)), "{from} -> {to}");
    }
    for (from, to) in [
        ("kernel", "tokio"),
        ("pathways-domain", "rand"),
        ("registry-domain", "prost"),
        ("evidence", "sqlx"),
        ("northstar", "async-nats"),
        ("credentials-canonical", "tokio"),
        ("credentials-domain", "serde_json"),
    ] {
        assert!(!allowed(&arrow(from, to, false, false)), "{from} -> {to}");
    }
    assert!(
        !allowed(&arrow("mastery", "evidence", true, true)),
        "tests of two contexts live apart"
    );
    assert!(allowed(&arrow("mastery", "mastery-domain", true, false)));
    assert!(allowed(&arrow("credentials", "credentials-canonical", true, false)));
    assert!(allowed(&arrow("credentials-canonical", "serde_json", false, false)));
    assert!(allowed(&arrow("mastery", "testkit", true, true)));
    assert!(allowed(&arrow("eventlog", "sqlx", false, false)));
    assert!(allowed(&arrow("tests", "mastery", true, false)));
}

#[test]
fn the_map_shows_the_table() {
    let list = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
    };
    let mut table = String::from("| crate | may import |\n| --- | --- |\n");
    for (name, imports) in PLATFORM {
        table += &format!("| `{name}` | {} |\n", list(imports));
    }
    table += &format!("| `<context>-domain` | {} |\n", list(&DOMAIN));
    for (name, imports) in LIBRARIES {
        table += &format!("| `{name}` | {} |\n", list(imports));
    }
    table += &format!("| `<context>` | its own domain and libraries, {} |\n", list(&SHELL));
    table += "| `northstar` | everything but `testkit` |\n";
    table += "| `tests` | everything |\n";
    let map = fs::read_to_string(workspace().join("services/README.md")).unwrap_or_default();
    assert!(map.contains(&table), "services/README.md should show this table:\n\n{table}");
}

#[test]
fn one_version_of_each_direct_dependency() {
    let mut wanted: BTreeMap<String, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for package in manifests().packages {
        for dependency in package.dependencies.iter().filter(|wanted| wanted.path.is_none()) {
            let versions = wanted.entry(dependency.name.clone()).or_default();
            versions.entry(dependency.req.to_string()).or_default().push(short(&package.name));
        }
    }
    assert!(wanted.len() > 1, "no crate depends on anything: nothing was read");
    wanted.retain(|_, versions| versions.len() > 1);
    let differing = wanted.iter().map(|(name, versions)| format!("{name}: {versions:?}"));
    assert!(wanted.is_empty(), "wanted in several versions:{}", lines(differing));
}

#[test]
fn every_crate_says_what_it_is_for() {
    let silent = |path: &Path| !fs::read_to_string(path).unwrap().starts_with("//! ");
    let packages = manifests().packages;
    let roots = packages.iter().flat_map(|package| &package.targets);
    let roots = roots.filter(|target| target.is_lib() || target.is_bin());
    let silent: Vec<_> =
        roots.map(|target| &target.src_path).filter(|root| silent(root.as_std_path())).collect();
    assert!(silent.is_empty(), "begin with no `//!` sentence:{}", lines(silent));
}
