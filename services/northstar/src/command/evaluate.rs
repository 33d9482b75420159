//! `northstar evaluate`.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use northstar_kernel::Timestamp;
use northstar_mastery_domain::{Policy, Thousandths, derivation_json, sentence};
use serde_json::{Value, json};

use crate::cli::Evaluate;
use crate::evaluate::{Found, Judgements};
use crate::output::{Format, complain, json, say, table};

/// Evaluates; the exit code is 1 if some of the evidence was refused, and 2 if the policy was.
pub(super) fn run(options: &Evaluate) -> anyhow::Result<ExitCode> {
    let policy = match crate::evaluate::policy(&name(&options.policy), &read(&options.policy)?) {
        Ok(policy) => policy,
        Err(flaws) => {
            flaws.iter().for_each(|flaw| complain(flaw));
            return Ok(ExitCode::from(2));
        }
    };
    let judgements = Judgements::read(&name(&options.evidence), &read(&options.evidence)?);
    let at = options.as_of.unwrap_or_else(northstar_eventlog::now);
    let found = judgements.under(&policy, &options.scale, at);
    match options.output {
        Format::Table => print(&found),
        Format::Json => json(&document(&policy, at, &found, &judgements)?)?,
    }
    Ok(finish(&judgements))
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("reading {}", path.display()))
}

/// How problems call a file: by its name, without the folders above it.
fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// All that is not the result goes to standard error.
fn finish(judgements: &Judgements) -> ExitCode {
    for column in &judgements.unread {
        complain(&format!("note: {column:?} is not read"));
    }
    judgements.problems.iter().for_each(|problem| complain(&problem.to_string()));
    if judgements.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

fn print(found: &[Found]) {
    if found.is_empty() {
        return say("There is no judgement in the file.");
    }
    let row = |found: &Found| {
        let held = found.derivation.held;
        let level = if held.level == 0 { "-".to_owned() } else { held.level.to_string() };
        [
            found.learner.clone(),
            found.competency.clone(),
            level,
            value(found).unwrap_or_else(|| "-".to_owned()),
            held.standing.name().replace('_', " "),
            sentence(&found.derivation),
        ]
    };
    let header = ["learner", "competency", "level", "value", "standing", "why"];
    table(header, found.iter().map(row));
}

/// The value, if there is one.
fn value(found: &Found) -> Option<String> {
    let Found { derivation, .. } = found;
    (derivation.of_first > 0).then(|| Thousandths(derivation.held.value_milli).to_string())
}

fn document(
    policy: &Policy,
    at: Timestamp,
    found: &[Found],
    judgements: &Judgements,
) -> anyhow::Result<Value> {
    let results = found.iter().map(one).collect::<anyhow::Result<Vec<Value>>>()?;
    let problems: Vec<_> = judgements.problems.iter().map(ToString::to_string).collect();
    Ok(json!({
        "policy_hash": policy.hash().to_string(),
        "as_of": at.to_string(),
        "results": results,
        "problems": problems,
    }))
}

fn one(found: &Found) -> anyhow::Result<Value> {
    let held = found.derivation.held;
    let derivation: Value = serde_json::from_str(&derivation_json(&found.derivation))?;
    let places = found.places.iter().map(|(id, place)| (id.to_string(), place.clone().into()));
    Ok(json!({
        "learner": found.learner,
        "competency": found.competency,
        "standing": held.standing.name(),
        "level": held.level,
        "value": value(found),
        "provisional": held.provisional,
        "reason": sentence(&found.derivation),
        "derivation": derivation,
        "evidence": Value::Object(places.collect()),
    }))
}
