use std::io;

use northstar_eventlog::WrongVersion;
use northstar_kernel::{ExpectedVersion, Version, Violation};

use super::*;

#[derive(Debug, thiserror::Error)]
#[error("level 9 is not one of the criterion's levels")]
struct Example {
    kind: Kind,
    fields: usize,
}

impl Refusal for Example {
    fn reason(&self) -> &'static str {
        "LEVEL_UNKNOWN"
    }

    fn kind(&self) -> Kind {
        self.kind
    }

    fn violations(&self) -> Vec<Violation> {
        (0..self.fields).map(|i| Violation::new(format!("items[{i}]"), "é".repeat(999))).collect()
    }
}

fn reason(status: &Status) -> (Code, String) {
    let info = status.get_details_error_info().unwrap();
    assert_eq!(info.domain, "northstar");
    (status.code(), info.reason)
}

#[test]
fn a_refusal_keeps_its_reason_its_sentence_and_its_kind() {
    let kinds = [
        (Kind::Invalid, Code::InvalidArgument),
        (Kind::NotFound, Code::NotFound),
        (Kind::AlreadyExists, Code::AlreadyExists),
        (Kind::Precondition, Code::FailedPrecondition),
        (Kind::Forbidden, Code::PermissionDenied),
    ];
    for (kind, code) in kinds {
        let status = refused(&Example { kind, fields: 0 });
        assert_eq!(reason(&status), (code, "LEVEL_UNKNOWN".to_owned()));
        assert_eq!(status.message(), "level 9 is not one of the criterion's levels");
        assert!(status.get_details_bad_request().is_none());
    }
}

#[test]
fn violations_are_passed_on_but_never_outgrow_a_header() {
    let status = refused(&Example { kind: Kind::Invalid, fields: 1_000 });
    let fields = status.get_details_bad_request().unwrap().field_violations;
    assert_eq!(fields.len(), MAX_VIOLATIONS);
    assert_eq!(fields[1].field, "items[1]");
    assert!(status.details().len() < 10_000, "{}", status.details().len());
}

#[test]
fn a_fault_tells_the_caller_nothing_of_its_cause() {
    let cause = || io::Error::other("postgres://user:hunter2@db refused");
    let passing = fault(Fault::passing("reading the stream", cause()));
    let lasting = fault(Fault::lasting("reading the stream", cause()));
    assert_eq!(reason(&passing), (Code::Unavailable, "FAULT_PASSING".to_owned()));
    assert!(passing.get_details_retry_info().unwrap().retry_delay.is_some());
    assert_eq!(reason(&lasting), (Code::Internal, "FAULT".to_owned()));
    for status in [passing, lasting] {
        assert!(!format!("{status:?}").contains("hunter2"));
    }
}

#[test]
fn the_log_gets_the_whole_chain() {
    let fault = Fault::lasting("reading the stream", io::Error::other("disk on fire"));
    assert_eq!(chain(&fault), "while reading the stream: disk on fire");
}

#[test]
fn an_append_that_was_not_made_says_what_to_do() {
    let wrong = AppendError::WrongVersion(WrongVersion {
        stream: "evidence-1".to_owned(),
        expected: ExpectedVersion::NoStream,
        actual: Version(3),
    });
    assert_eq!(reason(&append_failed(wrong)), (Code::Aborted, "STREAM_CHANGED".to_owned()));
    let reused = AppendError::KeyReused { id: "r-1".to_owned() };
    assert_eq!(
        reason(&append_failed(reused)),
        (Code::AlreadyExists, "REQUEST_ID_REUSED".to_owned())
    );
    let passing = AppendError::Fault(Fault::passing("appending", io::Error::other("gone")));
    assert_eq!(append_failed(passing).code(), Code::Unavailable);
}

#[test]
fn a_missing_key_set_is_our_trouble_and_not_the_callers() {
    assert_eq!(denied(Denied::KeysUnavailable).code(), Code::Unavailable);
    let expired = denied(Denied::Expired);
    assert_eq!(reason(&expired), (Code::Unauthenticated, "TOKEN_EXPIRED".to_owned()));
}
