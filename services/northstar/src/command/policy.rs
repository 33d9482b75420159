//! `northstar policy`.

use std::path::Path;

use anyhow::{Context as _, anyhow};
use northstar_kernel::{FrameworkId, Timestamp};
use northstar_mastery::standard::read_policy_document;
use northstar_wire::mastery::v1::{GetPolicyRequest, PublishPolicyRequest};
use serde::Serialize;
use serde_json::Value;

use super::dry_run;
use crate::cli::{ClientOptions, Policy};
use crate::client::{Client, refused};
use crate::output::{Format, instant, json, say};

/// The policy that holds, for programs.
#[derive(Debug, Serialize)]
struct Holds {
    policy_hash: String,
    /// Microseconds since 1970; null if it always held.
    effective_from_micros: Option<i64>,
    retroactive: bool,
    policy: Value,
}

/// What publishing came to.
#[derive(Debug, Serialize)]
struct Outcome {
    policy_hash: String,
    published: bool,
}

pub(super) async fn run(what: Policy) -> anyhow::Result<()> {
    match what {
        Policy::Show { framework, name, as_of, client } => {
            show(framework, name, as_of, &client).await
        }
        Policy::DryRun { policy, effective_from, retroactive, client } => {
            let request = request(&policy, effective_from, retroactive)?;
            dry_run::run(request, &client).await.with_context(|| policy.display().to_string())
        }
        Policy::Publish { file, from, retroactive, client } => {
            let request = request(&file, from, retroactive)?;
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
    Ok(PublishPolicyRequest { document, effective_from: from.map(instant), retroactive })
}

async fn show(
    framework: FrameworkId,
    policy_name: String,
    as_of: Option<Timestamp>,
    options: &ClientOptions,
) -> anyhow::Result<()> {
    let (framework_id, as_of) = (framework.to_string(), as_of.map(instant));
    let request = GetPolicyRequest { framework_id, policy_name, as_of };
    let reply = Client::open(options)?.mastery().get_policy(request).await;
    let found = reply.map_err(refused("asking for the policy"))?.into_inner();
    let policy: Value = serde_json::from_str(&found.document).context("reading the policy")?;
    let from = found.effective_from.and_then(|at| Timestamp::from_parts(at.seconds, at.nanos));
    if options.output == Format::Json {
        return json(&Holds {
            policy_hash: found.policy_hash,
            effective_from_micros: from.map(Timestamp::micros),
            retroactive: found.retroactive,
            policy,
        });
    }
    let since = from.map_or_else(|| "always".to_owned(), |from| format!("from {from} on"));
    let reach = if found.retroactive { ", retroactive" } else { "" };
    say(&format!("Policy {}, {since}{reach}:", found.policy_hash));
    json(&policy)
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
