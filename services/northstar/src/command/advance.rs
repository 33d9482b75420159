//! `northstar advance`.

use anyhow::Context as _;
use northstar_wire::mastery::v1::{AdvanceLearnerRequest, AdvancementGround};
use serde::Serialize;

use super::overriding::written;
use crate::cli::Advance;
use crate::client::{Client, refused};
use crate::output::{Format, json, say};

/// The decision, for programs.
#[derive(Debug, Serialize)]
struct Decided {
    advanced_at: Option<String>,
    decider_id: String,
    ground: &'static str,
    /// Empty unless an override is the ground.
    override_id: String,
    evidence_ids: Vec<String>,
    /// Whether it was decided before.
    repeated: bool,
}

pub(super) async fn run(options: &Advance) -> anyhow::Result<()> {
    let client = Client::open(&options.client)?;
    let request = AdvanceLearnerRequest {
        learner_id: client.learner(&options.learner)?.to_string(),
        competency_id: client.competency(&options.competency).await?.to_string(),
        reason: options.reason.clone(),
    };
    let reply = client.mastery().advance_learner(request).await;
    let reply = reply.map_err(refused("letting the learner advance"))?.into_inner();
    let decision = reply.advancement.context("the service answered without the decision")?;
    let decided = Decided {
        ground: words(decision.ground()),
        advanced_at: written(decision.advanced_at),
        decider_id: decision.decider_id,
        override_id: decision.override_id,
        evidence_ids: decision.evidence_ids,
        repeated: reply.repeated,
    };
    if options.client.output == Format::Json {
        return json(&decided);
    }
    let at = decided.advanced_at.unwrap_or_default();
    let who = if decided.repeated { "had advanced" } else { "has advanced" };
    let (by, ground) = (decided.decider_id, decided.ground);
    say(&format!("The learner {who}, at {at}, by decision of {by}, on the ground of {ground}."));
    Ok(())
}

const fn words(ground: AdvancementGround) -> &'static str {
    match ground {
        AdvancementGround::Unspecified => "nothing that this version knows",
        AdvancementGround::Mastery => "mastery",
        AdvancementGround::Override => "an override",
        AdvancementGround::Stated => "a stated reason",
    }
}
