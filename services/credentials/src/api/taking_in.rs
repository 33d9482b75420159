//! Taking in what others signed: looked at on arrival, with what the caller brings along and vouches
//! for, and refused with the check that failed.

use northstar_chassis::{Principal, Role, status};
use northstar_credentials_domain::verified::{self, Found};
use northstar_credentials_proof::verifier::{self, Outcome, Terms};
use northstar_kernel::Timestamp;
use serde_json::Value;
use tonic::Status;

use super::refusing::words;
use crate::standard::did_web::Did;
use crate::standard::published::Published;

/// Who may vouch for documents, and give their word.
pub(super) const ADMINISTRATORS: [Role; 2] = [Role::NetworkAdmin, Role::DistrictAdmin];
/// Most documents, and most lists, that one request brings along.
const MOST: usize = 20;

/// Something foreign, and what came with it.
pub(super) struct Foreign<'r> {
    /// The field of the request that it is in.
    pub(super) field: &'static str,
    /// JSON or a compact JWS.
    pub(super) text: &'r [u8],
    /// Documents of issuers.
    pub(super) documents: &'r [Vec<u8>],
    /// Status lists.
    pub(super) lists: Vec<Vec<u8>>,
    /// An administrator's word; may be empty.
    pub(super) word: &'r str,
}

/// What was found of it.
pub(super) struct Taken {
    /// What it says.
    pub(super) credential: Value,
    /// Its issuer's id.
    pub(super) issuer: String,
    /// What each check came to.
    pub(super) checks: Vec<Found>,
    /// The administrator's word, if it was needed.
    pub(super) word: Option<String>,
}

/// Looks at it, and takes it in or not.
pub(super) fn take_in(
    principal: &Principal,
    own: &Did,
    foreign: Foreign<'_>,
    at: Timestamp,
) -> Result<Taken, Status> {
    let vouches = !foreign.documents.is_empty() || !foreign.lists.is_empty();
    if vouches || !foreign.word.is_empty() {
        principal.require(&ADMINISTRATORS)?;
    }
    let word = (!foreign.word.is_empty()).then(|| words("word", foreign.word)).transpose()?;
    let published = published(foreign.documents, foreign.lists, at)?;
    let report = verifier::verify(foreign.text, &published, &Terms::at(at));
    let checks: Vec<_> = report.checks.into_iter().map(found).collect();
    let needed = verified::accept(foreign.field, &checks, word.is_some())
        .map_err(|refusal| status::refused(&refusal))?;
    let credential = report.credential.unwrap_or_default();
    let issuer = verifier::issuer(&credential).unwrap_or_default().to_owned();
    if issuer == own.as_str() {
        let wrong = "is the tenant's own; only what others signed is taken in";
        return Err(status::invalid("CREDENTIAL_OWN", foreign.field, wrong));
    }
    let word = word.filter(|_| needed).map(ToOwned::to_owned);
    Ok(Taken { credential, issuer, checks, word })
}

fn published(
    documents: &[Vec<u8>],
    lists: Vec<Vec<u8>>,
    at: Timestamp,
) -> Result<Published, Status> {
    let mut published = Published::at(at);
    let invalid = |field: &str, number: usize, why: &str| {
        status::invalid("BROUGHT_ALONG_INVALID", &format!("{field}[{number}]"), why)
    };
    for (field, count) in [("issuer_documents", documents.len()), ("status_lists", lists.len())] {
        if count > MOST {
            return Err(invalid(field, MOST, &format!("at most {MOST} are looked at")));
        }
    }
    for (number, document) in documents.iter().enumerate() {
        let added = published.add_document(document);
        added.map_err(|why| invalid("issuer_documents", number, &why))?;
    }
    for (number, list) in lists.into_iter().enumerate() {
        let added = published.add_list(list);
        added.map_err(|why| invalid("status_lists", number, &why))?;
    }
    Ok(published)
}

fn found(check: verifier::Check) -> Found {
    let outcome = match check.outcome {
        Outcome::Passed => verified::Outcome::Passed,
        Outcome::Absent => verified::Outcome::Absent,
        Outcome::Unknown => verified::Outcome::Unknown,
        Outcome::Failed => verified::Outcome::Failed,
    };
    Found { name: check.name.word().into(), outcome, detail: check.detail }
}

/// Whether the credential has this type.
pub(super) fn is_a(credential: &Value, kind: &str) -> bool {
    let types = &credential["type"];
    types == kind || types.as_array().is_some_and(|types| types.iter().any(|one| one == kind))
}
