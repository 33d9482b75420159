//! `northstar import`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use northstar_pathways::standard::reference::write_reference;
use northstar_wire::registry::v1::ImportReport;
use serde_json::json;

use crate::cli::{ClientOptions, Import};
use crate::client::Client;
use crate::client::import::{self, NamedFile, evidence};
use crate::dev;
use crate::output::{Format, complain, json, say, table};

/// Problems shown to people; programs get all.
const SHOWN: usize = 20;

/// Imports; the exit code is 3 if some of it was refused.
pub(super) async fn run(what: Import) -> anyhow::Result<ExitCode> {
    match what {
        Import::Roster { folder, client } => roster(&folder, &client).await,
        Import::Framework { file, client } => framework(&file, &client).await,
        Import::Evidence { path, client } => evidence(&path, &client).await,
        Import::Reference { folder, client } => reference(&folder, &client).await,
        Import::Demo { operator_client, client } => {
            dev::import(&operator_client, &client).await?;
            Ok(ExitCode::SUCCESS)
        }
        Import::WriteReference { onet, labor, crosswalk, out } => {
            let written = write_reference(&onet, &labor, &crosswalk, &out)?;
            let (occupations, rated) = (written.occupations, written.rated);
            say(&format!("{occupations} occupations, {rated} of them rated, in {}", out.display()));
            let problems = written.problems.listed().iter().map(ToString::to_string).collect();
            Ok(finish(problems))
        }
    }
}

async fn roster(folder: &Path, options: &ClientOptions) -> anyhow::Result<ExitCode> {
    let client = Client::open(options)?;
    let bar = bar("roster");
    let told = |done, total| show(&bar, done, total);
    let report = import::roster(&client, csv_files(folder)?, &told).await?;
    bar.finish_and_clear();
    print_report(&report, options)
}

async fn framework(file: &Path, options: &ClientOptions) -> anyhow::Result<ExitCode> {
    let client = Client::open(options)?;
    let reply = import::framework(&client, named(file)?).await?;
    if options.output == Format::Table {
        say(&format!("{} ({})", reply.title, reply.framework_id));
    }
    print_report(&reply.report.unwrap_or_default(), options)
}

async fn evidence(path: &Path, options: &ClientOptions) -> anyhow::Result<ExitCode> {
    let client = Client::open(options)?;
    let known = evidence::competencies(&client).await?;
    let rows = if path.is_dir() {
        let files: BTreeMap<_, _> = csv_files(path)?.into_iter().collect();
        evidence::from_gradebook(client.tenant()?, &known, &files)
    } else {
        evidence::from_csv(client.tenant()?, &known, named(path)?)
    };
    let bar = bar("evidence");
    let report = evidence::send(&client, rows, &|done, total| show(&bar, done, total)).await?;
    bar.finish_and_clear();
    let problems: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    if options.output == Format::Json {
        json(&json!({
            "accepted": report.accepted,
            "repeated": report.repeated,
            "skipped": report.skipped,
            "problems": problems,
        }))?;
    } else {
        let (accepted, repeated) = (report.accepted, report.repeated);
        say(&format!("{accepted} recorded, {repeated} known already, {} refused", problems.len()));
        report.skipped.iter().for_each(|(why, count)| say(&format!("{count} passed over: {why}")));
    }
    Ok(finish(problems))
}

async fn reference(folder: &Path, options: &ClientOptions) -> anyhow::Result<ExitCode> {
    let client = Client::open(options)?;
    let reply = import::reference(&client, csv_files(folder)?).await?;
    let problem = |one: &northstar_wire::pathways::v1::ReferenceProblem| {
        format!("{}:{}: {}: {}: {}", one.file, one.line, one.field, one.reason, one.message)
    };
    let problems: Vec<String> = reply.problems.iter().map(problem).collect();
    let (changed, unchanged) = (reply.changed, reply.unchanged);
    if options.output == Format::Json {
        json(&json!({ "changed": changed, "unchanged": unchanged, "problems": problems }))?;
    } else {
        say(&format!("{changed} new or changed, {unchanged} known already"));
    }
    Ok(finish(problems))
}

fn print_report(report: &ImportReport, options: &ClientOptions) -> anyhow::Result<ExitCode> {
    let problem = |one: &northstar_wire::registry::v1::ImportProblem| {
        format!("{}:{}: {}: {}: {}", one.file, one.line, one.field, one.reason, one.message)
    };
    let problems: Vec<String> = report.problems.iter().map(problem).collect();
    if options.output == Format::Json {
        let count = |one: &northstar_wire::registry::v1::ImportCount| {
            json!({
                "kind": one.kind, "changed": one.changed, "unchanged": one.unchanged,
                "removed": one.removed, "refused": one.refused,
            })
        };
        let counts: Vec<_> = report.counts.iter().map(count).collect();
        json(&json!({ "counts": counts, "problems": problems }))?;
    } else {
        let rows = report.counts.iter().map(|one| {
            let figures = [one.changed, one.unchanged, one.removed, one.refused];
            let [changed, unchanged, removed, refused] = figures.map(|figure| figure.to_string());
            [one.kind.clone(), changed, unchanged, removed, refused]
        });
        table(["what", "new or changed", "unchanged", "removed", "refused"], rows);
    }
    Ok(finish(problems))
}

/// Problems go to standard error; some make the exit code 3.
fn finish(problems: Vec<String>) -> ExitCode {
    problems.iter().take(SHOWN).for_each(|problem| complain(problem));
    if problems.len() > SHOWN {
        complain(&format!("… and {} more", problems.len() - SHOWN));
    }
    if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(3) }
}

fn csv_files(folder: &Path) -> anyhow::Result<Vec<NamedFile>> {
    let reading = || format!("reading {}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(reading)? {
        let path = entry.with_context(reading)?.path();
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv")) {
            files.push(named(&path)?);
        }
    }
    files.sort();
    Ok(files)
}

fn named(file: &Path) -> anyhow::Result<NamedFile> {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
    let bytes = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    Ok((name.unwrap_or_default(), bytes))
}

/// A progress bar on standard error, hidden where nobody looks.
pub(crate) fn bar(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(0).with_message(what);
    let style = ProgressStyle::with_template("{msg:<12} {bar:40} {pos}/{len}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

/// Moves a bar.
pub(crate) fn show(bar: &ProgressBar, done: u64, total: u64) {
    bar.set_length(total);
    bar.set_position(done);
}
