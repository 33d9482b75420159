//! `northstar missing`.

use northstar_wire::mastery::v1::{GetMissingRequest, GetMissingResponse, Mastery, MissingWhy};
use serde::Serialize;

use super::profile::words;
use crate::cli::Missing;
use crate::client::{Client, refused};
use crate::output::{Format, instant, json, say, table};

/// What is missing, for programs.
#[derive(Debug, Serialize)]
struct Answer {
    standing: &'static str,
    sentence: String,
    missing: Vec<Entry>,
}

#[derive(Debug, Serialize)]
struct Entry {
    competency: String,
    competency_id: String,
    /// `part` or `prerequisite`.
    why: &'static str,
    needed_by_id: String,
    standing: &'static str,
}

pub(super) async fn run(options: &Missing) -> anyhow::Result<()> {
    let client = Client::open(&options.client)?;
    let learner = client.learner(&options.learner)?;
    let request = GetMissingRequest {
        learner_id: learner.to_string(),
        competency_id: client.competency(&options.competency).await?.to_string(),
        as_of: options.as_of.map(instant),
        known_at: None,
    };
    let reply = client.mastery().get_missing(request).await;
    let answer = Answer::from(reply.map_err(refused("asking what is missing"))?.into_inner());
    if options.client.output == Format::Json {
        return json(&answer);
    }
    say(&answer.sentence);
    let row = |it: &Entry| [it.competency.clone(), it.why.to_owned(), it.standing.to_owned()];
    if !answer.missing.is_empty() {
        table(["competency", "as", "standing"], answer.missing.iter().map(row));
    }
    Ok(())
}

impl From<GetMissingResponse> for Answer {
    fn from(reply: GetMissingResponse) -> Self {
        let standing = |held: Option<Mastery>| words(held.unwrap_or_default().standing());
        let entry = |it: northstar_wire::mastery::v1::MissingCompetency| Entry {
            why: match it.why() {
                MissingWhy::Unspecified => "",
                MissingWhy::Part => "part",
                MissingWhy::Prerequisite => "prerequisite",
            },
            standing: standing(it.mastery),
            competency: if it.competency_code.is_empty() {
                it.competency_id.clone()
            } else {
                it.competency_code
            },
            competency_id: it.competency_id,
            needed_by_id: it.needed_by_id,
        };
        Self {
            standing: standing(reply.mastery),
            sentence: reply.sentence,
            missing: reply.missing.into_iter().map(entry).collect(),
        }
    }
}
