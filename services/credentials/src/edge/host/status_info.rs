//! `Imsx_StatusInfo`: how this API says no.

use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use northstar_chassis::status;
use northstar_eventlog::Fault;
use serde_json::json;

/// A no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StatusInfo {
    status: StatusCode,
    /// A word of the specification's list.
    minor: &'static str,
    description: String,
    /// What a caller without a token that will do is told about tokens.
    challenge: Option<&'static str>,
}

impl StatusInfo {
    fn new(status: StatusCode, minor: &'static str, description: impl Into<String>) -> Self {
        Self { status, minor, description: description.into(), challenge: None }
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "there is nothing at this address")
    }

    /// A query that makes no sense.
    pub(super) fn query(description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_query_parameter", description)
    }

    /// A body that makes no sense.
    pub(super) fn data(description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_data", description)
    }

    /// A body that is not looked at.
    pub(super) fn body(status: StatusCode, description: impl Into<String>) -> Self {
        Self::new(status, "invalid_data", description)
    }

    /// No token that is good now.
    pub(super) fn unauthorized() -> Self {
        let description = "a token is needed that is good now; ask for one at the token endpoint";
        let no = Self::new(StatusCode::UNAUTHORIZED, "unauthorizedrequest", description);
        Self { challenge: Some("Bearer error=\"invalid_token\""), ..no }
    }

    /// A token for other things.
    pub(super) fn scope(name: &str) -> Self {
        let description = format!("the token does not have the scope {name}");
        let no = Self::new(StatusCode::FORBIDDEN, "forbidden", description);
        Self { challenge: Some("Bearer error=\"insufficient_scope\""), ..no }
    }

    /// Something that is not the caller's to change.
    pub(super) fn forbidden(description: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", description)
    }

    /// Somebody else did something at the same moment.
    pub(super) fn busy() -> Self {
        let description = "try again in a moment";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "server_busy", description)
    }
}

/// The fault goes to the service's own log, and not to the caller.
impl From<Fault> for StatusInfo {
    fn from(fault: Fault) -> Self {
        match status::fault(fault).code() {
            tonic::Code::Unavailable => Self::busy(),
            _ => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal_server_error",
                "the service failed",
            ),
        }
    }
}

impl IntoResponse for StatusInfo {
    fn into_response(self) -> Response {
        let field = json!({
            "imsx_codeMinorFieldName": "northstar",
            "imsx_codeMinorFieldValue": self.minor,
        });
        let body = json!({
            "imsx_codeMajor": "failure",
            "imsx_severity": "error",
            "imsx_description": self.description,
            "imsx_codeMinor": { "imsx_codeMinorField": [field] },
        });
        let kinds = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
        let mut response = (self.status, kinds, format!("{body}\n")).into_response();
        let headers = response.headers_mut();
        if let Some(challenge) = self.challenge {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// Wherever nothing is served.
pub(super) async fn nothing_there() -> StatusInfo {
    StatusInfo::not_found()
}

/// Something is served here, in other ways.
pub(super) async fn not_allowed() -> StatusInfo {
    let description = "this cannot be done here; the service description says what can";
    StatusInfo::new(StatusCode::METHOD_NOT_ALLOWED, "not_allowed", description)
}
