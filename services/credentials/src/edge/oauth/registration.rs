//! Programs register by themselves (RFC 7591), as Open Badges narrows it: everything must be said,
//! and every address be on one host; or, of a program on the
//! person's own computer, where browsers are sent back to.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use northstar_credentials_canonical::{Limits, parse_json};
use northstar_credentials_domain::wallet::{Client, Scope};
use northstar_eventlog::now;
use northstar_kernel::{Timestamp, WalletClientId};
use serde_json::{Map, Value, json};
use uuid::Builder;

use super::loopback;
use super::no::No;
use crate::edge::Edge;
use crate::links::Ticket;
use crate::wallets;

/// Registrations in a minute, over all tenants: each is an event, and anybody may.
const MOST: u32 = 30;
const MINUTE_MICROS: i64 = 60_000_000;
const MOST_REDIRECTS: usize = 10;

const ADDRESSES: [&str; 4] = ["client_uri", "logo_uri", "tos_uri", "policy_uri"];
const TEXTS: [&str; 4] = ["client_name", "software_id", "software_version", "scope"];

/// How many registered in the minute that is running.
#[derive(Default)]
pub(in crate::edge) struct Registrations(Mutex<(i64, u32)>);

impl Registrations {
    fn may(&self, now: Timestamp) -> bool {
        let minute = now.micros().div_euclid(MINUTE_MICROS);
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.0 != minute {
            *counted = (minute, 0);
        }
        counted.1 += 1;
        counted.1 <= MOST
    }
}

pub(super) async fn register(
    State(edge): State<Edge>,
    Path(slug): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, No> {
    let body = body.map_err(|why| No::body(why.status(), why.body_text()))?;
    let said = parse_json(&body, &Limits::BADGE);
    let said = said.map_err(|why| No::new("invalid_client_metadata", why.to_string()))?;
    let Value::Object(said) = said else {
        return Err(No::new("invalid_client_metadata", "an object is wanted"));
    };
    let checked = check(&said)?;
    let tenant = edge.issuing(&slug).await?.ok_or_else(No::absent)?;
    if !edge.registrations.may(now()) {
        return Err(No::busy());
    }
    let id = WalletClientId::from_uuid(Builder::from_random_bytes(rand::random()).into_uuid());
    let secret = Ticket::random(id.uuid());
    let client = Client {
        id,
        secret: secret.digest(),
        name: text(&said, "client_name")?.to_owned(),
        host: checked.host,
        redirect_uris: checked.redirect_uris,
        scopes: checked.scopes,
        metadata: Value::Object(said.clone()).to_string(),
        at: now(),
    };
    let answer = registered(said, &client, &secret);
    wallets::register(&tenant.log, client).await?;
    let kinds = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    Ok((StatusCode::CREATED, kinds, format!("{answer}\n")).into_response())
}

/// What it said, and what it is to show from now on.
fn registered(mut said: Map<String, Value>, client: &Client, secret: &Ticket) -> Value {
    let (seconds, _) = client.at.parts();
    let ours = [
        ("client_id", json!(client.id.to_string())),
        ("client_secret", json!(secret.text())),
        ("client_id_issued_at", json!(seconds)),
        // Never.
        ("client_secret_expires_at", json!(0)),
        ("token_endpoint_auth_method", json!("client_secret_basic")),
        ("grant_types", json!(["authorization_code", "refresh_token"])),
        ("response_types", json!(["code"])),
        ("scope", json!(Scope::write(&client.scopes))),
    ];
    said.extend(ours.map(|(name, value)| (name.to_owned(), value)));
    Value::Object(said)
}

struct Checked {
    host: String,
    redirect_uris: Vec<String>,
    scopes: Vec<Scope>,
}

fn check(said: &Map<String, Value>) -> Result<Checked, No> {
    let mut hosts = BTreeSet::new();
    for name in TEXTS {
        text(said, name)?;
    }
    for name in ADDRESSES {
        let wrong = |why| No::new("invalid_client_metadata", format!("{name} {why}"));
        hosts.insert(host(text(said, name)?).map_err(wrong)?);
    }
    let redirects = said.get("redirect_uris").and_then(Value::as_array).map(Vec::as_slice);
    let redirects = redirects.unwrap_or_default().iter().map(Value::as_str);
    let redirects: Vec<&str> = redirects.collect::<Option<_>>().unwrap_or_default();
    if redirects.is_empty() || redirects.len() > MOST_REDIRECTS {
        let wanted = format!("redirect_uris must be one to {MOST_REDIRECTS} addresses");
        return Err(No::new("invalid_redirect_uri", wanted));
    }
    // Pages may be anywhere, of a program that sends nobody there; whose they are cannot be told.
    let local = redirects.iter().all(|address| loopback::is(address));
    for address in redirects.iter().filter(|_| !local) {
        let wrong = |why| No::new("invalid_redirect_uri", format!("redirect_uris {why}"));
        hosts.insert(host(address).map_err(wrong)?);
    }
    if hosts.len() > 1 {
        let wrong = format!("all addresses must be on one host, and these are on {hosts:?}");
        return Err(No::new("invalid_client_metadata", wrong));
    }
    allowed(said, "token_endpoint_auth_method", &["client_secret_basic"])?;
    allowed(said, "grant_types", &["authorization_code", "refresh_token"])?;
    allowed(said, "response_types", &["code"])?;
    let scopes = Scope::read(text(said, "scope")?);
    if scopes.is_empty() {
        let wrong = "scope names nothing that can be had here; the service description lists it";
        return Err(No::new("invalid_client_metadata", wrong));
    }
    let redirect_uris = redirects.into_iter().map(ToOwned::to_owned).collect();
    let host = if local { Some(loopback::HOST.to_owned()) } else { hosts.pop_first() };
    Ok(Checked { host: host.unwrap_or_default(), redirect_uris, scopes })
}

fn text<'s>(said: &'s Map<String, Value>, name: &str) -> Result<&'s str, No> {
    let text = said.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    text.ok_or_else(|| No::new("invalid_client_metadata", format!("{name} must be a text")))
}

/// Whether a member, if it is there, names nothing else.
fn allowed(said: &Map<String, Value>, name: &str, known: &[&str]) -> Result<(), No> {
    let values = match said.get(name) {
        None => return Ok(()),
        Some(Value::Array(values)) => values.as_slice(),
        Some(value) => std::slice::from_ref(value),
    };
    let all = values.iter().all(|value| known.iter().any(|known| value == known));
    let wrong = || format!("{name} may be {}", known.join(", "));
    if all { Ok(()) } else { Err(No::new("invalid_client_metadata", wrong())) }
}

/// The host of an address that browsers can be sent to.
fn host(address: &str) -> Result<String, &'static str> {
    let wanted = "must be an https address without user and fragment";
    if address.contains(['#', '@', '\\']) || address.chars().any(|c| c.is_control() || c == ' ') {
        return Err(wanted);
    }
    let uri: Uri = address.parse().map_err(|_| wanted)?;
    let host = uri.host().filter(|_| uri.scheme_str() == Some("https")).ok_or(wanted)?;
    Ok(host.to_ascii_lowercase())
}
