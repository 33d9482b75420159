//! `northstar override`.

use northstar_kernel::{CompetencyId, Digest, LearnerId, OverrideId, Timestamp};
use northstar_wire::mastery::v1 as wire;
use serde::Serialize;

use super::profile::words;
use crate::cli::{ClientOptions, Override, Says, SetOverride};
use crate::client::{Client, refused};
use crate::output::{Format, instant, json, milli, say, table};

/// What a command came to.
#[derive(Debug, Serialize)]
struct Outcome {
    override_id: String,
    /// Whether it was so before.
    repeated: bool,
}

/// An override, for programs.
#[derive(Debug, Serialize)]
struct Listed {
    override_id: String,
    competency_id: String,
    standing: &'static str,
    /// Null: a standing alone.
    value: Option<String>,
    set_by: String,
    second_signer: String,
    from: Option<String>,
    until: Option<String>,
    /// Null: it waits for the second signer.
    confirmed_at: Option<String>,
    /// Null: it was not taken back.
    revoked_at: Option<String>,
    reason: String,
    revoked_because: String,
}

impl From<wire::Override> for Listed {
    fn from(it: wire::Override) -> Self {
        Self {
            standing: words(it.standing()),
            value: it.value_milli.map(milli),
            override_id: it.override_id,
            competency_id: it.competency_id,
            set_by: it.set_by,
            second_signer: it.second_signer,
            from: written(it.from),
            until: written(it.until),
            confirmed_at: written(it.confirmed_at),
            revoked_at: written(it.revoked_at),
            reason: it.reason,
            revoked_because: it.revoked_because,
        }
    }
}

pub(super) async fn run(what: Override) -> anyhow::Result<()> {
    match what {
        Override::Set(options) => set(&options).await,
        Override::Confirm { id, client } => confirm(id, &client).await,
        Override::Revoke { id, reason, client } => revoke(id, reason, &client).await,
        Override::List { learner, competency, client } => {
            list(&learner, competency.as_deref(), &client).await
        }
    }
}

async fn set(options: &SetOverride) -> anyhow::Result<()> {
    let client = Client::open(&options.client)?;
    let learner = client.learner(&options.learner)?;
    let competency = client.competency(&options.competency).await?;
    let request = wire::SetOverrideRequest {
        request_id: request_id(learner, competency, options),
        learner_id: learner.to_string(),
        competency_id: competency.to_string(),
        says: Some(wire::OverrideSays {
            standing: standing(options.standing).into(),
            value_milli: options.value.map(|value| value.0),
            level: options.level.unwrap_or_default(),
        }),
        reason: options.reason.clone(),
        second_signer: options.second_signer.clone(),
        from: options.from.map(instant),
        until: Some(instant(options.until)),
    };
    let reply = client.mastery().set_override(request).await;
    let reply = reply.map_err(refused("setting the override"))?.into_inner();
    let outcome = Outcome { override_id: reply.override_id, repeated: reply.repeated };
    told(&outcome, &options.client, "is set and waits for the second signer", "was set before")
}

/// The same words make the same request, so that they can be said again after a break.
fn request_id(learner: LearnerId, competency: CompetencyId, options: &SetOverride) -> String {
    let parts = [
        format!("{learner} {competency}"),
        format!("{:?} {:?} {:?}", options.standing, options.level, options.value),
        format!("{:?} {:?}", options.from, options.until),
        options.second_signer.clone(),
        options.reason.clone(),
    ];
    format!("override/{}", Digest::of_parts(parts.iter().map(|part| part.as_bytes())))
}

async fn confirm(id: OverrideId, options: &ClientOptions) -> anyhow::Result<()> {
    let request = wire::ConfirmOverrideRequest { override_id: id.to_string() };
    let reply = Client::open(options)?.mastery().confirm_override(request).await;
    let reply = reply.map_err(refused("confirming the override"))?.into_inner();
    let outcome = Outcome { override_id: reply.override_id, repeated: reply.repeated };
    told(&outcome, options, "is confirmed", "was confirmed before")
}

async fn revoke(id: OverrideId, reason: String, options: &ClientOptions) -> anyhow::Result<()> {
    let request = wire::RevokeOverrideRequest { override_id: id.to_string(), reason };
    let reply = Client::open(options)?.mastery().revoke_override(request).await;
    let reply = reply.map_err(refused("taking the override back"))?.into_inner();
    let outcome = Outcome { override_id: reply.override_id, repeated: reply.repeated };
    told(&outcome, options, "is taken back", "was taken back before")
}

fn told(
    outcome: &Outcome,
    options: &ClientOptions,
    done: &str,
    repeated: &str,
) -> anyhow::Result<()> {
    if options.output == Format::Json {
        return json(outcome);
    }
    let what = if outcome.repeated { repeated } else { done };
    say(&format!("Override {} {what}.", outcome.override_id));
    Ok(())
}

async fn list(
    learner: &str,
    competency: Option<&str>,
    options: &ClientOptions,
) -> anyhow::Result<()> {
    let client = Client::open(options)?;
    let competency_id = match competency {
        None => String::new(),
        Some(text) => client.competency(text).await?.to_string(),
    };
    let learner_id = client.learner(learner)?.to_string();
    let request = wire::ListOverridesRequest { learner_id, competency_id };
    let reply = client.mastery().list_overrides(request).await;
    let reply = reply.map_err(refused("asking for overrides"))?.into_inner();
    let all = reply.overrides.into_iter().map(Listed::from);
    if options.output == Format::Json {
        return json(&all.collect::<Vec<_>>());
    }
    let header = ["override", "competency", "shows", "from", "until", "state", "why"];
    table(header, all.map(row));
    Ok(())
}

fn row(it: Listed) -> [String; 7] {
    let state = match (&it.confirmed_at, &it.revoked_at) {
        (_, Some(at)) => format!("taken back {at}"),
        (Some(at), None) => format!("confirmed {at}"),
        (None, None) => "waits for the second signer".to_owned(),
    };
    let value = it.value.map(|value| format!(" ({value})")).unwrap_or_default();
    let shows = format!("{}{value}", it.standing);
    let [from, until] = [it.from, it.until].map(Option::unwrap_or_default);
    [it.override_id, it.competency_id, shows, from, until, state, it.reason]
}

/// An instant as people and programs read it.
pub(super) fn written(at: Option<prost_types::Timestamp>) -> Option<String> {
    let at = at.and_then(|at| Timestamp::from_parts(at.seconds, at.nanos));
    at.map(|at| at.to_string())
}

const fn standing(says: Says) -> wire::Standing {
    match says {
        Says::NotEnoughEvidence => wire::Standing::NotEnoughEvidence,
        Says::BelowMastery => wire::Standing::BelowMastery,
        Says::AtMastery => wire::Standing::AtMastery,
        Says::Exceeds => wire::Standing::Exceeds,
    }
}
