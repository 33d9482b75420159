//! Credentials: getting and listing them.

use northstar_chassis::{Principal, Role, page, status};
use northstar_credentials_domain::award::Claim;
use northstar_eventlog::{Fault, TenantLog, now};
use northstar_kernel::{CredentialId, LearnerId};
use northstar_wire::credentials::v1 as wire;
use prost::Message;
use tonic::Status;

use super::ending;
use super::refusal::Absent;
use crate::codec::field::instant;
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
    Ok(wire::GetCredentialResponse { credential: Some(document.shown_at(now())) })
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
    Ok(document.map(|document| document.shown_at(now())))
}

/// Lists a learner's, or the whole tenant's.
pub(super) async fn list(
    principal: &Principal,
    log: &TenantLog,
    request: &wire::ListCredentialsRequest,
) -> Result<wire::ListCredentialsResponse, Status> {
    let learner = whose(principal, &request.learner_id)?;
    if let Some(before) = request.ends_before {
        let wrong = |why: String| status::invalid("INSTANT_INVALID", "ends_before", &why);
        let before = instant("ends_before", Some(before)).map_err(wrong)?;
        return ending::list(log, learner, before, request).await;
    }
    let prefix = learner.map(|learner| learner.as_bytes().to_vec()).unwrap_or_default();
    let at = now();
    let after = page::decode(&request.page_token)?;
    let size = page::size(request.page_size);
    let found = log.documents::<CredentialDocument>(&prefix, after.as_deref(), size + 1).await;
    let found = found.map_err(status::fault)?.into_iter();
    let shown = found.map(|(key, document)| (key, document.shown_at(at))).collect();
    let (credentials, next_page_token) = page::cut(shown, size, Message::encoded_len);
    Ok(wire::ListCredentialsResponse { credentials, next_page_token })
}

/// Whose credentials are asked for; everybody's if nobody is named.
fn whose(principal: &Principal, learner_id: &str) -> Result<Option<LearnerId>, Status> {
    if learner_id.is_empty() {
        principal.require(&STAFF)?;
        return Ok(None);
    }
    let invalid =
        |_| status::invalid("LEARNER_ID_INVALID", "learner_id", "must be a UUID or empty");
    let learner: LearnerId = learner_id.parse().map_err(invalid)?;
    principal.may_see(learner)?;
    Ok(Some(learner))
}
