//! The tenant as issuer.

use northstar_chassis::status;
use northstar_eventlog::{Fault, TenantLog};
use northstar_wire::credentials::v1 as wire;
use tonic::Status;

use super::refusal::Absent;
use crate::projection::issuer::IssuerDocument;
use crate::standard::did_web::{self, Did, Host};

/// Gets the DID document.
pub(super) async fn get(host: &Host, log: &TenantLog) -> Result<wire::GetIssuerResponse, Status> {
    let (did, issuer) = find(host, log).await?;
    let document = did_web::document(&did, &issuer.keys)
        .map_err(|error| status::fault(Fault::lasting("writing a DID document", error)))?;
    Ok(wire::GetIssuerResponse { did: did.to_string(), did_document: document.to_string() })
}

/// The issuer and its name; refused until the registry has named the tenant.
pub(super) async fn find(host: &Host, log: &TenantLog) -> Result<(Did, IssuerDocument), Status> {
    let issuer: Option<IssuerDocument> =
        log.document(IssuerDocument::KEY).await.map_err(status::fault)?;
    issuer
        .and_then(|issuer| Some((issuer.did(host)?, issuer)))
        .ok_or_else(|| status::refused(&Absent::Issuer))
}
