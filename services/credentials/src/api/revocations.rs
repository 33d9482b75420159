//! The list of revoked credentials by id, for tenants that publish one.

use std::collections::BTreeSet;

use northstar_chassis::{Principal, Role, status};
use northstar_credentials_domain::status::RevocationList as Decided;
use northstar_eventlog::{Append, Fault, Stream, TenantLog};
use northstar_kernel::{CredentialId, ExpectedVersion};
use northstar_wire::credentials::v1 as wire;
use tonic::Status;
use uuid::Uuid;

use super::issuers;
use super::refusal::Absent;
use crate::codec;
use crate::projection::revoked::{RevocationListDocument, Revoked};
use crate::standard::did_web::Host;
use crate::standard::status::revocation_list::RevocationList;

const PAGE: u32 = 1_000;

/// Decides whether it is published.
pub(super) async fn set(
    principal: &Principal,
    log: &TenantLog,
    request: wire::SetRevocationListRequest,
) -> Result<wire::SetRevocationListResponse, Status> {
    principal.require(&[Role::NetworkAdmin, Role::DistrictAdmin])?;
    let decided = Decided { published: request.published };
    if is_published(log).await? == decided.published {
        return Ok(wire::SetRevocationListResponse { changed: false });
    }
    let append = Append {
        stream: Stream::new("revocation-list", log.tenant().uuid()),
        expected: ExpectedVersion::Any,
        events: vec![codec::encode(&decided.into(), None)],
        request: None,
        cause: principal.cause(),
    };
    log.append(append).await.map_err(status::append_failed)?;
    Ok(wire::SetRevocationListResponse { changed: true })
}

async fn is_published(log: &TenantLog) -> Result<bool, Status> {
    let known: Option<RevocationListDocument> =
        log.document(RevocationListDocument::KEY).await.map_err(status::fault)?;
    Ok(known.unwrap_or_default().published)
}

/// Gets it as it is published. One that is not looks as one that does not exist.
pub(crate) async fn get(
    host: &Host,
    log: &TenantLog,
) -> Result<wire::GetRevocationListResponse, Status> {
    if !is_published(log).await? {
        return Err(status::refused(&Absent::RevocationList));
    }
    let (did, issuer) = issuers::find(host, log).await?;
    let revoked = revoked(log).await.map_err(status::fault)?;
    let list = RevocationList::new(host.revocation_list(&issuer.slug), &did, &revoked);
    let document = serde_json::to_string(&list)
        .map_err(|why| status::fault(Fault::lasting("writing the revocation list", why)))?;
    Ok(wire::GetRevocationListResponse { document })
}

async fn revoked(log: &TenantLog) -> Result<BTreeSet<CredentialId>, Fault> {
    let (mut all, mut after): (BTreeSet<_>, Option<Vec<u8>>) = (BTreeSet::new(), None);
    loop {
        let page = log.documents::<Revoked>(&[], after.as_deref(), PAGE).await?;
        let ids = page.iter().filter_map(|(key, _)| Uuid::from_slice(key).ok());
        all.extend(ids.map(CredentialId::from_uuid));
        after = page.last().map(|(key, _)| key.clone());
        if page.len() < PAGE as usize {
            return Ok(all);
        }
    }
}
