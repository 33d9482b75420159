//! What is not there, as far as a caller may know.

use std::fmt;

use northstar_chassis::status;
use northstar_eventlog::TenantLog;
use northstar_kernel::{Kind, LearnerId, Refusal, Violation};
use tonic::Status;

use crate::projection::is_known;

/// Refuses to decide something about somebody who is no learner of the roster.
pub(super) async fn known_learner(log: &TenantLog, learner: LearnerId) -> Result<(), Status> {
    match is_known(log, learner).await.map_err(status::fault)? {
        true => Ok(()),
        false => Err(status::refused(&UnknownLearner)),
    }
}

/// There is no such learner, as far as this caller may know.
#[derive(Debug)]
struct UnknownLearner;

impl fmt::Display for UnknownLearner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is no such learner")
    }
}

impl std::error::Error for UnknownLearner {}

impl Refusal for UnknownLearner {
    fn reason(&self) -> &'static str {
        "UNKNOWN_LEARNER"
    }

    fn kind(&self) -> Kind {
        Kind::NotFound
    }

    fn violations(&self) -> Vec<Violation> {
        let what = "must be a learner of the roster: import that first, or try again if it was just \
                    imported";
        vec![Violation::new("learner_id", what)]
    }
}

/// There is no such competency, as far as this caller may know.
#[derive(Debug)]
pub(super) struct CompetencyNotFound;

impl fmt::Display for CompetencyNotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is no such competency")
    }
}

impl std::error::Error for CompetencyNotFound {}

impl Refusal for CompetencyNotFound {
    fn reason(&self) -> &'static str {
        "COMPETENCY_NOT_FOUND"
    }

    fn kind(&self) -> Kind {
        Kind::NotFound
    }

    fn violations(&self) -> Vec<Violation> {
        vec![Violation::new("competency_id", "import its framework first")]
    }
}
