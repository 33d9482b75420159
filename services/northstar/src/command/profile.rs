//! `northstar profile`.

use northstar_kernel::LearnerId;
use northstar_wire::mastery::v1::{GetProfileRequest, ProfileEntry, Standing};
use serde::Serialize;

use crate::cli::Profile;
use crate::client::{Client, refused};
use crate::output::{Format, json, milli, say, table};

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
        }
    }
}

/// The learner's profile.
pub(crate) async fn fetch(client: &Client, learner: LearnerId) -> anyhow::Result<Vec<Entry>> {
    let request = GetProfileRequest { learner_id: learner.to_string(), as_of: None };
    let reply = client.mastery().get_profile(request).await;
    let reply = reply.map_err(refused("asking for the profile"))?;
    Ok(reply.into_inner().entries.into_iter().map(Entry::from).collect())
}

pub(super) async fn run(options: &Profile) -> anyhow::Result<()> {
    let client = Client::open(&options.client)?;
    let entries = fetch(&client, client.learner(&options.learner)?).await?;
    if options.client.output == Format::Json {
        return json(&entries);
    }
    if entries.is_empty() {
        say("Nothing is known of this learner.");
        return Ok(());
    }
    print(&entries);
    Ok(())
}

/// The table that people read.
pub(crate) fn print(entries: &[Entry]) {
    let row = |entry: &Entry| {
        let level = if entry.level == 0 { "-".to_owned() } else { entry.level.to_string() };
        [entry.competency.clone(), level, entry.standing.to_owned(), entry.reason.clone()]
    };
    table(["competency", "level", "standing", "why"], entries.iter().map(row));
}

fn words(standing: Standing) -> &'static str {
    match standing {
        Standing::Unspecified => "not observed",
        Standing::NotEnoughEvidence => "not enough evidence",
        Standing::BelowMastery => "below mastery",
        Standing::AtMastery => "at mastery",
        Standing::Exceeds => "exceeds mastery",
    }
}
