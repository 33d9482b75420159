//! Credentials inside a credential or handed beside it: endorsements of it, and the badges of a record.
//! Each is verified like any other.

use serde_json::Value;

use super::report::{Carried, Finding, Report};
use super::secured::Secured;
use super::{Outcome, Sources, Terms, look};

/// Most carried credentials that are looked at one by one.
const MOST: usize = 2_000;

/// Objects that may have endorsements, by where they are.
const ENDORSED: [&str; 4] =
    ["", "/issuer", "/credentialSubject/achievement", "/credentialSubject/achievement/creator"];

/// What all of them come to, and each of them.
pub(super) fn check(
    credential: &Value,
    beside: &[&[u8]],
    sources: &dyn Sources,
    terms: &Terms,
    deepest: usize,
) -> (Finding, Vec<Carried>) {
    let mut carried = inside(credential);
    carried.extend(beside.iter().enumerate().map(|(number, bytes)| One {
        place: format!("beside/{number}"),
        value: What::Beside(bytes),
        endorses: true,
    }));
    if carried.is_empty() {
        return (Finding::absent("the credential carries no other"), Vec::new());
    }
    if carried.len() > MOST {
        let finding = Finding::failed(format!("it carries more than {MOST} credentials"));
        return (finding, Vec::new());
    }
    let Some(deepest) = deepest.checked_sub(1) else {
        let finding = Finding::failed("credentials are carried in one another too deep");
        return (finding, Vec::new());
    };
    let count = carried.len();
    // Who endorses is not who issues: the terms on issuers are for the credential itself.
    let terms = Terms { issuers: None, ..terms.clone() };
    let endorsable = endorsable(credential);
    let look = |one: One<'_>| one.look(&endorsable, sources, &terms, deepest);
    let (findings, reports): (Vec<_>, Vec<_>) = carried.into_iter().map(look).unzip();
    let worst = Finding::worst(findings);
    if worst.outcome == Outcome::Passed {
        return (Finding::passed(format!("all {count} that it carries verify")), reports);
    }
    (worst, reports)
}

struct One<'a> {
    place: String,
    value: What<'a>,
    /// An endorsement, which must be about something in the credential.
    endorses: bool,
}

enum What<'a> {
    Inside(&'a Value),
    Beside(&'a [u8]),
}

fn many(value: &Value) -> impl Iterator<Item = &Value> {
    let single = Some(value).filter(|value| !value.is_array() && !value.is_null());
    value.as_array().into_iter().flatten().chain(single)
}

fn inside(credential: &Value) -> Vec<One<'_>> {
    let mut found = Vec::new();
    for at in ENDORSED {
        let Some(endorsed) = credential.pointer(at) else { continue };
        for member in ["endorsement", "endorsementJwt"] {
            for (number, value) in many(&endorsed[member]).enumerate() {
                let place = format!("{at}/{member}/{number}");
                found.push(One { place, value: What::Inside(value), endorses: true });
            }
        }
    }
    let records = &credential["credentialSubject"]["verifiableCredential"];
    for (number, value) in many(records).enumerate() {
        let place = format!("/credentialSubject/verifiableCredential/{number}");
        found.push(One { place, value: What::Inside(value), endorses: false });
    }
    found
}

/// The ids that an endorsement may be about: of the credential, and of the badges of a record.
fn endorsable(credential: &Value) -> Vec<&str> {
    let badges = many(&credential["credentialSubject"]["verifiableCredential"]);
    let ids = badges.chain([credential]).flat_map(|credential| {
        let own = credential.pointer("/credentialSubject/id").into_iter();
        let objects = ENDORSED.iter().filter_map(|at| credential.pointer(at));
        objects.map(|object| object.as_str().map_or(&object["id"], |_| object)).chain(own)
    });
    ids.filter_map(Value::as_str).collect()
}

impl One<'_> {
    fn look(
        self,
        endorsable: &[&str],
        sources: &dyn Sources,
        terms: &Terms,
        deepest: usize,
    ) -> (Finding, Carried) {
        let secured = match self.value {
            What::Inside(Value::String(token)) => Secured::read(token.as_bytes(), &terms.limits),
            What::Inside(value) => Secured::of_value(value.clone(), &terms.limits),
            What::Beside(bytes) => Secured::read(bytes, &terms.limits),
        };
        let report = look(secured, &[], sources, terms, deepest);
        let finding = self.finding(&report, endorsable).within(&self.place);
        (finding, report.at(self.place))
    }

    fn finding(&self, report: &Report, endorsable: &[&str]) -> Finding {
        if let Some(check) = report.worst() {
            let detail = format!("{}: {}", check.name.word(), check.detail);
            return Finding { outcome: check.outcome, detail };
        }
        let credential = report.credential.as_ref();
        let subject = credential.and_then(|one| one["credentialSubject"]["id"].as_str());
        let subject = subject.unwrap_or_default();
        if self.endorses && !endorsable.contains(&subject) {
            return Finding::failed(format!("it endorses {subject:?}, which is not in here"));
        }
        Finding::passed("verifies")
    }
}
