//! `/s/<token>`: one credential, for as long as somebody consented to show it. After that, and after
//! the consent was taken back, the address looks as if it had never been.

use axum::extract::{Path, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use northstar_credentials_canonical::Limits;
use northstar_eventlog::{TenantLog, now};
use northstar_kernel::{ShareId, TenantId};
use northstar_wire::credentials::v1 as wire;

use super::Edge;
use super::page::{self, Page};
use super::picture;
use super::refused::Refused;
use crate::api::{credentials, shares, verification};
use crate::links::Ticket;
use crate::standard::baking::{Baked, bake};

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// What a link leads to.
struct Shared {
    log: TenantLog,
    credential: wire::Credential,
}

impl Shared {
    /// As it was issued: the document, or the token where there is no document yet.
    fn text(&self) -> &str {
        let wire::Credential { document, compact_jws, .. } = &self.credential;
        if document.is_empty() { compact_jws } else { document }
    }
}

/// The log is asked, not a projection: a consent that is taken back ends with the next look.
async fn find(edge: &Edge, token: &str) -> Result<Shared, Refused> {
    let token = Ticket::parse(token).ok_or_else(Refused::absent)?;
    let log = edge.tenant(TenantId::from_uuid(token.opens()));
    let (state, _) = shares::load(&log, ShareId::from_uuid(token.name())).await?;
    let share = state.seen_at(now()).filter(|share| share.token == token.digest());
    let share = share.ok_or_else(Refused::absent)?;
    let credential = credentials::of(&log, share.learner, share.credential).await?;
    Ok(Shared { credential: credential.ok_or_else(Refused::absent)?, log })
}

/// The page itself.
pub(super) async fn show(State(edge): State<Edge>, Path(token): Path<String>) -> Response {
    match written(&edge, &token).await {
        Ok(page) => html(StatusCode::OK, page),
        Err(refused) if refused == Refused::absent() => {
            html(StatusCode::NOT_FOUND, page::nothing())
        }
        Err(refused) => private(refused.into_response()),
    }
}

/// With what verification says at this very moment.
async fn written(edge: &Edge, token: &str) -> Result<String, Refused> {
    let shared = find(edge, token).await?;
    let text = shared.text();
    let report = verification::verify_within(&edge.host, &shared.log, text, Limits::RECORD);
    let (report, said) = (report.await?, verification::said(text).unwrap_or_default());
    let credential = &shared.credential;
    Ok(Page { token, credential, said: &said, report: &report }.html(now()))
}

/// The signed document, byte for byte.
pub(super) async fn document(
    State(edge): State<Edge>,
    Path(token): Path<String>,
) -> Result<Response, Refused> {
    let document = find(&edge, &token).await?.credential.document;
    if document.is_empty() {
        return Err(Refused::absent());
    }
    Ok(file("application/vc", "credential.json", document.into_bytes()))
}

/// A picture with the credential inside, drawn.
pub(super) async fn svg(
    State(edge): State<Edge>,
    Path(token): Path<String>,
) -> Result<Response, Refused> {
    let shared = find(&edge, &token).await?;
    let picture = picture::svg(&shared.credential.achievement_name);
    Ok(file("image/svg+xml", "badge.svg", baked(picture.as_bytes(), &shared)?))
}

/// The same in dots, for what takes no drawing.
pub(super) async fn png(
    State(edge): State<Edge>,
    Path(token): Path<String>,
) -> Result<Response, Refused> {
    let shared = find(&edge, &token).await?;
    Ok(file("image/png", "badge.png", baked(picture::png(), &shared)?))
}

fn baked(picture: &[u8], shared: &Shared) -> Result<Vec<u8>, Refused> {
    let baked = Baked::of_text(shared.text()).and_then(|credential| bake(picture, &credential));
    baked.map_err(|error| {
        tracing::error!(%error, "a credential could not be baked");
        Refused::failed()
    })
}

fn html(status: StatusCode, page: String) -> Response {
    private((status, [(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response())
}

fn file(content_type: &'static str, name: &'static str, bytes: Vec<u8>) -> Response {
    let as_file = format!("attachment; filename=\"{name}\"");
    let kinds = [(CONTENT_TYPE, content_type), (CONTENT_DISPOSITION, &as_file)];
    private((kinds, bytes).into_response())
}

/// For whoever has the link: not for caches, not for search engines, not for frames or scripts.
fn private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(ROBOTS, HeaderValue::from_static("noindex, nofollow, noarchive"));
    if let Ok(policy) = HeaderValue::from_str(page::policy()) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}
