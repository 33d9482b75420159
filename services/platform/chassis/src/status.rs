//! The one map from refusals and faults to what a caller sees.
//!
//! A refusal is an answer: it goes out with its reason, sentence and fields. A fault is an alarm:
//! its whole chain goes to the log, once, and the caller learns only whether to try again.

use std::collections::HashMap;
use std::error::Error;
use std::fmt::Write as _;
use std::time::Duration;

use northstar_eventlog::{AppendError, Fault};
use northstar_kernel::{Kind, Refusal};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt as _};

use crate::auth::Denied;

/// The `domain` of every `google.rpc.ErrorInfo` of ours.
pub const DOMAIN: &str = "northstar";

/// How long a caller should wait before trying again.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Details travel in a header, which proxies cap at a few kilobytes.
const MAX_VIOLATIONS: usize = 20;
const MAX_VIOLATION_CHARS: usize = 200;

/// The answer to a request that the domain refuses.
pub fn refused<R: Refusal + ?Sized>(refusal: &R) -> Status {
    let code = match refusal.kind() {
        Kind::Invalid => Code::InvalidArgument,
        Kind::NotFound => Code::NotFound,
        Kind::AlreadyExists => Code::AlreadyExists,
        Kind::Precondition => Code::FailedPrecondition,
        Kind::Forbidden => Code::PermissionDenied,
    };
    let mut details = info(refusal.reason());
    let violations: Vec<_> = refusal
        .violations()
        .into_iter()
        .take(MAX_VIOLATIONS)
        .map(|violation| FieldViolation::new(violation.field, shortened(&violation.description)))
        .collect();
    if !violations.is_empty() {
        details.set_bad_request(violations);
    }
    Status::with_error_details(code, refusal.to_string(), details)
}

/// The answer to a request that failed for reasons the caller cannot help; logs the fault.
pub fn fault(fault: Fault) -> Status {
    let retryable = fault.retryable();
    tracing::error!(cause = chain(&fault), retryable, "fault");
    if retryable { unavailable("FAULT_PASSING", "try again") } else { internal() }
}

/// The answer to an append that was not made.
pub fn append_failed(error: AppendError) -> Status {
    match error {
        AppendError::WrongVersion(_) => {
            let mut details = info("STREAM_CHANGED");
            details.set_retry_info(Some(Duration::ZERO));
            let message = "it was changed at the same moment; read it again and repeat the request";
            Status::with_error_details(Code::Aborted, message, details)
        }
        AppendError::KeyReused { .. } => Status::with_error_details(
            Code::AlreadyExists,
            "the request id was used before for a request with other content",
            info("REQUEST_ID_REUSED"),
        ),
        AppendError::Fault(cause) => fault(cause),
    }
}

/// The answer to a call without a token that is believed.
pub fn denied(denied: Denied) -> Status {
    let message = denied.to_string();
    if denied == Denied::KeysUnavailable {
        return unavailable(denied.reason(), &message);
    }
    Status::with_error_details(Code::Unauthenticated, message, info(denied.reason()))
}

/// The answer to a caller who is known but may not do this.
pub fn forbidden(reason: &'static str, message: &str) -> Status {
    Status::with_error_details(Code::PermissionDenied, message, info(reason))
}

/// The answer to a request with one bad field.
pub fn invalid(reason: &'static str, field: &str, description: &str) -> Status {
    let mut details = info(reason);
    details.set_bad_request(vec![FieldViolation::new(field, description)]);
    Status::with_error_details(Code::InvalidArgument, format!("{field}: {description}"), details)
}

/// The answer of a server that cannot serve now but will.
pub fn unavailable(reason: &'static str, message: &str) -> Status {
    let mut details = info(reason);
    details.set_retry_info(Some(RETRY_AFTER));
    Status::with_error_details(Code::Unavailable, message, details)
}

/// The answer to a failure that will not pass by itself.
pub fn internal() -> Status {
    Status::with_error_details(Code::Internal, "internal fault", info("FAULT"))
}

/// The name of a status code as gRPC writes it: `NOT_FOUND`.
pub const fn code_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

/// An error and all its causes in one line, for the log.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        // Writing to a string cannot fail.
        let _ = write!(text, ": {cause}");
        next = cause.source();
    }
    text
}

fn info(reason: &'static str) -> ErrorDetails {
    ErrorDetails::with_error_info(reason, DOMAIN, HashMap::new())
}

fn shortened(text: &str) -> String {
    text.chars().take(MAX_VIOLATION_CHARS).collect()
}

#[cfg(test)]
mod tests;
