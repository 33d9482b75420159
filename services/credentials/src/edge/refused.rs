//! What a caller is told who does not get what they asked for, as RFC 9457 has it.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use northstar_chassis::status;
use northstar_eventlog::Fault;
use serde_json::json;
use tonic::Code;

/// An answer that is a no. What is not there and what belongs to somebody else is the same no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refused {
    status: StatusCode,
    detail: String,
}

impl Refused {
    /// Nothing here, as far as anybody may know.
    pub(super) fn absent() -> Self {
        Self { status: StatusCode::NOT_FOUND, detail: "there is nothing at this address".into() }
    }

    /// The request cannot be understood; the sentence says what would be right.
    pub(super) fn invalid(detail: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, detail: detail.into() }
    }

    /// A request of another kind.
    pub(super) fn of(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into() }
    }

    /// It is not the caller's fault; whoever runs the service finds out why in its log.
    pub(super) fn failed() -> Self {
        Self::of(StatusCode::INTERNAL_SERVER_ERROR, "the service failed")
    }

    /// Too much to do just now.
    pub(super) fn busy() -> Self {
        let detail = "too many ask at the same time; try again in a moment";
        Self::of(StatusCode::SERVICE_UNAVAILABLE, detail)
    }

    /// It took longer than anybody is given.
    pub(super) fn too_slow() -> Self {
        Self::of(StatusCode::SERVICE_UNAVAILABLE, "it took too long; try again in a moment")
    }
}

impl From<tonic::Status> for Refused {
    fn from(status: tonic::Status) -> Self {
        match status.code() {
            Code::NotFound => Self::absent(),
            Code::InvalidArgument => Self::invalid(status.message()),
            Code::Unavailable | Code::Aborted => Self::busy(),
            _ => Self::failed(),
        }
    }
}

/// The fault goes to the service's own log, and not to the caller.
impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        status::fault(fault).into()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self { status, detail } = self;
        let title = status.canonical_reason().unwrap_or("Error");
        let body = json!({ "title": title, "status": status.as_u16(), "detail": detail });
        let kinds = [(CONTENT_TYPE, "application/problem+json"), (CACHE_CONTROL, "no-store")];
        let mut response = (status, kinds, format!("{body}\n")).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// Wherever nothing is served.
pub(super) async fn nothing_there() -> Refused {
    Refused::absent()
}
