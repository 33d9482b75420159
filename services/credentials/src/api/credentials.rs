//! Credentials: getting and listing them.

use northstar_chassis::{Principal, Role, page, status};
use northstar_credentials_domain::award::Claim;
use northstar_eventlog::{Fault, TenantLog};
use northstar_kernel::{CredentialId, LearnerId};
use northstar_wire::credentials::v1 as wire;
use tonic::Status;

use super::refusal::Absent;
use crate::projection::credential::{CredentialDocument, HolderDocument};

/// Who may look at all learners at once; an employer looks at those who applied, one at a time.
pub(super) const STAFF: [Role; 6] = [
    Role::NetworkAdmin,
    Role::DistrictAdmin,
    Role::Teacher,
    Role::Validator,
    Role::Integrator,
    Role::Service,
];

/// Gets one. One that the caller may not see looks as one that does not exist.
pub(super) async fn get(
    principal: &Principal,
    log: &TenantLog,
    request: &wire::GetCredentialRequest,
) -> Result<wire::GetCredentialResponse, Status> {
    let (_, document) = find(principal, log, &request.credential_id).await?;
    Ok(wire::GetCredentialResponse { credential: Some(document.shown) })
}

/// Finds one that the caller may see.
pub(super) async fn find(
    principal: &Principal,
    log: &TenantLog,
    credential_id: &str,
) -> Result<(Claim, CredentialDocument), Status> {
    let id: CredentialId = credential_id
        .parse()
        .map_err(|_| status::invalid("CREDENTIAL_ID_INVALID", "credential_id", "must be a UUID"))?;
    let absent = || status::refused(&Absent::Credential);
    let holder = log.document::<HolderDocument>(id.as_bytes()).await.map_err(status::fault)?;
    let HolderDocument(learner) = holder.ok_or_else(absent)?;
    principal.may_see(learner).map_err(|_| absent())?;
    let key = CredentialDocument::key(learner, id);
    let document: Option<CredentialDocument> = log.document(&key).await.map_err(status::fault)?;
    let document = document.ok_or_else(absent)?;
    let malformed = |why| status::fault(Fault::lasting("reading a credential", why));
    Ok((document.claim(log.tenant()).map_err(malformed)?, document))
}

/// The learner's credential of this id.
pub(crate) async fn of(
    log: &TenantLog,
    learner: LearnerId,
    id: CredentialId,
) -> Result<Option<wire::Credential>, Fault> {
    let document: Option<CredentialDocument> =
        log.document(&CredentialDocument::key(learner, id)).await?;
    Ok(document.map(|document| document.shown))
}

/// Lists a learner's, or the whole tenant's.
pub(super) async fn list(
    principal: &Principal,
    log: &TenantLog,
    request: &wire::ListCredentialsRequest,
) -> Result<wire::ListCredentialsResponse, Status> {
    let prefix = prefix(principal, &request.learner_id)?;
    let after = page::decode(&request.page_token)?;
    let size = page::size(request.page_size);
    let mut found = log
        .documents::<CredentialDocument>(&prefix, after.as_deref(), size + 1)
        .await
        .map_err(status::fault)?;
    let more = found.len() > size as usize;
    found.truncate(size as usize);
    let last = found.last().filter(|_| more);
    Ok(wire::ListCredentialsResponse {
        next_page_token: last.map(|(key, _)| page::encode(key)).unwrap_or_default(),
        credentials: found.into_iter().map(|(_, document)| document.shown).collect(),
    })
}

fn prefix(principal: &Principal, learner_id: &str) -> Result<Vec<u8>, Status> {
    if learner_id.is_empty() {
        principal.require(&STAFF)?;
        return Ok(Vec::new());
    }
    let invalid =
        |_| status::invalid("LEARNER_ID_INVALID", "learner_id", "must be a UUID or empty");
    let learner: LearnerId = learner_id.parse().map_err(invalid)?;
    principal.may_see(learner)?;
    Ok(learner.as_bytes().to_vec())
}
