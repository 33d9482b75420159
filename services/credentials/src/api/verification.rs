//! Whether a credential is sound, and still holds.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use northstar_chassis::status;
use northstar_credentials_canonical::Limits;
use northstar_credentials_domain::endorsement::Endorsements;
use northstar_credentials_proof::verifier::{
    self, Name, Outcome, Sources, Status as Published, Terms,
};
use northstar_eventlog::{Fault, TenantLog, now};
use northstar_kernel::CredentialId;
use northstar_wire::credentials::v1 as wire;
use serde_json::Value;
use tonic::Status;

use super::{credentials, issuers};
use crate::beside::{self, Loaded};
use crate::projection::credential::HolderDocument;
use crate::standard::did_web::{Did, Host};
use crate::standard::issuer_document::IssuerDocument;

/// Most endorsements that one request hands in beside.
const MOST_BESIDE: usize = 100;
/// Most credentials that are looked up, the carried ones among them.
const MOST: usize = 2_100;

/// Verifies one. Whoever holds the document may ask, so nothing is told that is not in it, but for
/// the one bit whether it holds.
pub(super) async fn verify(
    host: &Host,
    log: &TenantLog,
    request: &wire::VerifyCredentialRequest,
) -> Result<wire::VerifyCredentialResponse, Status> {
    if request.endorsements.len() > MOST_BESIDE {
        let wrong = format!("at most {MOST_BESIDE} are looked at");
        return Err(status::invalid("ENDORSEMENTS_TOO_MANY", "endorsements", &wrong));
    }
    let text = if request.document.is_empty() { &request.compact_jws } else { &request.document };
    verify_beside(host, log, (text, &request.endorsements), Limits::RECORD).await
}

/// The same of a document or token, with no more work than `limits` allow.
pub(crate) async fn verify_within(
    host: &Host,
    log: &TenantLog,
    text: &str,
    limits: Limits,
) -> Result<wire::VerifyCredentialResponse, Status> {
    verify_beside(host, log, (text, &[]), limits).await
}

async fn verify_beside(
    host: &Host,
    log: &TenantLog,
    (text, endorsements): (&str, &[String]),
    limits: Limits,
) -> Result<wire::VerifyCredentialResponse, Status> {
    let (did, issuer) = issuers::find(host, log).await?;
    let at = now();
    let document = IssuerDocument::new(&did, &issuer.ring, issuer.ring.not_before(at));
    let own = Own {
        document: document.ok().and_then(|document| serde_json::to_value(document).ok()),
        records: records(log, text, endorsements).await.map_err(status::fault)?,
        did,
    };
    let mut terms = Terms { limits, ..Terms::at(at) };
    terms.issuers = Some(vec![own.did.to_string()]);
    let beside: Vec<_> = endorsements.iter().map(String::as_bytes).collect();
    let report = verifier::verify_beside(text.as_bytes(), &beside, &own, &terms);
    let owned = report.check(Name::KeyOwner).is_some_and(|check| check.outcome == Outcome::Passed);
    let mut checks: Vec<_> = report.checks.into_iter().map(shown).collect();
    // What is on record about the issuer's own counts, also where the document names no list.
    if let Some(check) = checks.iter_mut().find(|check| owned && check.name == "status") {
        let id = said(text).and_then(|credential| id_of(&credential));
        (check.passed, check.detail) = match own.record(id) {
            Published::Holds => (true, "issued, not revoked".into()),
            Published::Ended(why) | Published::Unknown(why) | Published::Malformed(why) => {
                (false, why)
            }
        };
    }
    let verified = checks.iter().all(|it| it.passed);
    let carried = report.carried.into_iter().map(carried).collect();
    Ok(wire::VerifyCredentialResponse { verified, checks, carried })
}

fn shown(check: verifier::Check) -> wire::Check {
    wire::Check {
        name: check.name.word().into(),
        passed: matches!(check.outcome, Outcome::Passed | Outcome::Absent),
        detail: check.detail,
    }
}

fn carried(one: verifier::Carried) -> wire::CarriedCheck {
    wire::CarriedCheck {
        place: one.place,
        id: one.id,
        verified: one.verified,
        checks: one.checks.into_iter().map(shown).collect(),
        carried: one.carried.into_iter().map(carried).collect(),
    }
}

