//! `northstar policy dry-run` and `northstar rollup dry-run`.

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use northstar_wire::mastery::v1::dry_run_policy_response::Item;
use northstar_wire::mastery::v1::{
    DryRunChanges, DryRunCount, DryRunPolicyRequest, DryRunRolledUp, DryRunRollupRequest,
    DryRunRollupResponse, DryRunSummary, Mastery, MasteryChanged, PublishPolicyRequest,
    PublishRollupRequest, Standing, dry_run_rollup_response,
};
use serde::Serialize;
use tonic::{Status, Streaming};

use super::profile::words;
use crate::cli::ClientOptions;
use crate::client::{Client, refused};
use crate::output::{Format, json_line, milli, say, table};

/// Changes shown to people; programs get all.
const SHOWN: usize = 20;

/// A line for programs.
#[derive(Debug, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
enum Line {
    Change(Change),
    Summary(Summary),
}

/// What would change.
#[derive(Debug, Serialize)]
struct Change {
    learner_id: String,
    competency_id: String,
    policy_name: String,
    /// Whether the rule of a roll-up would say it, and not the policy itself.
    rolled_up: bool,
    before: Held,
    after: Held,
}

#[derive(Debug, Serialize)]
struct Held {
    standing: &'static str,
    level: u32,
    value: String,
}

#[derive(Debug, Serialize)]
struct Summary {
    /// Absent if rules are on trial.
    #[serde(skip_serializing_if = "String::is_empty")]
    policy_hash: String,
    /// Absent if a policy is.
    #[serde(skip_serializing_if = "String::is_empty")]
    rollups_hash: String,
    published: bool,
    levels: u64,
    learners: u64,
    changes: u64,
    learners_changed: u64,
    counts: Vec<Count>,
    /// The same of what roll-ups say; absent if there is none, or none that reads the policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    rolled_up: Option<RolledUp>,
}

#[derive(Debug, Serialize)]
struct RolledUp {
    levels: u64,
    learners: u64,
    changes: u64,
    learners_changed: u64,
    counts: Vec<Count>,
}

#[derive(Debug, Serialize)]
struct Count {
    before: &'static str,
    before_level: u32,
    after: &'static str,
    after_level: u32,
    levels: u64,
}

/// Tries the policy and shows what it would change.
pub(super) async fn policy(
    policy: PublishPolicyRequest,
    options: &ClientOptions,
) -> anyhow::Result<()> {
    let request = DryRunPolicyRequest { policy: Some(policy) };
    let told = refused("trying the policy");
    let client = Client::open(options)?;
    let stream = client.mastery().dry_run_policy(request).await.map_err(&told)?.into_inner();
    show(stream, |response| response.item, told, options).await
}

/// Tries the rules of a roll-up and shows what they would change.
pub(super) async fn rollup(document: String, options: &ClientOptions) -> anyhow::Result<()> {
    let request = DryRunRollupRequest { rollup: Some(PublishRollupRequest { document }) };
    let told = refused("trying the roll-up");
    let client = Client::open(options)?;
    let stream = client.mastery().dry_run_rollup(request).await.map_err(&told)?.into_inner();
    let item = |response: DryRunRollupResponse| match response.item? {
        dry_run_rollup_response::Item::Progress(progress) => Some(Item::Progress(progress)),
        dry_run_rollup_response::Item::Changes(changes) => Some(Item::Changes(changes)),
        dry_run_rollup_response::Item::Summary(summary) => Some(Item::Summary(summary)),
    };
    show(stream, item, told, options).await
}

/// Shows what is told: to people how far it has come, then what it came to.
async fn show<T>(
    mut stream: Streaming<T>,
    item: impl Fn(T) -> Option<Item>,
    told: impl Fn(Status) -> anyhow::Error,
    options: &ClientOptions,
) -> anyhow::Result<()> {
    let bar = bar();
    let (mut first, mut summary) = (Vec::new(), None);
    while let Some(response) = stream.message().await.map_err(&told)? {
        match item(response) {
            Some(Item::Progress(progress)) => {
                bar.set_position(progress.done_thousandths.into());
                bar.set_message(format!(
                    "{} levels, {} changes",
                    progress.levels, progress.changes
                ));
            }
            Some(Item::Changes(some)) if options.output == Format::Json => {
                changes(some).map(Line::Change).try_for_each(|change| json_line(&change))?;
            }
            Some(Item::Changes(some)) => {
                let room = SHOWN.saturating_sub(first.len());
                first.extend(changes(some).take(room));
            }
            Some(Item::Summary(last)) => summary = Some(last),
            None => {}
        }
    }
    bar.finish_and_clear();
    let summary = summary.context("the service broke off; nothing was written, try again")?;
    if options.output == Format::Json {
        return json_line(&Line::Summary(summary.into()));
    }
    print(&summary, &first);
    Ok(())
}

/// Those that the policy says, then those that roll-ups say.
fn changes(some: DryRunChanges) -> impl Iterator<Item = Change> {
    let by_policy = some.changes.into_iter().map(|changed| Change::of(changed, false));
    by_policy.chain(some.rolled_up.into_iter().map(|changed| Change::of(changed, true)))
}

