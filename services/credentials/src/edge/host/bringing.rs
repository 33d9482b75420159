//! `upsertCredential`, of badges and of records.

use axum::Extension;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use northstar_credentials_canonical::parse_json;
use northstar_credentials_domain::Event;
use northstar_credentials_domain::received::Received;
use northstar_credentials_proof::jws::Compact;
use northstar_credentials_proof::verifier;
use northstar_eventlog::{Append, AppendError, Fault, Stream, TenantLog, now};
use northstar_kernel::{CredentialId, ExpectedVersion, TenantId, Version};
use serde_json::Value;
use uuid::Uuid;

use super::bearer::{Caller, caller};
use super::status_info::StatusInfo;
use super::{Api, kept};
use crate::codec::{self, sealed};
use crate::edge::Edge;
use crate::projection::received::TEXT;
use crate::standard::published::issuer;
use crate::wallets::cause;

const JSON: &str = "application/json";
const TOKEN: &str = "text/plain";

pub(super) async fn bring(
    State(edge): State<Edge>,
    Extension(api): Extension<Api>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, StatusInfo> {
    let log = edge.tenant(TenantId::from_slug(&slug));
    let [_, bringing, _] = api.scopes();
    let caller = caller(&log, &headers, bringing).await?;
    let body = body.map_err(|why| StatusInfo::body(why.status(), why.body_text()))?;
    let (content_type, said) = read(api, &headers, &body)?;
    let text = std::str::from_utf8(&body).map_err(|why| StatusInfo::data(why.to_string()))?.trim();
    let status = if edge.host.slug_of(issuer(&said)) == Some(slug.as_str()) {
        own(&log, api, &caller, (own_id(&said), text)).await?
    } else {
        keep(&log, api, &caller, (own_id(&said), text)).await?
    };
    if status == StatusCode::NOT_MODIFIED {
        return Ok(status.into_response());
    }
    Ok((status, [(CONTENT_TYPE, content_type)], text.to_owned()).into_response())
}

/// What it is sent as, and what it says. That it is genuine is not asked: whoever looks at it will.
fn read(api: Api, headers: &HeaderMap, body: &[u8]) -> Result<(&'static str, Value), StatusInfo> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or(JSON);
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let (kind, said) = match kind.as_str() {
        JSON | "application/vc" | "application/ld+json" | "application/vc+ld+json" => {
            let said = parse_json(body, &api.limits());
            (JSON, said.map_err(|why| StatusInfo::data(why.to_string()))?)
        }
        TOKEN | "application/vc+jwt" | "application/jwt" => {
            let text = std::str::from_utf8(body).unwrap_or_default().trim();
            let token = Compact::parse(text, &api.limits()).map_err(StatusInfo::data)?;
            (TOKEN, verifier::said_by(token.payload))
        }
        other => {
            let advice = format!("{other:?} is not taken; send application/json or text/plain");
            return Err(StatusInfo::body(StatusCode::UNSUPPORTED_MEDIA_TYPE, advice));
        }
    };
    if !api.takes(&said) {
        let wanted = format!("type does not have {}", api.types().join(" or "));
        return Err(StatusInfo::data(wanted));
    }
    if own_id(&said).is_empty() {
        return Err(StatusInfo::data("id is missing"));
    }
    Ok((kind, said))
}

fn own_id(said: &Value) -> &str {
    said["id"].as_str().unwrap_or_default()
}

/// One that this tenant issued is here already, or never was.
async fn own(
    log: &TenantLog,
    api: Api,
    caller: &Caller,
    said: (&str, &str),
) -> Result<StatusCode, StatusInfo> {
    if kept::has(log, api, caller.learner, said).await? {
        return Ok(StatusCode::NOT_MODIFIED);
    }
    Err(StatusInfo::forbidden("it is said to be issued here, and is none of this learner's"))
}

/// What a wallet may only bring records with does not put one in the place of a badge.
fn received_id(api: Api, caller: &Caller, own_id: &str) -> Uuid {
    let name = match api {
        Api::Badges => format!("received {own_id}"),
        Api::Records => format!("received record {own_id}"),
    };
    Uuid::new_v5(&caller.learner.uuid(), name.as_bytes())
}

async fn keep(
    log: &TenantLog,
    api: Api,
    caller: &Caller,
    (own_id, text): (&str, &str),
) -> Result<StatusCode, StatusInfo> {
    let id = received_id(api, caller, own_id);
    let stream = Stream::new("received", id);
    let before = log.stream(&stream).await?;
    let known = before.last().map(codec::decode).transpose();
    let known = known.map_err(|why| Fault::lasting("reading a received credential", why))?;
    let sealed = log.seal(caller.learner.uuid(), TEXT, text.as_bytes()).await?;
    let received = Received {
        id: CredentialId::from_uuid(id),
        learner: caller.learner,
        wallet: caller.wallet,
        sealed: sealed::text(&sealed),
        at: now(),
    };
    match known {
        // The same text is sealed the same way.
        Some(Event::Received(known)) if known.sealed == received.sealed => {
            return Ok(StatusCode::NOT_MODIFIED);
        }
        None if kept::all(log, api, caller.learner).await?.len() >= api.most() => {
            let full = format!("{} credentials are kept already", api.most());
            return Err(StatusInfo::forbidden(full));
        }
        _ => {}
    }
    let count = before.len() as u64;
    let append = Append {
        stream,
        expected: match count {
            0 => ExpectedVersion::NoStream,
            count => ExpectedVersion::Exactly(Version(count)),
        },
        events: vec![codec::encode(&Event::Received(received), None)],
        request: None,
        cause: cause(&caller.wallet.to_string(), id),
    };
    match log.append(append).await {
        Ok(_) if count == 0 => Ok(StatusCode::CREATED),
        Ok(_) => Ok(StatusCode::OK),
        Err(AppendError::Fault(fault)) => Err(fault.into()),
        Err(_) => Err(StatusInfo::busy()),
    }
}
