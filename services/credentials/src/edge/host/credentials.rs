//! `getCredentials` and `upsertCredential`.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LINK};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse as _, Response};
use northstar_credentials_canonical::{Limits, parse_json};
use northstar_credentials_domain::Event;
use northstar_credentials_domain::received::Received;
use northstar_credentials_domain::wallet::Scope;
use northstar_credentials_proof::jws::Compact;
use northstar_eventlog::{Append, AppendError, Fault, Stream, TenantLog, now};
use northstar_kernel::{CredentialId, ExpectedVersion, TenantId, Version};
use serde_json::Value;
use uuid::Uuid;

use super::Addresses;
use super::bearer::{Caller, caller};
use super::kept::{self, Kept};
use super::paging::Page;
use super::status_info::StatusInfo;
use crate::codec::{self, sealed};
use crate::edge::Edge;
use crate::projection::received::TEXT;
use crate::wallets::cause;

const TOTAL: HeaderName = HeaderName::from_static("x-total-count");
/// As many as one learner may have brought.
const MOST: usize = 1_000;
const JSON: &str = "application/json";
const TOKEN: &str = "text/plain";

pub(super) async fn list(
    State(edge): State<Edge>,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, StatusInfo> {
    let log = edge.tenant(TenantId::from_slug(&slug));
    let caller = caller(&log, &headers, Scope::ReadCredentials).await?;
    let page = Page::read(&query.unwrap_or_default())?;
    let mut all = kept::all(&log, caller.learner).await?;
    all.retain(|kept| page.since.is_none_or(|since| kept.at >= since));
    let total = all.len();
    let shown: Vec<_> = all.into_iter().skip(page.offset).take(page.limit).collect();
    let address = Addresses::of(&edge.host, &slug).api("credentials");
    let headers = [
        (CONTENT_TYPE, JSON.to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
        (TOTAL, total.to_string()),
        (LINK, page.links(&address, total)),
    ];
    Ok((headers, written(&shown)).into_response())
}

/// Documents are put in as they are: written anew, they might come out otherwise.
fn written(shown: &[Kept]) -> String {
    let (documents, tokens): (Vec<_>, Vec<_>) = shown.iter().partition(|kept| kept.is_document());
    let documents: Vec<&str> = documents.iter().map(|kept| kept.text.as_str()).collect();
    // Nothing in a token needs an escape.
    let tokens: Vec<_> = tokens.iter().map(|kept| format!("\"{}\"", kept.text)).collect();
    let mut members = Vec::new();
    if !documents.is_empty() {
        members.push(format!("\"credential\":[{}]", documents.join(",")));
    }
    if !tokens.is_empty() {
        members.push(format!("\"compactJwsString\":[{}]", tokens.join(",")));
    }
    format!("{{{}}}", members.join(","))
}

pub(super) async fn bring(
    State(edge): State<Edge>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, StatusInfo> {
    let log = edge.tenant(TenantId::from_slug(&slug));
    let caller = caller(&log, &headers, Scope::BringCredentials).await?;
    let body = body.map_err(|why| StatusInfo::body(why.status(), why.body_text()))?;
    let (content_type, said) = read(&headers, &body)?;
    let text = std::str::from_utf8(&body).map_err(|why| StatusInfo::data(why.to_string()))?.trim();
    let status = if edge.host.slug_of(issuer(&said)) == Some(slug.as_str()) {
        own(&log, &caller, text).await?
    } else {
        keep(&log, &caller, &said, text).await?
    };
    if status == StatusCode::NOT_MODIFIED {
        return Ok(status.into_response());
    }
    Ok((status, [(CONTENT_TYPE, content_type)], text.to_owned()).into_response())
}

/// What it is sent as, and what it says. That it is genuine is not asked: whoever looks at it will.
fn read(headers: &HeaderMap, body: &[u8]) -> Result<(&'static str, Value), StatusInfo> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or(JSON);
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let (kind, said) = match kind.as_str() {
        JSON | "application/vc" | "application/ld+json" | "application/vc+ld+json" => {
            let said = parse_json(body, &Limits::BADGE);
            (JSON, said.map_err(|why| StatusInfo::data(why.to_string()))?)
        }
        TOKEN | "application/vc+jwt" | "application/jwt" => {
            let text = std::str::from_utf8(body).unwrap_or_default().trim();
            let token = Compact::parse(text, &Limits::BADGE).map_err(StatusInfo::data)?;
            (TOKEN, token.payload)
        }
        other => {
            let advice = format!("{other:?} is not taken; send application/json or text/plain");
            return Err(StatusInfo::body(StatusCode::UNSUPPORTED_MEDIA_TYPE, advice));
        }
    };
    let types = said["type"].as_array().map(Vec::as_slice).unwrap_or_default();
    let badge = ["AchievementCredential", "OpenBadgeCredential"];
    if !types.iter().any(|one| badge.iter().any(|badge| one == badge)) {
        return Err(StatusInfo::data(
            "type has neither AchievementCredential nor OpenBadgeCredential",
        ));
    }
    if said["id"].as_str().is_none_or(str::is_empty) {
        return Err(StatusInfo::data("id is missing"));
    }
    Ok((kind, said))
}

fn issuer(said: &Value) -> &str {
    said["issuer"].as_str().or_else(|| said["issuer"]["id"].as_str()).unwrap_or_default()
}

/// One that this tenant issued is here already, or never was.
async fn own(log: &TenantLog, caller: &Caller, text: &str) -> Result<StatusCode, StatusInfo> {
    let known = kept::all(log, caller.learner).await?;
    if known.iter().any(|kept| kept.text == text) {
        return Ok(StatusCode::NOT_MODIFIED);
    }
    Err(StatusInfo::forbidden("it is said to be issued here, and is none of this learner's"))
}

async fn keep(
    log: &TenantLog,
    caller: &Caller,
    said: &Value,
    text: &str,
) -> Result<StatusCode, StatusInfo> {
    let own_id = said["id"].as_str().unwrap_or_default();
    let id = Uuid::new_v5(&caller.learner.uuid(), format!("received {own_id}").as_bytes());
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
        None if kept::all(log, caller.learner).await?.len() >= MOST => {
            return Err(StatusInfo::forbidden(format!("{MOST} credentials are kept already")));
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
