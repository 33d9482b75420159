//! `northstar profile` and `northstar as-of`.

use northstar_kernel::LearnerId;
use northstar_wire::mastery::v1::{GetProfileRequest, Mastery, ProfileEntry, Standing};
use serde::Serialize;

use super::overriding::written;
use crate::cli::{AsOf, ClientOptions, Profile};
use crate::client::{Client, refused};
use crate::output::{Format, instant, json, milli, say, table};

/// One competency of a profile, for programs.
#[derive(Debug, Serialize)]
pub(crate) struct Entry {
    pub(crate) competency: String,
    pub(crate) competency_id: String,
    pub(crate) standing: &'static str,
    pub(crate) level: u32,
    pub(crate) value: String,
    pub(crate) reason: String,
    pub(crate) evidence: usize,
    /// Empty for the main one, of several side by side.
    pub(crate) policy_name: String,
    pub(crate) policy_hash: String,
    /// What the rule says beside the override that is shown; left out if none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) by_rule: Option<ByRule>,
    /// The override that is shown; left out if none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) override_id: Option<String>,
    /// When somebody decided that the learner moves on; left out if nobody did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) advanced_at: Option<String>,
}

/// What the rule says, for programs.
#[derive(Debug, Serialize)]
pub(crate) struct ByRule {
    standing: &'static str,
    level: u32,
    value: String,
}

impl From<Mastery> for ByRule {
    fn from(held: Mastery) -> Self {
        let standing = words(held.standing());
        Self { standing, level: held.level, value: milli(held.value_milli) }
    }
}

impl From<ProfileEntry> for Entry {
    fn from(entry: ProfileEntry) -> Self {
        let mastery = entry.mastery.unwrap_or_default();
        let code = entry.competency_code;
        Self {
            competency: if code.is_empty() { entry.competency_id.clone() } else { code },
            competency_id: entry.competency_id,
            standing: words(mastery.standing()),
            level: mastery.level,
            value: milli(mastery.value_milli),
            reason: entry.reason,
            evidence: entry.evidence_ids.len(),
            policy_name: entry.policy_name,
            policy_hash: entry.policy_hash,
            by_rule: entry.by_rule.map(ByRule::from),
            override_id: entry.overridden_by.map(|it| it.override_id),
            advanced_at: entry.advancement.and_then(|it| written(it.advanced_at)),
        }
    }
}

/// The learner's profile.
pub(crate) async fn fetch(client: &Client, learner: LearnerId) -> anyhow::Result<Vec<Entry>> {
    let learner_id = learner.to_string();
    ask(client, GetProfileRequest { learner_id, ..Default::default() }).await
}

async fn ask(client: &Client, request: GetProfileRequest) -> anyhow::Result<Vec<Entry>> {
    let reply = client.mastery().get_profile(request).await;
    let reply = reply.map_err(refused("asking for the profile"))?;
    Ok(reply.into_inner().entries.into_iter().map(Entry::from).collect())
}

pub(super) async fn run(options: &Profile) -> anyhow::Result<()> {
    let client = Client::open(&options.client)?;
    let entries = fetch(&client, client.learner(&options.learner)?).await?;
    show(&entries, &options.client, "Nothing is known of this learner.")
}

/// `northstar as-of`.
pub(super) async fn run_as_of(options: &AsOf) -> anyhow::Result<()> {
    let client = Client::open(&options.client)?;
    let entries = ask(
        &client,
        GetProfileRequest {
            learner_id: client.learner(&options.learner)?.to_string(),
            as_of: Some(instant(options.at)),
            known_at: options.known.map(instant),
        },
    );
    let nothing = match options.known {
        None => format!("Nothing of this learner was observed until {}.", options.at),
        Some(known) => format!(
            "Of this learner nothing was known at {known} that was observed until {}.",
            options.at
        ),
    };
    show(&entries.await?, &options.client, &nothing)
}

fn show(entries: &[Entry], options: &ClientOptions, nothing: &str) -> anyhow::Result<()> {
    if options.output == Format::Json {
        return json(&entries);
    }
    match entries {
        [] => say(nothing),
        entries => print(entries),
    }
    Ok(())
}

/// The table that people read.
pub(crate) fn print(entries: &[Entry]) {
    let row = |entry: &Entry| {
        let level = if entry.level == 0 { "-".to_owned() } else { entry.level.to_string() };
        let advanced = entry.advanced_at.iter().map(|at| format!(" Advanced at {at}."));
        let why = entry.reason.clone() + &advanced.collect::<String>();
        [entry.competency.clone(), level, entry.standing.to_owned(), why]
    };
    table(["competency", "level", "standing", "why"], entries.iter().map(row));
}

/// A standing as people say it.
pub(super) fn words(standing: Standing) -> &'static str {
    match standing {
        Standing::Unspecified => "not observed",
        Standing::NotEnoughEvidence => "not enough evidence",
        Standing::BelowMastery => "below mastery",
        Standing::AtMastery => "at mastery",
        Standing::Exceeds => "exceeds mastery",
    }
}
