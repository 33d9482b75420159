//! Evidence as it stands in the log, loaded to be decided upon.

use northstar_eventlog::{Recorded, TenantLog};
use northstar_evidence_domain::Standing;
use northstar_kernel::{EvidenceId, ExpectedVersion, LearnerId, Sequence};

use crate::api::failure::Failure;
use crate::codec;
use crate::projection::ledger::stream;

/// One stream, folded.
pub(super) struct Case {
    /// The evidence; `None` if there is none.
    pub(super) standing: Option<Standing>,
    /// What an append to it must expect.
    pub(super) expected: ExpectedVersion,
    /// Where its newest event stands.
    pub(super) sequence: Sequence,
}

impl Case {
    /// Nothing has happened yet.
    pub(super) const NEW: Self =
        Self { standing: None, expected: ExpectedVersion::NoStream, sequence: Sequence::START };

    /// What happened to a piece of evidence, strongly consistent.
    pub(super) async fn load(log: &TenantLog, id: EvidenceId) -> Result<Self, Failure> {
        let events: Vec<Recorded> = log.stream(&stream(id)).await?;
        let Some(newest) = events.last() else { return Ok(Self::NEW) };
        Ok(Self {
            standing: codec::fold(&events)?,
            expected: ExpectedVersion::Exactly(newest.version),
            sequence: newest.sequence,
        })
    }

    /// Whether it is evidence of this learner.
    pub(super) fn is_of(&self, learner: LearnerId) -> bool {
        self.standing.as_ref().is_some_and(|standing| standing.observation.learner == learner)
    }
}
