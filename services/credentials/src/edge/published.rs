//! What issuers publish, at the addresses that their names and credentials carry.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use northstar_credentials_domain::Event;
use northstar_credentials_domain::status::Published;
use northstar_eventlog::{Fault, TenantLog};
use northstar_kernel::{Sequence, TenantId};
use northstar_wire::credentials::v1 as wire;

use super::Edge;
use super::answer::{Keep, published};
use super::refused::Refused;
use crate::api::{issuers, questions, revocations};
use crate::codec;
use crate::publishing;

/// A DID document is JSON-LD, as its context says.
const DID: &str = "application/did+ld+json";
const KEYS: &str = "application/jwk-set+json";
/// A credential with its proof inside.
const CREDENTIAL: &str = "application/vc";

pub(super) async fn did(
    State(edge): State<Edge>,
    Path(slug): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Refused> {
    let issuer = issuer(&edge, &slug).await?;
    Ok(published(&asked, DID, Keep::TenMinutes, issuer.did_document))
}

pub(super) async fn jwks(
    State(edge): State<Edge>,
    Path(slug): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Refused> {
    let issuer = issuer(&edge, &slug).await?;
    Ok(published(&asked, KEYS, Keep::TenMinutes, issuer.jwks))
}

/// The latest edition of a list: the address that credentials carry.
pub(super) async fn list(
    State(edge): State<Edge>,
    Path((slug, list)): Path<(String, String)>,
    asked: HeaderMap,
) -> Result<Response, Refused> {
    let log = edge.tenant(TenantId::from_slug(&slug));
    let request = wire::GetStatusListRequest { list: number(&list)? };
    let latest = questions::status_list(&log, &request).await?;
    Ok(published(&asked, CREDENTIAL, Keep::AMinute, latest.document))
}

/// The ids of what was revoked, where the tenant decided to publish them.
pub(super) async fn revocations(
    State(edge): State<Edge>,
    Path(slug): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Refused> {
    let log = edge.tenant(TenantId::from_slug(&slug));
    let list = revocations::get(&edge.host, &log).await?;
    Ok(published(&asked, "application/json", Keep::AMinute, list.document))
}

/// One edition, for ever the same.
pub(super) async fn edition(
    State(edge): State<Edge>,
    Path((slug, list, epoch)): Path<(String, String, String)>,
    asked: HeaderMap,
) -> Result<Response, Refused> {
    let log = edge.tenant(TenantId::from_slug(&slug));
    let document = recorded(&log, number(&list)?, number(&epoch)?).await?;
    let document = document.ok_or_else(Refused::absent)?;
    Ok(published(&asked, CREDENTIAL, Keep::Forever, document))
}

async fn issuer(edge: &Edge, slug: &str) -> Result<wire::GetIssuerResponse, Refused> {
    let log = edge.tenant(TenantId::from_slug(slug));
    Ok(issuers::get(&edge.host, &log).await?)
}

/// A number in the one way that addresses have it: two addresses of one thing would be cached twice.
fn number(text: &str) -> Result<u64, Refused> {
    let number = text.parse::<u64>().ok().filter(|number| number.to_string() == text);
    number.ok_or_else(Refused::absent)
}

/// An edition out of the log: the request that published it leads to its event.
async fn recorded(log: &TenantLog, list: u64, epoch: u64) -> Result<Option<String>, Fault> {
    let Some(published) = log.answered(&publishing::request_id(list, epoch)).await? else {
        return Ok(None);
    };
    let Some(before) = published.appended.sequence.0.checked_sub(1) else { return Ok(None) };
    let Some(event) = log.feed(Sequence(before), 1).await?.pop() else { return Ok(None) };
    let event = codec::decode(&event);
    match event.map_err(|why| Fault::lasting("reading an edition of a status list", why))? {
        Event::Published(Published { edition, document })
            if (edition.list, edition.epoch) == (list, epoch) =>
        {
            Ok(Some(document))
        }
        _ => Ok(None),
    }
}
