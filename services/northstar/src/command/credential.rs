//! `northstar credential`: in a running system, or from files alone.

mod bake;
mod issue;
mod list;
mod order;
mod show;
mod wallet;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use northstar_credentials::standard::baking::{self, unbake};
use northstar_credentials::standard::published::Published;
use northstar_credentials_canonical::{Limits, canonical_document};
use northstar_credentials_proof::verifier::{
    Carried, Check, Outcome, Report, Terms, verify_beside,
};

use super::beside;
use crate::cli::{Credential, VerifyCredential};
use crate::output::{Format, complain, json, say, table};

pub(super) async fn run(what: Credential) -> anyhow::Result<ExitCode> {
    match what {
        Credential::Issue(options) => issue::run(&options).await?,
        Credential::Show(options) => show::run(&options).await?,
        Credential::Bake(options) => bake::run(&options).await?,
        Credential::List(options) => list::run(&options).await?,
        Credential::Explain { id, client } => show::explain(id, &client).await?,
        Credential::Hold(options) => order::hold(options).await?,
        Credential::Release(options) => order::release(options).await?,
        Credential::Revoke(options) => order::revoke(options).await?,
        Credential::Record(options) => beside::record(options).await?,
        Credential::Endorse(options) => beside::endorse(options).await?,
        Credential::Import(options) => beside::import(options).await?,
        Credential::Wallet(word) => return wallet::run(word).await,
        Credential::Verify(options) => return verify_file(&options),
        Credential::Canonicalize { file } => return canonicalize(&file),
    }
    Ok(ExitCode::SUCCESS)
}

fn verify_file(options: &VerifyCredential) -> anyhow::Result<ExitCode> {
    let now = options.now.unwrap_or_else(northstar_eventlog::now);
    let mut published = Published::at(now);
    for file in files(options.docs.as_deref())? {
        let added = published.add_document(&read(&file)?);
        added.map_err(anyhow::Error::msg).with_context(|| format!("reading {}", file.display()))?;
    }
    for file in files(options.status.as_deref())? {
        let added = published.add_list(read(&file)?);
        added.map_err(anyhow::Error::msg).with_context(|| format!("reading {}", file.display()))?;
    }
    let beside = options.endorsement.iter().map(|file| credential(file));
    let beside = beside.collect::<anyhow::Result<Vec<_>>>()?;
    let beside: Vec<_> = beside.iter().map(Vec::as_slice).collect();
    let credential = credential(&options.file)?;
    let report = verify_beside(&credential, &beside, &published, &Terms::at(now));
    match options.output {
        Format::Json => json(&report)?,
        Format::Table => print(&report),
    }
    Ok(if report.verified { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn canonicalize(file: &Path) -> anyhow::Result<ExitCode> {
    match canonical_document(&credential(file)?, &Limits::RECORD) {
        Ok(canonical) => {
            say(canonical.nquads.trim_end_matches('\n'));
            Ok(ExitCode::SUCCESS)
        }
        Err(refusal) => {
            complain(&format!("{} has no canonical form: {refusal}", file.display()));
            Ok(ExitCode::FAILURE)
        }
    }
}

/// The credential in the file, out of its image if it is baked into one.
fn credential(file: &Path) -> anyhow::Result<Vec<u8>> {
    let bytes = read(file)?;
    // Neither JSON nor a JWS begins so; a PNG and an XML document do.
    if !bytes.starts_with(b"\x89PNG") && !bytes.trim_ascii_start().starts_with(b"<") {
        return Ok(bytes);
    }
    let baked = unbake(&bytes).with_context(|| format!("unbaking {}", file.display()))?;
    Ok(baked.as_str().as_bytes().to_vec())
}

/// Longer than any credential and any image that is looked at.
pub(super) fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    let reading = || format!("reading {}", file.display());
    let length = fs::metadata(file).with_context(reading)?.len();
    anyhow::ensure!(
        length <= 2 * baking::LONGEST as u64,
        "{} has {length} bytes, more than {}",
        file.display(),
        2 * baking::LONGEST
    );
    fs::read(file).with_context(reading)
}

/// The files of a folder, by name; what begins with a dot is passed over.
pub(super) fn files(folder: Option<&Path>) -> anyhow::Result<Vec<PathBuf>> {
    let Some(folder) = folder else { return Ok(Vec::new()) };
    let listing = || format!("listing {}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(listing)? {
        let path = entry.with_context(listing)?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_file() && !hidden {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn print(report: &Report) {
    let row = |place: &str, check: &Check| {
        let (name, outcome) = (check.name.word(), check.outcome.to_string());
        [format!("{place}{name}"), outcome, check.detail.clone()]
    };
    let mut rows: Vec<_> = report.checks.iter().map(|check| row("", check)).collect();
    // Of what it carries, what speaks against it.
    let mut left: Vec<&Carried> = report.carried.iter().rev().collect();
    while let Some(one) = left.pop() {
        let against = one.checks.iter().filter(|check| check.outcome >= Outcome::Unknown);
        rows.extend(against.map(|check| row(&format!("{}: ", one.place), check)));
        left.extend(one.carried.iter().rev());
    }
    table(["check", "outcome", "what was seen"], rows);
    say(if report.verified { "VERIFIED" } else { "NOT VERIFIED" });
    let unknown = report.checks.iter().filter(|check| check.outcome == Outcome::Unknown);
    let unknown: Vec<&str> = unknown.map(|check| check.name.word()).collect();
    if !report.verified && !unknown.is_empty() {
        say(&format!("Could not be checked: {}.", unknown.join(", ")));
    }
}
