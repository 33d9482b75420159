//! Codes are changed for tokens, tokens for others, and given back.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use northstar_credentials_domain::wallet::{ACCESS_MICROS, Client, Command, Event, Scope, Tokens};
use northstar_eventlog::{TenantLog, now};
use northstar_kernel::{Digest, TenantId, WalletClientId, WalletId};
use serde_json::json;

use super::Form;
use super::no::No;
use crate::edge::Edge;
use crate::links::Ticket;
use crate::wallets::{self, cause};

pub(super) async fn give(
    State(edge): State<Edge>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, No> {
    let log = edge.tenant(TenantId::from_slug(&slug));
    let (client, form) = enter(&log, &headers, body).await?;
    let (secret, refreshes) = match form.get("grant_type") {
        "authorization_code" => (form.get("code"), false),
        "refresh_token" => (form.get("refresh_token"), true),
        other => {
            let wrong = format!("{other:?} is not authorization_code or refresh_token");
            return Err(No::new("unsupported_grant_type", wrong));
        }
    };
    let secret = Ticket::parse(secret).ok_or_else(no_grant)?;
    let wallet = WalletId::from_uuid(secret.opens());
    let [access, refresh] = [(); 2].map(|()| Ticket::random(wallet.uuid()));
    let (access_digest, at) = (access.digest(), now());
    let scopes = if refreshes { narrowed(&form)? } else { Vec::new() };
    let tokens = Tokens { wallet, access: access_digest, refresh: refresh.digest(), scopes, at };
    let command = if refreshes {
        Command::Refresh { refresh: secret.digest(), client: client.id, tokens }
    } else {
        Command::Redeem {
            code: secret.digest(),
            client: client.id,
            redirect_uri: form.get("redirect_uri").to_owned(),
            challenge: challenge(form.get("code_verifier")),
            tokens,
        }
    };
    let events = wallets::decide(&log, wallet, command, cause(&client.name, wallet.uuid())).await?;
    // What came a second time has ended it all.
    if !matches!(events.as_slice(), [Event::TokensGiven(_)]) {
        return Err(no_grant());
    }
    let (state, _) = wallets::load(&log, wallet).await?;
    let consented = state.consent.as_ref().map(|consent| consent.scopes.as_slice());
    let opened = state.opened_by(access_digest, at).map(|(_, scopes)| scopes);
    Ok(given(&access, &refresh, [opened, consented].map(Option::unwrap_or_default)))
}

/// What the next token is to be for, if it is to be for less (RFC 6749, section 6). Nothing is asked
/// for if nothing is said.
fn narrowed(form: &Form) -> Result<Vec<Scope>, No> {
    let said = form.get("scope");
    let scopes = Scope::read(said);
    let asked = said.split(' ').filter(|name| !name.is_empty()).count();
    if asked == scopes.len() {
        return Ok(scopes);
    }
    Err(No::new("invalid_scope", "scope names something that was not consented to"))
}

fn given(access: &Ticket, refresh: &Ticket, [scopes, consented]: [&[Scope]; 2]) -> Response {
    let mut answer = json!({
        "access_token": access.text(),
        "token_type": "Bearer",
        "expires_in": ACCESS_MICROS / 1_000_000,
        "scope": Scope::write(scopes),
    });
    if consented.contains(&Scope::Offline) {
        answer["refresh_token"] = refresh.text().into();
    }
    let kinds = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    (kinds, format!("{answer}\n")).into_response()
}

/// What was there and is gone now, and what never was, is the same (RFC 7009).
pub(super) async fn take_back(
    State(edge): State<Edge>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, No> {
    let log = edge.tenant(TenantId::from_slug(&slug));
    let (client, form) = enter(&log, &headers, body).await?;
    if let Some(token) = Ticket::parse(form.get("token")) {
        let wallet = WalletId::from_uuid(token.opens());
        let command = Command::Return { token: token.digest(), client: client.id, at: now() };
        wallets::decide(&log, wallet, command, cause(&client.name, wallet.uuid())).await?;
    }
    Ok(StatusCode::OK)
}

fn no_grant() -> No {
    No::new("invalid_grant", "the code or token is not good, or not any more; ask for another")
}

/// The program, which must show who it is, and its form.
async fn enter(
    log: &TenantLog,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<(Client, Form), No> {
    let body = body.map_err(|why| No::body(why.status(), why.body_text()))?;
    let shown = headers.get(AUTHORIZATION).and_then(|value| basic(value.to_str().ok()?));
    let (id, secret) = shown.ok_or_else(No::client)?;
    let client = wallets::client(log, id).await?;
    let client = client.filter(|client| client.secret == secret.digest());
    Ok((client.ok_or_else(No::client)?, Form::read(&body)))
}

/// HTTP Basic, of what has no character that would have to be escaped.
fn basic(header: &str) -> Option<(WalletClientId, Ticket)> {
    let (scheme, shown) = header.split_once(' ')?;
    let shown = STANDARD.decode(shown.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"));
    let shown = String::from_utf8(shown?).ok()?;
    let (id, secret) = shown.split_once(':')?;
    Some((id.parse().ok()?, Ticket::parse(secret)?))
}

/// What the wallet's secret comes to (RFC 7636, S256).
fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Digest::of(verifier.as_bytes()).0)
}
