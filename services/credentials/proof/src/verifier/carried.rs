//! Credentials inside a credential: endorsements of it, and the badges of a record. Each is verified
//! like any other.

use serde_json::Value;

use super::report::{Finding, Report};
use super::secured::Secured;
use super::{Outcome, Sources, Terms, look};

/// Most carried credentials that are looked at one by one.
const MOST: usize = 2_000;

/// Objects that may have endorsements, by where they are.
const ENDORSED: [&str; 4] =
    ["", "/issuer", "/credentialSubject/achievement", "/credentialSubject/achievement/creator"];

pub(super) fn check(
    credential: &Value,
    sources: &dyn Sources,
    terms: &Terms,
    deepest: usize,
) -> Finding {
    let carried = carried(credential);
    if carried.is_empty() {
        return Finding::absent("the credential carries no other");
    }
    if carried.len() > MOST {
        return Finding::failed(format!("it carries more than {MOST} credentials"));
    }
    let Some(deepest) = deepest.checked_sub(1) else {
        return Finding::failed("credentials are carried in one another too deep");
    };
    let count = carried.len();
    // Who endorses is not who issues: the terms on issuers are for the credential itself.
    let terms = Terms { issuers: None, ..terms.clone() };
    let endorsable = endorsable(credential);
    let look = |one: Carried<'_>| one.look(&endorsable, sources, &terms, deepest);
    let worst = Finding::worst(carried.into_iter().map(look));
    if worst.outcome == Outcome::Passed {
        return Finding::passed(format!("all {count} that it carries verify"));
    }
    worst
}

struct Carried<'a> {
    place: String,
    value: &'a Value,
    /// An endorsement, which must be about something in the credential.
    endorses: bool,
}

fn many(value: &Value) -> impl Iterator<Item = &Value> {
    let single = Some(value).filter(|value| !value.is_array() && !value.is_null());
    value.as_array().into_iter().flatten().chain(single)
}

fn carried(credential: &Value) -> Vec<Carried<'_>> {
    let mut found = Vec::new();
    for at in ENDORSED {
        let Some(endorsed) = credential.pointer(at) else { continue };
        for member in ["endorsement", "endorsementJwt"] {
            for (number, value) in many(&endorsed[member]).enumerate() {
                let place = format!("{at}/{member}/{number}");
                found.push(Carried { place, value, endorses: true });
            }
        }
    }
    let records = &credential["credentialSubject"]["verifiableCredential"];
    for (number, value) in many(records).enumerate() {
        let place = format!("/credentialSubject/verifiableCredential/{number}");
        found.push(Carried { place, value, endorses: false });
    }
    found
}

/// The ids that an endorsement in the credential may be about.
fn endorsable(credential: &Value) -> Vec<&str> {
    let own = credential.pointer("/credentialSubject/id").into_iter();
    let objects = ENDORSED.iter().filter_map(|at| credential.pointer(at));
    let ids = objects.map(|object| object.as_str().map_or(&object["id"], |_| object));
    ids.chain(own).filter_map(Value::as_str).collect()
}

impl Carried<'_> {
    fn look(
        &self,
        endorsable: &[&str],
        sources: &dyn Sources,
        terms: &Terms,
        deepest: usize,
    ) -> Finding {
        let secured = match self.value {
            Value::String(token) => Secured::read(token.as_bytes(), &terms.limits),
            value => Secured::of_value(value.clone(), &terms.limits),
        };
        let report = look(secured, sources, terms, deepest);
        self.finding(&report, endorsable).within(&self.place)
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
