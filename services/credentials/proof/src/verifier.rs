//! One verifier for whatever a credential comes as: what was looked at, and what it came to, kept apart.
//!
//! That a signature is sound says nothing about who made it, and that somebody's key made it nothing
//! about whether the credential still holds. What lies outside the credential, issuers' documents and
//! status lists, comes in through [`Sources`]; nothing is fetched here, and no key out of the
//! credential itself is ever taken for the issuer's.

mod carried;
mod model;
mod moment;
mod owner;
mod report;
mod schema;
mod secured;

use northstar_credentials_canonical::Limits;
use northstar_kernel::Timestamp;
use serde_json::Value;

use crate::proof::Suite;
pub use model::{bounds, said_by};
use report::Finding;
pub use report::{Carried, Check, Name, Outcome, Report};
use secured::Secured;

/// How far two clocks may be apart before a credential counts as not valid yet, in microseconds.
const SKEW: i64 = 60_000_000;

/// How deep credentials may be carried in one another: a record, its badges, their endorsements.
const DEEPEST: usize = 3;

/// Where a verifier learns what is not in the credential.
pub trait Sources {
    /// The document of this id (a DID document, or an issuer's at its own URL); `None` if it is not at
    /// hand. Whoever answers vouches that it is the issuer's own.
    fn document(&self, id: &str) -> Option<Value>;

    /// What the issuer publishes about a credential that has this `credentialStatus`.
    fn status(&self, entry: &Value, credential: &Value) -> Status;
}

/// What an issuer publishes about a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It holds.
    Holds,
    /// It does not hold any more; a sentence says why.
    Ended(String),
    /// What is needed to tell is not at hand; a sentence says what.
    Unknown(String),
    /// Entry or list is not as it must be; a sentence says what.
    Malformed(String),
}

/// On what terms a verifier accepts credentials.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The time that counts as now.
    pub now: Timestamp,
    /// Whose credentials are accepted, by the issuer's id; anybody's if `None`.
    pub issuers: Option<Vec<String>>,
    /// By which suites embedded proofs may be made.
    pub suites: Vec<Suite>,
    /// How much work one credential may ask for.
    pub limits: Limits,
}

impl Terms {
    /// Anybody's credentials, by any suite known here.
    pub fn at(now: Timestamp) -> Self {
        let suites = vec![Suite::EddsaRdfc2022, Suite::EddsaJcs2022, Suite::EcdsaSd2023];
        Self { now, issuers: None, suites, limits: Limits::RECORD }
    }
}

/// Looks at everything about a credential in JSON or as compact JWS.
pub fn verify(bytes: &[u8], sources: &dyn Sources, terms: &Terms) -> Report {
    verify_beside(bytes, &[], sources, terms)
}

/// The same, with endorsements that are handed beside the credential (JSON or compact JWS): they count
/// as if it carried them.
pub fn verify_beside(
    bytes: &[u8],
    endorsements: &[&[u8]],
    sources: &dyn Sources,
    terms: &Terms,
) -> Report {
    look(Secured::read(bytes, &terms.limits), endorsements, sources, terms, DEEPEST)
}

/// `deepest` is how deep further credentials may be carried in this one.
fn look(
    secured: Result<Secured<'_>, String>,
    beside: &[&[u8]],
    sources: &dyn Sources,
    terms: &Terms,
    deepest: usize,
) -> Report {
    let secured = match &secured {
        Ok(secured) => secured,
        Err(why) => return Report::without_form(why.clone()),
    };
    let credential = secured.credential();
    let (arithmetic, owner) = secured.signatures(sources, terms);
    let (endorsements, carried) = carried::check(credential, beside, sources, terms, deepest);
    Report::new(
        [
            (Name::Form, Finding::passed(secured.form())),
            (Name::Arithmetic, arithmetic),
            (Name::KeyOwner, owner),
            (Name::Schema, schema::check(credential)),
            (Name::Status, status(credential, sources)),
            (Name::Time, time(secured, terms.now)),
            (Name::Endorsements, endorsements),
            (Name::Policy, policy(secured, terms)),
        ],
        carried,
        credential.clone(),
    )
}

/// The instant that a member of a credential names: a date and a time with its zone; `None` if the text
/// is none.
pub fn instant(text: &str) -> Option<Timestamp> {
    moment::read(text)
}

/// The issuer's id, however `issuer` is written; `None` if there is none.
pub fn issuer(credential: &Value) -> Option<&str> {
    let issuer = &credential["issuer"];
    issuer.as_str().or_else(|| issuer["id"].as_str())
}

fn status(credential: &Value, sources: &dyn Sources) -> Finding {
    let Some(entry) = credential.get("credentialStatus") else {
        return Finding::absent("the credential names no status list");
    };
    let entries = entry.as_array().map_or(std::slice::from_ref(entry), Vec::as_slice);
    if entries.is_empty() {
        return Finding::failed("credentialStatus is empty");
    }
    let look = |entry| match sources.status(entry, credential) {
        Status::Holds => Finding::passed("the issuer's list does not end it"),
        Status::Ended(why) | Status::Malformed(why) => Finding::failed(why),
        Status::Unknown(why) => Finding::unknown(why),
    };
    Finding::worst(entries.iter().map(look))
}

/// Of the credential, and of each proof. What must have a time is for the schema.
fn time(secured: &Secured<'_>, now: Timestamp) -> Finding {
    let said = secured.credential();
    // Each name counts, in whichever data model: a bound that is looked over is none.
    let spans =
        model::SPANS.into_iter().filter(|names| names.iter().any(|it| said.get(it).is_some()));
    let spans: Vec<_> = spans.map(|names| span(said, names, now)).collect();
    let credential = match spans.is_empty() {
        true => span(said, model::SPANS[0], now),
        false => Finding::worst(spans),
    };
    let proof = |proof| span(proof, ["created", "expires"], now).within("the proof");
    let proofs = secured.proofs().iter().map(proof);
    Finding::worst(std::iter::once(credential).chain(proofs))
}

/// Whether now lies between the two members, as far as they are there.
fn span(value: &Value, [from, until]: [&str; 2], now: Timestamp) -> Finding {
    let read = |name: &str| match value.get(name) {
        None => Ok(None),
        Some(member) => {
            let moment = member.as_str().and_then(moment::read);
            moment.map(Some).ok_or_else(|| Finding::failed(format!("{name} is no time")))
        }
    };
    let (start, end) = match (read(from), read(until)) {
        (Ok(start), Ok(end)) => (start, end),
        (Err(finding), _) | (_, Err(finding)) => return finding,
    };
    match (start, end) {
        (Some(start), _) if now.micros() < start.micros().saturating_sub(SKEW) => {
            Finding::failed(format!("{from} is {start}, after {now}"))
        }
        (_, Some(end)) if now >= end => Finding::failed(format!("{until} was {end}")),
        (Some(start), Some(end)) => Finding::passed(format!("valid from {start} until {end}")),
        (Some(start), None) => Finding::passed(format!("valid from {start} on")),
        (None, _) => Finding::passed("nothing is said about when"),
    }
}

fn policy(secured: &Secured<'_>, terms: &Terms) -> Finding {
    let who = issuer(secured.credential()).unwrap_or_default();
    if terms.issuers.as_ref().is_some_and(|known| !known.iter().any(|known| known == who)) {
        return Finding::failed(format!("{who:?} is not among the issuers that are accepted"));
    }
    secured.policy(&terms.suites)
}
