//! The learner as a wallet sees them: a name of its own for each wallet, and nothing else.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use northstar_kernel::TenantId;
use serde_json::json;

use super::Api;
use super::bearer::caller;
use super::status_info::StatusInfo;
use crate::edge::Edge;

pub(super) async fn show(
    State(edge): State<Edge>,
    Extension(api): Extension<Api>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, StatusInfo> {
    let log = edge.tenant(TenantId::from_slug(&slug));
    let [.., seeing] = api.scopes();
    let caller = caller(&log, &headers, seeing).await?;
    // Two wallets cannot tell by it that they hold the same learner's credentials.
    let profile = json!({
        "@context": api.contexts(),
        "id": caller.wallet.uuid().urn().to_string(),
        "type": ["Profile"],
    });
    let kinds = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    Ok((kinds, format!("{profile}\n")).into_response())
}
