//! Why a command came to nothing, and how that is told.

use northstar_chassis::status;
use northstar_eventlog::{AppendError, Fault, Malformed, WrongVersion};
use northstar_evidence_domain::Refusal;
use northstar_kernel::Refusal as _;
use northstar_wire::evidence::v1::Refused;
use tonic::{Code, Status};

/// A refusal, which is an answer, or something that went wrong.
#[derive(Debug)]
pub(super) enum Failure {
    Refused(Refusal),
    /// Others changed the same evidence again and again.
    Contended(WrongVersion),
    Fault(Fault),
}

impl Failure {
    /// For one item of a batch.
    pub(super) fn into_refused(self) -> Refused {
        let refusal = match self {
            Self::Refused(refusal) => refusal,
            other => return told(&Status::from(other)),
        };
        Refused {
            reason: refusal.reason().to_owned(),
            message: refusal.to_string(),
            field: refusal.field().to_owned(),
            retryable: refusal.retryable(),
        }
    }
}

/// What a call would have been answered, for one item of a batch.
fn told(status: &Status) -> Refused {
    let (reason, retryable) = match status.code() {
        Code::Aborted => ("STREAM_CHANGED", true),
        Code::Unavailable => ("FAULT_PASSING", true),
        _ => ("FAULT", false),
    };
    Refused {
        reason: reason.to_owned(),
        message: status.message().to_owned(),
        field: String::new(),
        retryable,
    }
}

impl From<Failure> for Status {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => status::refused(&refusal),
            Failure::Contended(wrong) => status::append_failed(AppendError::WrongVersion(wrong)),
            Failure::Fault(fault) => status::fault(fault),
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<AppendError> for Failure {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::WrongVersion(wrong) => Self::Contended(wrong),
            AppendError::KeyReused { id } => {
                Self::Refused(Refusal::RequestIdReused { request_id: id })
            }
            AppendError::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// Bytes of our own log that make no sense.
impl From<Malformed> for Failure {
    fn from(malformed: Malformed) -> Self {
        Self::Fault(Fault::lasting("reading evidence", malformed))
    }
}
