//! The badges that are measured with: the project's own documents, under the vectors' key.

use std::path::PathBuf;

use anyhow::Context as _;
use northstar_credentials_proof::{Options, SecretKey};
use serde_json::Value;

/// The names of what is signed here and by the JavaScript signer.
pub(crate) const NAMES: [&str; 2] = ["a small badge", "a rich badge"];

pub(crate) const OPTIONS: Options<'static> = Options {
    verification_method: "did:web:badges.example:t:north#ed-2026-01",
    created: "2026-01-15T08:00:00Z",
};

/// The documents' file.
pub(crate) fn file() -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.join("../services/credentials/canonical/tests/vectors/documents.json")
}

/// The document of that name.
pub(crate) fn named(name: &str) -> anyhow::Result<Value> {
    let vectors: Value = serde_json::from_slice(&std::fs::read(file())?)?;
    let documents = vectors["documents"].as_array().context("the vectors' documents")?;
    let found = documents.iter().find(|one| one["name"] == name);
    Ok(found.with_context(|| format!("no document {name:?}"))?["document"].clone())
}

/// The key of the JavaScript signer, too.
pub(crate) fn key() -> SecretKey {
    SecretKey::ed25519(&[1; 32])
}