/// What a tenant knows of its own credentials.
struct Own {
    did: Did,
    document: Option<Value>,
    records: BTreeMap<CredentialId, Published>,
}

impl Own {
    fn record(&self, id: Option<CredentialId>) -> Published {
        let known = id.and_then(|id| self.records.get(&id)).cloned();
        known.unwrap_or_else(|| Published::Ended("the issuer has no record of it".into()))
    }
}

impl Sources for Own {
    fn document(&self, id: &str) -> Option<Value> {
        self.document.clone().filter(|_| id == self.did.as_str())
    }

    fn status(&self, _: &Value, credential: &Value) -> Published {
        match verifier::issuer(credential) {
            Some(issuer) if issuer == self.did.as_str() => self.record(id_of(credential)),
            _ => Published::Unknown("another issuer's status lists are not at hand".into()),
        }
    }
}

/// What is on record about each credential that the texts are or carry.
async fn records(
    log: &TenantLog,
    text: &str,
    beside: &[String],
) -> Result<BTreeMap<CredentialId, Published>, Fault> {
    let mut ids = Vec::new();
    for text in beside.iter().chain([&text.to_owned()]) {
        if let Some(credential) = said(text) {
            collect(&credential, &mut ids);
        }
    }
    let mut records = BTreeMap::new();
    for id in ids {
        if let Some(known) = record(log, id).await? {
            records.insert(id, known);
        }
    }
    Ok(records)
}

/// What is on record about one; `None` if nothing is.
async fn record(log: &TenantLog, id: CredentialId) -> Result<Option<Published>, Fault> {
    let Some(HolderDocument(learner)) = log.document(id.as_bytes()).await? else {
        return beside(log, id).await;
    };
    let credential = credentials::of(log, learner, id).await?;
    Ok(match credential.map(|credential| credential.status()) {
        // Whether its time is over is looked at by itself.
        Some(wire::CredentialStatus::Issued | wire::CredentialStatus::Expired) => {
            Some(Published::Holds)
        }
        Some(wire::CredentialStatus::Revoked) => Some(Published::Ended("revoked".into())),
        Some(wire::CredentialStatus::Held) => {
            Some(Published::Ended("held: it is not to count for now".into()))
        }
        Some(wire::CredentialStatus::Unspecified) | None => None,
    })
}

/// The same of a record or an endorsement that the tenant gave.
async fn beside(log: &TenantLog, id: CredentialId) -> Result<Option<Published>, Fault> {
    if beside::record(log, id).await?.is_some() {
        return Ok(Some(Published::Holds));
    }
    let Loaded { state, .. }: Loaded<Endorsements> = beside::load(log, id).await?;
    Ok(match (state.signed, state.withdrawn) {
        (Some(_), true) => Some(Published::Ended("revoked".into())),
        (Some(_), false) => Some(Published::Holds),
        (None, _) => None,
    })
}

/// What a document or a token says; whether it is sound is looked at elsewhere.
pub(crate) fn said(text: &str) -> Option<Value> {
    match text.split('.').nth(1) {
        Some(payload) if !text.trim_start().starts_with('{') => {
            let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
            serde_json::from_slice(&payload).ok().map(verifier::said_by)
        }
        _ => serde_json::from_str(text).ok(),
    }
}

fn id_of(credential: &Value) -> Option<CredentialId> {
    credential["id"].as_str()?.strip_prefix("urn:uuid:")?.parse().ok()
}

/// The ids of a credential and of all that it carries; serde_json reads nothing that is nested too
/// deep to walk.
fn collect(value: &Value, ids: &mut Vec<CredentialId>) {
    if ids.len() >= MOST {
        return;
    }
    match value {
        Value::Object(members) => {
            if members.contains_key("credentialSubject") {
                ids.extend(id_of(value));
            }
            members.values().for_each(|value| collect(value, ids));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, ids)),
        Value::String(text) if text.split('.').count() == 3 && !text.starts_with('{') => {
            if let Some(credential @ Value::Object(_)) = said(text) {
                ids.extend(id_of(&credential));
            }
        }
        _ => {}
    }
}
