//! (c) What another policy would change, found out over the whole region.

use std::time::Instant;

use anyhow::Context as _;
use northstar_tests::measure::command::Pace;
use northstar_tests::measure::figure::{Bar, Figure};
use northstar_tests::measure::rebuilding::{pretend_handled, rebuild_all};
use northstar_tests::measure::served::{Served, connect};
use northstar_wire::mastery::v1::dry_run_policy_response::Item;
use northstar_wire::mastery::v1::mastery_service_client::MasteryServiceClient;
use northstar_wire::mastery::v1::{DryRunPolicyRequest, DryRunSummary, PublishPolicyRequest};
use serde_json::json;

use crate::history::Region;
use crate::policy;

/// Tries it on the region that was rebuilt, or on a new one.
pub(crate) async fn measure(
    region: &mut Option<Region>,
    pace: Pace,
) -> anyhow::Result<Vec<Figure>> {
    let region = match region {
        Some(rebuilt) => rebuilt,
        None => {
            let written = Region::write(pace.events).await?;
            pretend_handled(&written.logs).await?;
            rebuild_all(&written.logs).await?;
            region.insert(written)
        }
    };
    let mastery = northstar_mastery::build(region.logs.open("mastery")?);
    let mastery = Served::start(mastery.routes).await?;
    let mut elapsed = Figure::new("a dry run over the region", "s", Bar::AtMost(60.0));
    let mut rate = Figure::new("  … levels read twice, by both policies", "levels/s", Bar::None);
    let mut changes = Figure::new("  … changes found", "changes", Bar::None);
    for _ in 0..pace.rounds.div_ceil(2) {
        let begin = Instant::now();
        let summary = tried(&mastery).await?;
        let seconds = begin.elapsed().as_secs_f64();
        elapsed.add_alone(seconds);
        rate.add_alone(summary.levels as f64 / seconds);
        changes.add_alone(summary.changes as f64);
    }
    Ok(vec![elapsed, rate, changes])
}

/// A lower weight of the newest, fewer judgements asked for, from the beginning of time.
async fn tried(mastery: &Served) -> anyhow::Result<DryRunSummary> {
    let mut document = policy::of_the_demo();
    document["method"] = json!({ "name": "decaying_average", "newest_weight_percent": 50 });
    document["minimum_observations"] = json!(2);
    let policy = PublishPolicyRequest {
        document: document.to_string(),
        retroactive: true,
        ..PublishPolicyRequest::default()
    };
    let channel = connect(mastery.address).await?;
    let mut client = MasteryServiceClient::with_interceptor(channel, mastery.bearer.clone());
    let request = DryRunPolicyRequest { policy: Some(policy) };
    let mut answers = client.dry_run_policy(request).await?.into_inner();
    let (mut told, mut summary) = (0, None);
    while let Some(answer) = answers.message().await? {
        match answer.item {
            Some(Item::Changes(some)) => told += some.changes.len() as u64,
            Some(Item::Summary(all)) => summary = Some(all),
            _ => {}
        }
    }
    let summary = summary.context("a dry run without a summary")?;
    anyhow::ensure!(told == summary.changes && told > 0, "{told} changes were told: {summary:?}");
    Ok(summary)
}
