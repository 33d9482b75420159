//! Whether a credential is sound, and still holds.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use northstar_chassis::status;
use northstar_credentials_canonical::Limits;
use northstar_credentials_proof::verifier::{
    self, Name, Outcome, Sources, Status as Published, Terms,
};
use northstar_eventlog::{Fault, TenantLog, now};
use northstar_kernel::CredentialId;
use northstar_wire::credentials::v1 as wire;
use serde_json::Value;
use tonic::Status;

use super::{credentials, issuers};
use crate::projection::credential::HolderDocument;
use crate::standard::did_web::{Did, Host};
use crate::standard::issuer_document::IssuerDocument;

/// Verifies one. Whoever holds the document may ask, so nothing is told that is not in it, but for
/// the one bit whether it holds.
pub(super) async fn verify(
    host: &Host,
    log: &TenantLog,
    request: &wire::VerifyCredentialRequest,
) -> Result<wire::VerifyCredentialResponse, Status> {
    let text = if request.document.is_empty() { &request.compact_jws } else { &request.document };
    verify_within(host, log, text, Limits::RECORD).await
}

/// The same of a document or token, with no more work than `limits` allow.
pub(crate) async fn verify_within(
    host: &Host,
    log: &TenantLog,
    text: &str,
    limits: Limits,
) -> Result<wire::VerifyCredentialResponse, Status> {
    let (did, issuer) = issuers::find(host, log).await?;
    let at = now();
    let document = IssuerDocument::new(&did, &issuer.ring, issuer.ring.not_before(at));
    let own = Own {
        document: document.ok().and_then(|document| serde_json::to_value(document).ok()),
        record: record(log, text).await.map_err(status::fault)?,
        did,
    };
    let mut terms = Terms { limits, ..Terms::at(at) };
    terms.issuers = Some(vec![own.did.to_string()]);
    let report = verifier::verify(text.as_bytes(), &own, &terms);
    let owned = report.check(Name::KeyOwner).is_some_and(|check| check.outcome == Outcome::Passed);
    let mut checks: Vec<_> = report.checks.into_iter().map(shown).collect();
    // What is on record about the issuer's own counts, also where the document names no list.
    if let Some(check) = checks.iter_mut().find(|check| owned && check.name == "status") {
        (check.passed, check.detail) = match &own.record {
            Published::Holds => (true, "issued, not revoked".into()),
            Published::Ended(why) | Published::Unknown(why) | Published::Malformed(why) => {
                (false, why.clone())
            }
        };
    }
    Ok(wire::VerifyCredentialResponse { verified: checks.iter().all(|it| it.passed), checks })
}

fn shown(check: verifier::Check) -> wire::Check {
    wire::Check {
        name: check.name.word().into(),
        passed: matches!(check.outcome, Outcome::Passed | Outcome::Absent),
        detail: check.detail,
    }
}

/// What a tenant knows of its own credentials.
struct Own {
    did: Did,
    document: Option<Value>,
    record: Published,
}

impl Sources for Own {
    fn document(&self, id: &str) -> Option<Value> {
        self.document.clone().filter(|_| id == self.did.as_str())
    }

    fn status(&self, _: &Value, _: &Value) -> Published {
        self.record.clone()
    }
}

/// What is on record about the credential that the text says it is.
async fn record(log: &TenantLog, text: &str) -> Result<Published, Fault> {
    let unknown = Published::Ended("the issuer has no record of it".into());
    let Some(id) = id_in(text) else { return Ok(unknown) };
    let Some(HolderDocument(learner)) = log.document(id.as_bytes()).await? else {
        return Ok(unknown);
    };
    let credential = credentials::of(log, learner, id).await?;
    Ok(match credential.map(|credential| credential.status()) {
        // Whether its time is over is looked at by itself.
        Some(wire::CredentialStatus::Issued | wire::CredentialStatus::Expired) => Published::Holds,
        Some(wire::CredentialStatus::Revoked) => Published::Ended("revoked".into()),
        Some(wire::CredentialStatus::Held) => {
            Published::Ended("held: it is not to count for now".into())
        }
        Some(wire::CredentialStatus::Unspecified) | None => unknown,
    })
}

/// The id that a document or a token says it has.
fn id_in(text: &str) -> Option<CredentialId> {
    said(text)?["id"].as_str()?.strip_prefix("urn:uuid:")?.parse().ok()
}

/// What a document or a token says; whether it is sound is looked at elsewhere.
pub(crate) fn said(text: &str) -> Option<Value> {
    match text.split('.').nth(1) {
        Some(payload) if !text.trim_start().starts_with('{') => {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
        }
        _ => serde_json::from_str(text).ok(),
    }
}
