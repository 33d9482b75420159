//! The summary as people read it.

use std::path::Path;

use super::{Badges, LEARNER, Loaded, Occupation, Summary};
use crate::command::{profile, verify};
use crate::output::{percent, say, table};

/// Prints everything, and a command for each thing that can be looked at further.
pub(in crate::dev) fn print(summary: &Summary, data: &Path) {
    loaded(&summary.loaded);
    let learner = &summary.learner;
    heading(&format!("What {} ({}) can do, and how we know", learner.name, learner.source_id));
    profile::print(&learner.profile);
    say(&format!("Policy in force: {}", summary.policy_hash));
    badges(&summary.badges);
    heading("What it opens, in Colorado");
    table(
        ["occupation", "covered", "of it known", "median a year", "jobs"],
        summary.occupations.iter().map(occupation),
    );
    heading("The state, provably");
    verify::print(&summary.state);
    commands(summary, data);
}

/// What an import came to, kind by kind.
pub(in crate::dev) fn loaded(loaded: &[Loaded]) {
    heading("Loaded");
    let rows = loaded.iter().map(|one| {
        let figures = [one.changed, one.unchanged, one.refused].map(|figure| figure.to_string());
        let [changed, unchanged, refused] = figures;
        [one.what.clone(), changed, unchanged, refused]
    });
    table(["what", "new or changed", "known already", "refused"], rows);
}

fn badges(badges: &Badges) {
    heading("Badges");
    let Badges { issued, revoked, learners, verified } = badges;
    say(&format!("{issued} held by {learners} learners; {revoked} revoked on the way."));
    if let Some(one) = verified {
        let outcome = if one.verified { "verifies" } else { "DOES NOT VERIFY" };
        let checks = one.checks.join(", ");
        say(&format!("\"{}\" ({}) {outcome}: {checks}.", one.achievement, one.credential_id));
    }
}

fn occupation(one: &Occupation) -> [String; 5] {
    let unknown = || "not released".to_owned();
    [
        format!("{} {}", one.code, one.title),
        percent(one.coverage_milli),
        percent(one.known_milli),
        one.annual_median_dollars.map_or_else(unknown, |dollars| format!("${dollars}")),
        one.employment.map_or_else(unknown, |jobs| jobs.to_string()),
    ]
}

fn commands(summary: &Summary, data: &Path) {
    heading("Look further");
    let client = data.join("client.toml").display().to_string();
    let default = client == "northstar-data/client.toml";
    let client = if default { String::new() } else { format!(" --client {client}") };
    let program = std::env::args().next().unwrap_or_else(|| "northstar".to_owned());
    for (what, command) in [
        ("follow mastery events, live", "events follow".to_owned()),
        ("a learner's profile", format!("profile {LEARNER}")),
        ("head and state hash", "verify".to_owned()),
        ("fold everything again", "rebuild".to_owned()),
        ("more evidence", "import evidence FILE.csv".to_owned()),
    ] {
        say(&format!("  {program} {command}{client}    # {what}"));
    }
    say("");
    say(&format!(
        "Token of the demo's administrator (also in {}):",
        data.join("client.toml").display()
    ));
    say(&summary.token);
}

fn heading(text: &str) {
    say("");
    say(&format!("== {text} =="));
}
