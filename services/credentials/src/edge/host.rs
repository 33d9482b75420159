//! The Open Badges 3.0 API and the CLR 2.0 API as a host, under `/t/<tenant>/ims/`: a wallet reads a
//! learner's credentials and records, and brings those that others issued.
//!
//! Each tenant is a service of its own, with its own programs and consents: the address that the
//! specifications call the base is `/t/<tenant>`.

mod api;
mod bearer;
mod bringing;
mod credentials;
mod discovery;
mod kept;
mod paging;
mod profile;
mod status_info;

use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get};
use axum::{Extension, Router};

use super::Edge;

use api::Api;
use discovery::Addresses;
pub(super) use discovery::meaning;

/// Both APIs' routes.
pub(super) fn routes() -> Router<Edge> {
    routes_of(Api::Badges).merge(routes_of(Api::Records))
}

fn routes_of(api: Api) -> Router<Edge> {
    let base = format!("/t/{{slug}}/{}", api.path());
    let credentials =
        get(credentials::list).post(bringing::bring).layer(DefaultBodyLimit::max(api.longest()));
    Router::new()
        .route(&format!("{base}/discovery"), get(discovery::show))
        .route(&format!("{base}/credentials"), credentials)
        .route(&format!("{base}/profile"), get(profile::show))
        .route(&format!("{base}/{{*rest}}"), any(status_info::nothing_there))
        .method_not_allowed_fallback(status_info::not_allowed)
        .layer(Extension(api))
}
