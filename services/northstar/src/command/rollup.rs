//! `northstar rollup`.

use std::path::Path;

use anyhow::Context as _;
use northstar_kernel::FrameworkId;
use northstar_mastery::standard::read_rollup_document;
use northstar_wire::mastery::v1::{GetRollupRequest, PublishRollupRequest};
use serde::Serialize;
use serde_json::Value;

use super::{document, dry_run};
use crate::cli::{ClientOptions, Rollup};
use crate::client::{Client, refused};
use crate::output::{Format, json, say};

/// The rules that hold, for programs.
#[derive(Debug, Serialize)]
struct Holds {
    rollups_hash: String,
    rollup: Value,
    rules: Vec<Rule>,
}

#[derive(Debug, Serialize)]
struct Rule {
    competency_id: String,
    rule_hash: String,
}

/// What publishing came to.
#[derive(Debug, Serialize)]
struct Outcome {
    rollups_hash: String,
    published: bool,
    rules: u32,
}

pub(super) async fn run(what: Rollup) -> anyhow::Result<()> {
    match what {
        Rollup::Show { framework, client } => show(framework, &client).await,
        Rollup::DryRun { file, client } => {
            dry_run::rollup(read(&file)?, &client).await.with_context(|| file.display().to_string())
        }
        Rollup::Publish { file, client } => {
            publish(read(&file)?, &client).await.with_context(|| file.display().to_string())
        }
    }
}

async fn show(framework: FrameworkId, options: &ClientOptions) -> anyhow::Result<()> {
    let request = GetRollupRequest { framework_id: framework.to_string() };
    let reply = Client::open(options)?.mastery().get_rollup(request).await;
    let found = reply.map_err(refused("asking for the roll-up"))?.into_inner();
    let rollup: Value = serde_json::from_str(&found.document).context("reading the roll-up")?;
    if options.output == Format::Json {
        let rules = found.rules.into_iter();
        let rules = rules
            .map(|rule| Rule { competency_id: rule.competency_id, rule_hash: rule.rule_hash })
            .collect();
        return json(&Holds { rollups_hash: found.rollups_hash, rollup, rules });
    }
    say(&format!("Roll-up {}:", found.rollups_hash));
    json(&rollup)
}

/// The document in a file. What cannot be read is refused here, whole, before anybody is asked.
fn read(file: &Path) -> anyhow::Result<String> {
    let text = document::read(file)?;
    let read = read_rollup_document(&text).map_err(document::problems);
    read.with_context(|| file.display().to_string())?;
    Ok(text)
}

async fn publish(text: String, options: &ClientOptions) -> anyhow::Result<()> {
    let request = PublishRollupRequest { document: text };
    let reply = Client::open(options)?.mastery().publish_rollup(request).await;
    let reply = reply.map_err(refused("publishing the roll-up"))?.into_inner();
    let (rollups_hash, published, rules) = (reply.rollups_hash, reply.published, reply.rules);
    if options.output == Format::Json {
        return json(&Outcome { rollups_hash, published, rules });
    }
    let outcome = if published { "published" } else { "was the last word already" };
    let noun = if rules == 1 { "rule" } else { "rules" };
    say(&format!("Roll-up {rollups_hash} {outcome}: {rules} {noun}."));
    Ok(())
}
