//! `northstar pace`.

use anyhow::Context as _;
use northstar_kernel::{FrameworkId, Timestamp};
use northstar_mastery::standard::read_pace_document;
use northstar_wire::mastery::v1::{
    GetPaceRequest, GetPaceResponse, PaceForecast, PacePlanConsidered, PaceStatus, PaceStretch,
    PublishPacePlanRequest,
};
use serde::Serialize;

use super::document;
use crate::cli::{ClientOptions, Pace};
use crate::client::{Client, refused};
use crate::output::{Format, instant, json, percent, say, table};

/// A learner's pace, for programs. Days that there are not are empty.
#[derive(Debug, Serialize)]
struct Paced {
    as_of: String,
    whole: Stretch,
    terms: Vec<Stretch>,
    competencies: Vec<Wanted>,
    plan_hash: String,
    scope: String,
    considered: Vec<Considered>,
}

/// A calendar that was looked at, and what became of it.
#[derive(Debug, Serialize)]
struct Considered {
    plan_hash: String,
    scope: String,
    /// Microseconds since 1970; null if that was not kept.
    published_at_micros: Option<i64>,
    holds: bool,
    outcome: String,
}

#[derive(Debug, Default, Serialize)]
struct Stretch {
    name: String,
    begin: String,
    end: String,
    wanted: u32,
    reached: u32,
    expected_milli: u32,
    actual_milli: u32,
    status: &'static str,
    finished_on: String,
    forecast: Option<Forecast>,
}

#[derive(Debug, Serialize)]
struct Forecast {
    earliest: String,
    likely: String,
    latest: String,
}

#[derive(Debug, Serialize)]
struct Wanted {
    competency: String,
    competency_id: String,
    by: String,
    reached_on: String,
}

/// What publishing came to.
#[derive(Debug, Serialize)]
struct Outcome {
    plan_hash: String,
    published: bool,
}

pub(super) async fn run(what: Pace) -> anyhow::Result<()> {
    match what {
        Pace::Show { learner, framework, as_of, known_at, client } => {
            show(&learner, framework, [as_of, known_at], &client).await
        }
        Pace::Publish { file, scope, client } => {
            let text = document::read(&file)?;
            publish(text, &scope, &client).await.with_context(|| file.display().to_string())
        }
    }
}

/// What cannot be read is refused here, whole, before anybody is asked.
async fn publish(text: String, scope: &str, options: &ClientOptions) -> anyhow::Result<()> {
    read_pace_document(&text).map_err(document::problems)?;
    let client = Client::open(options)?;
    let scope = client.scope(scope)?.to_string();
    let request = PublishPacePlanRequest { document: text, scope };
    let reply = client.mastery().publish_pace_plan(request).await;
    let reply = reply.map_err(refused("publishing the calendar"))?.into_inner();
    let (plan_hash, published) = (reply.plan_hash, reply.published);
    if options.output == Format::Json {
        return json(&Outcome { plan_hash, published });
    }
    let outcome = if published { "published" } else { "was the last word already" };
    say(&format!("Calendar {plan_hash} {outcome}."));
    Ok(())
}

async fn show(
    learner: &str,
    framework: FrameworkId,
    times: [Option<Timestamp>; 2],
    options: &ClientOptions,
) -> anyhow::Result<()> {
    let client = Client::open(options)?;
    let (learner_id, framework_id) = (client.learner(learner)?.to_string(), framework.to_string());
    let [as_of, known_at] = times.map(|at| at.map(instant));
    let request = GetPaceRequest { learner_id, framework_id, as_of, known_at };
    let reply = client.mastery().get_pace(request).await;
    let paced = Paced::from(reply.map_err(refused("asking for the pace"))?.into_inner());
    if options.output == Format::Json {
        return json(&paced);
    }
    print(&paced);
    Ok(())
}

impl From<GetPaceResponse> for Paced {
    fn from(reply: GetPaceResponse) -> Self {
        let wanted = reply.competencies.into_iter().map(|it| Wanted {
            competency: if it.competency_code.is_empty() {
                it.competency_id.clone()
            } else {
                it.competency_code
            },
            competency_id: it.competency_id,
            by: it.by,
            reached_on: it.reached_on,
        });
        Self {
            as_of: reply.as_of,
            whole: reply.whole.map(Stretch::from).unwrap_or_default(),
            terms: reply.terms.into_iter().map(Stretch::from).collect(),
            competencies: wanted.collect(),
            plan_hash: reply.plan_hash,
            scope: reply.scope,
            considered: reply.considered.into_iter().map(Considered::from).collect(),
        }
    }
}

impl From<PacePlanConsidered> for Considered {
    fn from(it: PacePlanConsidered) -> Self {
        let at = it.published_at.and_then(|at| Timestamp::from_parts(at.seconds, at.nanos));
        Self {
            plan_hash: it.plan_hash,
            scope: it.scope,
            published_at_micros: at.map(Timestamp::micros),
            holds: it.holds,
            outcome: it.outcome,
        }
    }
}

impl From<PaceStretch> for Stretch {
    fn from(it: PaceStretch) -> Self {
        Self {
            status: match it.status() {
                PaceStatus::Unspecified => "",
                PaceStatus::Behind => "behind",
                PaceStatus::OnPace => "on pace",
                PaceStatus::Ahead => "ahead",
            },
            name: it.name,
            begin: it.begin,
            end: it.end,
            wanted: it.wanted,
            reached: it.reached,
            expected_milli: it.expected_milli,
            actual_milli: it.actual_milli,
            finished_on: it.finished_on,
            forecast: it.forecast.map(|PaceForecast { earliest, likely, latest }| Forecast {
                earliest,
                likely,
                latest,
            }),
        }
    }
}

fn print(paced: &Paced) {
    say(&format!("As of {}, by the calendar for {}:", paced.as_of, paced.scope));
    let row = |it: &Stretch| {
        let share = |milli: u32| percent(i32::try_from(milli).unwrap_or(i32::MAX));
        let name = if it.name.is_empty() { "all" } else { &*it.name };
        [
            name.to_owned(),
            format!("{} to {}", it.begin, it.end),
            format!("{} of {}", it.reached, it.wanted),
            share(it.expected_milli),
            share(it.actual_milli),
            it.status.to_owned(),
            finish(it),
        ]
    };
    let rows = paced.terms.iter().chain([&paced.whole]).map(row);
    table(["term", "days", "reached", "expected", "achieved", "pace", "done"], rows);
    let wanted = |it: &Wanted| [it.competency.clone(), it.by.clone(), it.reached_on.clone()];
    table(["competency", "by", "since"], paced.competencies.iter().map(wanted));
    if paced.considered.len() > 1 {
        let row = |it: &Considered| [it.plan_hash.clone(), it.scope.clone(), it.outcome.clone()];
        table(["calendar", "for", "it"], paced.considered.iter().map(row));
    }
}

/// When all is, or may be, reached.
fn finish(it: &Stretch) -> String {
    let or =
        |day: &str, never: &str| if day.is_empty() { never.to_owned() } else { day.to_owned() };
    match &it.forecast {
        None => or(&it.finished_on, "-"),
        Some(Forecast { earliest, likely, latest }) => format!(
            "{} ({} to {})",
            or(likely, "not foreseeable"),
            or(earliest, "not foreseeable"),
            or(latest, "never")
        ),
    }
}
