//! What holds for every request: how many at once, how long, and what browsers may do with the answer.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::{REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::refused::Refused;

/// Requests in hand at once; whoever comes on top of them is sent away, and told to come again.
const AT_ONCE: usize = 256;

/// A request has this long, its body included.
const PATIENCE: Duration = Duration::from_secs(20);

/// The same routes, guarded.
pub(super) fn around(routes: Router) -> Router {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    routes.layer(from_fn_with_state(places, guard))
}

async fn guard(State(places): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    let mut response = match places.try_acquire() {
        Ok(_place) => match timeout(PATIENCE, next.run(request)).await {
            Ok(response) => response,
            Err(_) => Refused::too_slow().into_response(),
        },
        Err(_) => Refused::busy().into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