/// A progress bar on standard error, hidden where nobody looks.
fn bar() -> ProgressBar {
    let bar = ProgressBar::new(1_000);
    let style = ProgressStyle::with_template("{bar:40} {percent:>3} % {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn print(summary: &DryRunSummary, first: &[Change]) {
    let DryRunSummary { levels, learners, changes, learners_changed, counts, .. } = summary;
    if summary.published {
        let what = match summary.rollups_hash.as_str() {
            "" => format!("Policy {}", summary.policy_hash),
            hash => format!("Roll-up {hash}"),
        };
        say(&format!("{what} was published already."));
    }
    let of = format!("{levels} levels of {learners} learners");
    print_moves(&of, (*changes, *learners_changed), counts);
    let mut all = *changes;
    if let Some(DryRunRolledUp { levels, learners, changes, learners_changed, counts }) =
        &summary.rolled_up
    {
        all += changes;
        let of = format!("{levels} levels that roll-ups say of {learners} learners");
        print_moves(&of, (*changes, *learners_changed), counts);
    }
    if !first.is_empty() {
        let row = |change: &Change| {
            let Change { learner_id, competency_id, policy_name, rolled_up, before, after } =
                change;
            let [before, after] =
                [before, after].map(|held| format!("{} ({})", held.value, held.standing));
            let policy = if *rolled_up { "(roll-up)".to_owned() } else { policy_name.clone() };
            [learner_id.clone(), competency_id.clone(), policy, before, after]
        };
        table(["learner", "competency", "policy", "now", "then"], first.iter().map(row));
    }
    let more = all.saturating_sub(first.len() as u64);
    if more > 0 {
        say(&format!("… and {more} more: -o json lists all."));
    }
    say("Nothing was written.");
}

/// How many would change, and the table of what moves from where to where.
fn print_moves(of: &str, (changes, learners): (u64, u64), counts: &[DryRunCount]) {
    match changes {
        0 => say(&format!("Nothing would change among {of}.")),
        _ => say(&format!(
            "{changes} changes to {learners} learners, among {of}. Into mastery: {}. Out of it: {}.",
            moved(counts, false),
            moved(counts, true),
        )),
    }
    let side = |standing: Standing, level: u32| match level {
        0 => words(standing).to_owned(),
        level => format!("{}, level {level}", words(standing)),
    };
    let row = |count: &DryRunCount| {
        let before = side(count.before(), count.before_level);
        let after = side(count.after(), count.after_level);
        let same = before == after;
        [before, if same { "stays".to_owned() } else { after }, count.levels.to_string()]
    };
    table(["now", "then", "levels"], counts.iter().map(row));
}

/// Levels that would be mastered and are not now, or the other way about.
fn moved(counts: &[DryRunCount], out: bool) -> u64 {
    let mastered = |standing| matches!(standing, Standing::AtMastery | Standing::Exceeds);
    let moves = counts.iter().filter(|count| {
        let (before, after) = (mastered(count.before()), mastered(count.after()));
        (before, after) == (out, !out)
    });
    moves.map(|count| count.levels).sum()
}

impl Change {
    fn of(changed: MasteryChanged, rolled_up: bool) -> Self {
        let (before, after) =
            (changed.before.unwrap_or_default(), changed.after.unwrap_or_default());
        Self {
            learner_id: changed.learner_id,
            competency_id: changed.competency_id,
            policy_name: changed.policy_name,
            rolled_up,
            before: before.into(),
            after: after.into(),
        }
    }
}

impl From<Mastery> for Held {
    fn from(held: Mastery) -> Self {
        let (standing, value) = (words(held.standing()), milli(held.value_milli));
        Self { standing, level: held.level, value }
    }
}

impl From<DryRunSummary> for Summary {
    fn from(summary: DryRunSummary) -> Self {
        Self {
            counts: summary.counts.iter().map(Count::from).collect(),
            rolled_up: summary.rolled_up.map(RolledUp::from),
            policy_hash: summary.policy_hash,
            rollups_hash: summary.rollups_hash,
            published: summary.published,
            levels: summary.levels,
            learners: summary.learners,
            changes: summary.changes,
            learners_changed: summary.learners_changed,
        }
    }
}

impl From<DryRunRolledUp> for RolledUp {
    fn from(above: DryRunRolledUp) -> Self {
        let DryRunRolledUp { levels, learners, changes, learners_changed, counts } = above;
        let counts = counts.iter().map(Count::from).collect();
        Self { levels, learners, changes, learners_changed, counts }
    }
}

impl From<&DryRunCount> for Count {
    fn from(count: &DryRunCount) -> Self {
        Self {
            before: words(count.before()),
            before_level: count.before_level,
            after: words(count.after()),
            after_level: count.after_level,
            levels: count.levels,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_into_mastery_and_out_of_it_are_told_apart() {
        let count = |before: Standing, after: Standing, levels| DryRunCount {
            before: before.into(),
            after: after.into(),
            levels,
            ..Default::default()
        };
        let counts = [
            count(Standing::BelowMastery, Standing::AtMastery, 1),
            count(Standing::NotEnoughEvidence, Standing::Exceeds, 2),
            count(Standing::AtMastery, Standing::BelowMastery, 4),
            count(Standing::AtMastery, Standing::Exceeds, 8),
            count(Standing::BelowMastery, Standing::Unspecified, 16),
        ];
        assert_eq!((moved(&counts, false), moved(&counts, true)), (3, 4));
    }
}
