//! Where tests take their documents from.

use std::fs;
use std::path::{Path, PathBuf};

use northstar_credentials_canonical::{Canonical, Limits, Refusal, canonical_document};
use serde_json::Value;

/// The project's own vectors.
pub(crate) fn own(file: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(file);
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// A document of the project's own vectors.
pub(crate) fn named(name: &str) -> Value {
    let vectors = own("documents.json");
    let mut documents = vectors["documents"].as_array().unwrap().iter();
    documents.find(|vector| vector["name"] == name).unwrap()["document"].clone()
}

/// The official vectors, where they are present.
pub(crate) fn shared() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(4)?;
    let folder = root.join("shared/credential-vectors");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no shared data");
    None
}

/// One of the official files.
pub(crate) fn official(file: &str) -> Option<Value> {
    let path = shared()?.join(file);
    Some(serde_json::from_slice(&fs::read(path).unwrap()).unwrap())
}

pub(crate) fn canonical(document: &Value) -> Result<Canonical, Refusal> {
    canonical_document(document.to_string().as_bytes(), &Limits::default())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An array of lines as the text that they are.
pub(crate) fn text(lines: &Value) -> String {
    let lines = lines.as_array().unwrap().iter().map(|line| line.as_str().unwrap());
    lines.map(|line| format!("{line}\n")).collect()
}

/// JSON pointers to all that a document holds, but for its contexts.
pub(crate) fn pointers(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect(value, String::new(), &mut found);
    found
}

fn collect(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter().filter(|(name, _)| *name != "@context") {
                let name = name.replace('~', "~0").replace('/', "~1");
                collect(member, format!("{at}/{name}"), found);
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                collect(element, format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
    found.push(at);
}
