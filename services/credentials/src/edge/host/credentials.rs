//! `getCredentials`, of badges and of records.

use axum::Extension;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LINK};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse as _, Response};
use northstar_kernel::TenantId;

use super::bearer::caller;
use super::paging::Page;
use super::status_info::StatusInfo;
use super::{Addresses, Api, kept};
use crate::edge::Edge;

const TOTAL: HeaderName = HeaderName::from_static("x-total-count");

pub(super) async fn list(
    State(edge): State<Edge>,
    Extension(api): Extension<Api>,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, StatusInfo> {
    let log = edge.tenant(TenantId::from_slug(&slug));
    let [reading, ..] = api.scopes();
    let caller = caller(&log, &headers, reading).await?;
    let page = Page::read(&query.unwrap_or_default(), api.page())?;
    let mut all = kept::all(&log, api, caller.learner).await?;
    all.retain(|kept| page.since.is_none_or(|since| kept.at >= since));
    let total = all.len();
    let mut shown = Vec::new();
    for kept in all.into_iter().skip(page.offset).take(page.limit) {
        shown.extend(kept.text(&log).await?);
    }
    let address = Addresses::of(&edge.host, &slug).api(api, "credentials");
    let headers = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
        (TOTAL, total.to_string()),
        (LINK, page.links(&address, total)),
    ];
    Ok((headers, written(&shown)).into_response())
}

/// Documents are put in as they are: written anew, they might come out otherwise.
fn written(shown: &[String]) -> String {
    let (documents, tokens): (Vec<_>, Vec<_>) =
        shown.iter().map(String::as_str).partition(|text| text.starts_with('{'));
    // Nothing in a token needs an escape.
    let tokens: Vec<_> = tokens.iter().map(|text| format!("\"{text}\"")).collect();
    let mut members = Vec::new();
    if !documents.is_empty() {
        members.push(format!("\"credential\":[{}]", documents.join(",")));
    }
    if !tokens.is_empty() {
        members.push(format!("\"compactJwsString\":[{}]", tokens.join(",")));
    }
    format!("{{{}}}", members.join(","))
}
