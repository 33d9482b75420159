//! The summary as people read it.

use std::path::Path;

use super::{Badges, LEARNER, Loaded, Summary};
use crate::command::{badges, occupations, profile, verify};
use crate::dev::{ADMIN_FILE, OPERATOR_FILE, TENANT};
use crate::output::{say, table};

/// Prints everything, and a command for each thing that can be looked at further.
pub(in crate::dev) fn print(summary: &Summary, data: &Path) {
    loaded(&summary.loaded);
    let learner = &summary.learner;
    heading(&format!("What {} ({}) can do, and how we know", learner.name, learner.source_id));
    profile::print(&learner.profile);
    say(&format!("Policy in force: {}", summary.policy_hash));
    held(&summary.badges);
    heading("What it opens, in Colorado");
    occupations::print(&summary.occupations);
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

fn held(badges: &Badges) {
    heading("Badges");
    let Badges { issued, revoked, learners, verified } = badges;
    say(&format!("{issued} held by {learners} learners; {revoked} revoked on the way."));
    if let Some(one) = verified {
        badges::print(one);
    }
}

fn commands(summary: &Summary, data: &Path) {
    heading("Look further");
    let client = data.join(ADMIN_FILE).display().to_string();
    let default = client == "northstar-data/client.toml";
    let client = if default { String::new() } else { format!(" --client {client}") };
    let program = std::env::args().next().unwrap_or_else(|| "northstar".to_owned());
    for (what, command) in [
        ("follow mastery events, live", "events follow".to_owned()),
        ("a learner's profile", format!("profile {LEARNER}")),
        ("how one level came about", format!("explain {LEARNER} NS.ADP")),
        ("a learner's badges", format!("badges {LEARNER}")),
        ("what they open", format!("occupations {LEARNER}")),
        ("head and state hash", "verify".to_owned()),
        ("more evidence", "import evidence FILE.csv".to_owned()),
    ] {
        say(&format!("  {program} {command}{client}    # {what}"));
    }
    let operator = data.join(OPERATOR_FILE).display().to_string();
    let public = format!("{}/t/{TENANT}", summary.edge);
    say(&format!("  curl {public}/did.json    # the issuer's keys, as verifiers find them"));
    say(&format!("  curl {public}/status/0    # which credentials were revoked, one bit for each"));
    say(&format!("  {program} rebuild --client {operator}    # fold everything again"));
    say("");
    say(&format!(
        "Token of the demo's administrator (also in {}):",
        data.join(ADMIN_FILE).display()
    ));
    say(&summary.token);
}

fn heading(text: &str) {
    say("");
    say(&format!("== {text} =="));
}
