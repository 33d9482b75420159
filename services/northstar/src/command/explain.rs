//! `northstar explain`.

use anyhow::Context as _;
use northstar_kernel::Timestamp;
use northstar_wire::mastery::v1::{GetDerivationRequest, GetDerivationResponse};
use serde::Serialize;
use serde_json::Value;

use super::policy::{Considered, print_considered};
use super::profile::Entry;
use crate::cli::Explain;
use crate::client::{Client, refused};
use crate::output::{Format, instant, json, milli, say, table};

/// How a level came about, for programs.
#[derive(Debug, Serialize)]
struct Explained {
    #[serde(flatten)]
    entry: Entry,
    confidence: String,
    /// Microseconds since 1970; null if never.
    next_change_at_micros: Option<i64>,
    /// The policies for the learner's classes, schools, districts and network.
    considered: Vec<Considered>,
    /// Null if no policy holds.
    derivation: Value,
}

pub(super) async fn run(options: &Explain) -> anyhow::Result<()> {
    let client = Client::open(&options.client)?;
    let learner = client.learner(&options.learner)?;
    let request = GetDerivationRequest {
        learner_id: learner.to_string(),
        competency_id: client.competency(&options.competency).await?.to_string(),
        policy_name: options.policy.clone(),
        as_of: options.as_of.map(instant),
        known_at: options.known_at.map(instant),
    };
    let reply = client.mastery().get_derivation(request).await;
    let explained = explained(reply.map_err(refused("asking for the derivation"))?.into_inner())?;
    if options.client.output == Format::Json {
        return json(&explained);
    }
    print(&explained);
    Ok(())
}

fn explained(reply: GetDerivationResponse) -> anyhow::Result<Explained> {
    let derivation = match reply.derivation.as_str() {
        "" => Value::Null,
        text => serde_json::from_str(text).context("reading the derivation")?,
    };
    let next = reply.next_change_at.and_then(|at| Timestamp::from_parts(at.seconds, at.nanos));
    Ok(Explained {
        entry: reply.entry.context("the service answered without an entry")?.into(),
        confidence: reply.confidence,
        next_change_at_micros: next.map(Timestamp::micros),
        considered: reply.considered.into_iter().map(Considered::from).collect(),
        derivation,
    })
}

fn print(explained: &Explained) {
    say(&format!("{}: {}", explained.entry.competency, explained.entry.standing));
    say(&explained.entry.reason);
    if explained.derivation.is_null() {
        return;
    }
    if explained.derivation["rollup_hash"].is_string() {
        say(&format!("Roll-up rule {}", explained.entry.policy_hash));
        return parts(&explained.derivation["rule"]);
    }
    say(&explained.confidence);
    if let Some(micros) = explained.next_change_at_micros {
        let at = Timestamp::from_micros(micros);
        say(&format!(
            "At {at} something else may be held: by evidence that expires, or an override."
        ));
    }
    say(&format!("Policy {}", explained.entry.policy_hash));
    print_considered(&explained.considered);
    let left_out = observations(&explained.derivation["left_out"]);
    let all = observations(&explained.derivation["used"]).chain(left_out);
    table(["observed", "value", "role", "kind", "evidence", "left out"], all);
    let steps = list(&explained.derivation["steps"]);
    table(["step", "value"], steps.iter().map(|step| [text(&step["name"]), text(&step["value"])]));
}

/// The criteria of a rule, what was read of each and what follows, parts under their groups.
fn parts(rule: &Value) {
    let (mut rows, mut waiting) = (Vec::new(), vec![(0, rule)]);
    while let Some((depth, criterion)) = waiting.pop() {
        let kind = text(&criterion["kind"]).replace('_', " ");
        let code = text(&criterion["code"]);
        let name = if code.is_empty() { kind } else { code };
        rows.push([
            format!("{}{name}", "  ".repeat(depth)),
            text(&criterion["read"]["standing"]).replace('_', " "),
            criterion["value_milli"].as_i64().map(milli).unwrap_or_default(),
            text(&criterion["verdict"]).replace('_', " "),
        ]);
        waiting.extend(list(&criterion["parts"]).iter().rev().map(|part| (depth + 1, part)));
    }
    table(["part", "standing", "value", "verdict"], rows);
}

fn observations(all: &Value) -> impl Iterator<Item = [String; 6]> {
    list(all).iter().map(|seen| {
        let observed = seen["observed_at_micros"].as_i64().map(Timestamp::from_micros);
        [
            observed.map(|at| at.to_string()).unwrap_or_default(),
            seen["value_milli"].as_i64().map(milli).unwrap_or_default(),
            text(&seen["role"]),
            text(&seen["kind"]),
            text(&seen["evidence"]),
            text(&seen["why"]).replace('_', " "),
        ]
    })
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
