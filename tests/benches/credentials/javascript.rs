//! The independent signer, in a process of its own.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde::Deserialize;

use crate::badges;

/// A second of processor time.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Rates {
    pub(crate) signed: f64,
    pub(crate) verified: f64,
}

/// One sample of each badge.
pub(crate) fn sample(length: Duration) -> anyhow::Result<BTreeMap<String, Rates>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("javascript");
    anyhow::ensure!(
        folder.join("node_modules").is_dir(),
        "the JavaScript signer is not installed: run `npm ci` in {}",
        folder.display()
    );
    let mut node = Command::new("node");
    node.arg("pace.mjs").arg(badges::file()).arg(length.as_secs_f64().to_string());
    let output = node.args(badges::NAMES).current_dir(folder).output()?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "pace.mjs failed: {complaint}");
    Ok(serde_json::from_slice(&output.stdout)?)
}
