//! `northstar policy`.

use std::path::Path;

use anyhow::{Context as _, anyhow};
use northstar_kernel::{FrameworkId, Timestamp};
use northstar_mastery::standard::read_policy_document;
use northstar_wire::mastery::v1::{GetPolicyRequest, PolicyConsidered, PublishPolicyRequest};
use serde::Serialize;
use serde_json::Value;

use super::dry_run;
use crate::cli::{ClientOptions, Policy};
use crate::client::{Client, refused};
use crate::output::{Format, instant, json, say, table};

/// The policy that holds, for programs.
#[derive(Debug, Serialize)]
struct Holds {
    policy_hash: String,
    /// Microseconds since 1970; null if it always held.
    effective_from_micros: Option<i64>,
    retroactive: bool,
    scope: String,
    considered: Vec<Considered>,
    policy: Value,
}

/// A policy that was looked at, and what became of it.
#[derive(Debug, Serialize)]
pub(super) struct Considered {
    policy_hash: String,
    scope: String,
    /// Microseconds since 1970; null if it always held.
    effective_from_micros: Option<i64>,
    retroactive: bool,
    holds: bool,
    outcome: String,
}

impl From<PolicyConsidered> for Considered {
    fn from(it: PolicyConsidered) -> Self {
        let from = it.effective_from.and_then(|at| Timestamp::from_parts(at.seconds, at.nanos));
        Self {
            policy_hash: it.policy_hash,
            scope: it.scope,
            effective_from_micros: from.map(Timestamp::micros),
            retroactive: it.retroactive,
            holds: it.holds,
            outcome: it.outcome,
        }
    }
}

/// What publishing came to.
#[derive(Debug, Serialize)]
struct Outcome {
    policy_hash: String,
    published: bool,
}

pub(super) async fn run(what: Policy) -> anyhow::Result<()> {
    match what {
        Policy::Show { framework, name, as_of, learner, client } => {
            show(framework, name, as_of, learner, &client).await
        }
        Policy::DryRun { policy, effective_from, retroactive, scope, client } => {
            let mut request = request(&policy, effective_from, retroactive)?;
            request.scope = Client::open(&client)?.scope(&scope)?.to_string();
            dry_run::policy(request, &client).await.with_context(|| policy.display().to_string())
        }
        Policy::Publish { file, from, retroactive, scope, client } => {
            let mut request = request(&file, from, retroactive)?;
            request.scope = Client::open(&client)?.scope(&scope)?.to_string();
            publish(request, &client).await.with_context(|| file.display().to_string())
        }
    }
}

/// What is asked to be published, or tried. What cannot be read is refused here, whole, before
/// anybody is asked.
fn request(
    file: &Path,
    from: Option<Timestamp>,
    retroactive: bool,
) -> anyhow::Result<PublishPolicyRequest> {
    let document =
        std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    read_policy_document(&document).map_err(|refusal| {
        let lines = refusal.problems.iter().map(|it| format!("\n  {} {}", it.path, it.what));
        let lines = lines.collect::<String>();
        anyhow!("{}: the policy document cannot be read:{lines}", file.display())
    })?;
    let effective_from = from.map(instant);
    Ok(PublishPolicyRequest { document, effective_from, retroactive, scope: String::new() })
}

async fn show(
    framework: FrameworkId,
    policy_name: String,
    as_of: Option<Timestamp>,
    learner: Option<String>,
    options: &ClientOptions,
) -> anyhow::Result<()> {
    let client = Client::open(options)?;
    let learner = learner.map(|learner| client.learner(&learner)).transpose()?;
    let request = GetPolicyRequest {
        framework_id: framework.to_string(),
        policy_name,
        as_of: as_of.map(instant),
        learner_id: learner.map(|learner| learner.to_string()).unwrap_or_default(),
    };
    let reply = client.mastery().get_policy(request).await;
    let found = reply.map_err(refused("asking for the policy"))?.into_inner();
    let policy: Value = serde_json::from_str(&found.document).context("reading the policy")?;
    let from = found.effective_from.and_then(|at| Timestamp::from_parts(at.seconds, at.nanos));
    let considered: Vec<_> = found.considered.into_iter().map(Considered::from).collect();
    if options.output == Format::Json {
        return json(&Holds {
            policy_hash: found.policy_hash,
            effective_from_micros: from.map(Timestamp::micros),
            retroactive: found.retroactive,
            scope: found.scope,
            considered,
            policy,
        });
    }
    let since = from.map_or_else(|| "always".to_owned(), |from| format!("from {from} on"));
    let reach = if found.retroactive { ", retroactive" } else { "" };
    say(&format!("Policy {} for {}, {since}{reach}:", found.policy_hash, found.scope));
    json(&policy)?;
    print_considered(&considered);
    Ok(())
}

/// Why this one and none of the others; nothing where there is no other.
pub(super) fn print_considered(considered: &[Considered]) {
    if considered.len() > 1 {
        let row =
            |one: &Considered| [one.policy_hash.clone(), one.scope.clone(), one.outcome.clone()];
        table(["policy", "for", "it"], considered.iter().map(row));
    }
}

async fn publish(request: PublishPolicyRequest, options: &ClientOptions) -> anyhow::Result<()> {
    let reply = Client::open(options)?.mastery().publish_policy(request).await;
    let reply = reply.map_err(refused("publishing the policy"))?.into_inner();
    let (policy_hash, published) = (reply.policy_hash, reply.published);
    if options.output == Format::Json {
        return json(&Outcome { policy_hash, published });
    }
    let outcome = if published { "published" } else { "was the last word already" };
    say(&format!("Policy {policy_hash} {outcome}."));
    Ok(())
}
