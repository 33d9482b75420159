//! Whether a credential is sound, and still holds.

use northstar_chassis::status;
use northstar_eventlog::{Fault, TenantLog};
use northstar_kernel::CredentialId;
use northstar_wire::credentials::v1 as wire;
use tonic::Status;

use super::{credentials, issuers};
use crate::clock::now;
use crate::projection::credential::HolderDocument;
use crate::standard::did_web::Host;
use crate::standard::issuer_document::token_keys;
use crate::standard::vc_jwt::{self, Check};

/// Verifies one. Whoever holds the document may ask, so nothing is told that is not in it, but for
/// the one bit whether it holds.
pub(super) async fn verify(
    host: &Host,
    log: &TenantLog,
    request: &wire::VerifyCredentialRequest,
) -> Result<wire::VerifyCredentialResponse, Status> {
    let (did, issuer) = issuers::find(host, log).await?;
    let at = now();
    let keys = token_keys(&did, &issuer.ring, issuer.ring.not_before(at))
        .map_err(|error| status::fault(Fault::lasting("reading an issuer's keys", error)))?;
    let mut report = vc_jwt::verify(&request.compact_jws, &did, &keys, at);
    if let Some(id) = report.credential {
        report.checks.push(status_of(log, id).await.map_err(status::fault)?);
    }
    let check = |check: Check| wire::Check {
        name: check.name.into(),
        passed: check.passed,
        detail: check.detail,
    };
    Ok(wire::VerifyCredentialResponse {
        verified: report.checks.iter().all(|check| check.passed),
        checks: report.checks.into_iter().map(check).collect(),
    })
}

async fn status_of(log: &TenantLog, id: CredentialId) -> Result<Check, Fault> {
    let credential = match log.document::<HolderDocument>(id.as_bytes()).await? {
        Some(HolderDocument(learner)) => credentials::of(log, learner, id).await?,
        None => None,
    };
    let (passed, detail) = match credential.map(|credential| credential.status()) {
        Some(wire::CredentialStatus::Issued) => (true, "issued, not revoked"),
        Some(wire::CredentialStatus::Revoked) => (false, "revoked"),
        Some(wire::CredentialStatus::Held) => (false, "held: it is not to count for now"),
        Some(wire::CredentialStatus::Unspecified) | None => {
            (false, "the issuer has no record of it")
        }
    };
    Ok(Check { name: "status", passed, detail: detail.into() })
}
