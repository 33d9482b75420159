//! What checks came to, as it is kept and shown.

use northstar_credentials_domain::verified::{Found, Outcome};
use northstar_wire::credentials::v1 as wire;

const WORDS: [(Outcome, &str); 4] = [
    (Outcome::Passed, "passed"),
    (Outcome::Absent, "nothing to check"),
    (Outcome::Unknown, "not checked"),
    (Outcome::Failed, "failed"),
];

/// As messages have them.
pub(crate) fn to_wire(checks: &[Found]) -> Vec<wire::CheckFound> {
    let shown = |check: &Found| wire::CheckFound {
        name: check.name.clone(),
        outcome: word(check.outcome).into(),
        detail: check.detail.clone(),
    };
    checks.iter().map(shown).collect()
}

pub(super) fn from_wire(checks: Vec<wire::CheckFound>) -> Result<Vec<Found>, String> {
    let read = |check: wire::CheckFound| {
        let outcome = WORDS.iter().find(|(_, word)| *word == check.outcome);
        let outcome = outcome.map(|(outcome, _)| *outcome);
        let unknown = || format!("a check cannot come to {:?}", check.outcome);
        let outcome = outcome.ok_or_else(unknown)?;
        Ok(Found { name: check.name, outcome, detail: check.detail })
    };
    checks.into_iter().map(read).collect()
}

fn word(outcome: Outcome) -> &'static str {
    let known = WORDS.iter().find(|(known, _)| *known == outcome);
    known.map(|(_, word)| *word).unwrap_or_default()
}
