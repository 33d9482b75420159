//! How OAuth says no (RFC 6749, section 5.2).

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use northstar_chassis::status;
use northstar_credentials_domain::wallet::Refusal;
use northstar_eventlog::{AppendError, Fault};
use serde_json::json;

use crate::wallets::NotDone;

/// A no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct No {
    status: StatusCode,
    error: &'static str,
    description: String,
}

impl No {
    /// The request is wrong; the sentence says what would be right.
    pub(super) fn new(error: &'static str, description: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, description: description.into() }
    }

    /// The program is not known, or not who it says it is.
    pub(super) fn client() -> Self {
        let description = "client_id and client_secret are needed, by HTTP Basic";
        Self { status: StatusCode::UNAUTHORIZED, ..Self::new("invalid_client", description) }
    }

    /// There is no such tenant.
    pub(super) fn absent() -> Self {
        let no = Self::new("invalid_request", "there is nothing at this address");
        Self { status: StatusCode::NOT_FOUND, ..no }
    }

    /// Too many come at the same time.
    pub(super) fn busy() -> Self {
        let no = Self::new("temporarily_unavailable", "try again in a moment");
        Self { status: StatusCode::SERVICE_UNAVAILABLE, ..no }
    }

    /// A body that is not looked at.
    pub(super) fn body(status: StatusCode, description: impl Into<String>) -> Self {
        Self { status, ..Self::new("invalid_request", description) }
    }
}

/// The fault goes to the service's own log, and not to the caller.
impl From<Fault> for No {
    fn from(fault: Fault) -> Self {
        match status::fault(fault).code() {
            tonic::Code::Unavailable => Self::busy(),
            _ => Self {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                ..Self::new("server_error", "the service failed")
            },
        }
    }
}

impl From<NotDone> for No {
    fn from(not_done: NotDone) -> Self {
        match not_done {
            NotDone::Refused(refusal @ Refusal::NoScope) => {
                Self::new("invalid_scope", refusal.to_string())
            }
            NotDone::Refused(refusal) => Self::new("invalid_grant", refusal.to_string()),
            NotDone::Fault(fault) => fault.into(),
        }
    }
}

impl From<AppendError> for No {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Fault(fault) => fault.into(),
            _ => Self::busy(),
        }
    }
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.error, "error_description": self.description });
        let kinds = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
        let mut response = (self.status, kinds, format!("{body}\n")).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Basic realm=\"oauth\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
