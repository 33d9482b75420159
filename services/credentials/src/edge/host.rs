//! The Open Badges 3.0 API as a host, under `/t/<tenant>/ims/ob/v3p0/`: a wallet reads a learner's
//! credentials, and brings those that others issued.
//!
//! Each tenant is a service of its own, with its own programs and consents: the address that the
//! specification calls the base is `/t/<tenant>`.

mod bearer;
mod credentials;
mod discovery;
mod kept;
mod paging;
mod profile;
mod status_info;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

use super::Edge;
use crate::standard::baking::LONGEST_CREDENTIAL;

use discovery::Addresses;
pub(super) use discovery::meaning;

/// The API's routes.
pub(super) fn routes() -> Router<Edge> {
    let base = "/t/{slug}/ims/ob/v3p0";
    let credentials = get(credentials::list)
        .post(credentials::bring)
        .layer(DefaultBodyLimit::max(LONGEST_CREDENTIAL));
    Router::new()
        .route(&format!("{base}/discovery"), get(discovery::show))
        .route(&format!("{base}/credentials"), credentials)
        .route(&format!("{base}/profile"), get(profile::show))
        .route(&format!("{base}/{{*rest}}"), axum::routing::any(status_info::nothing_there))
        .method_not_allowed_fallback(status_info::not_allowed)
}
