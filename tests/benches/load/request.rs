//! What callers ask for.

use northstar_eventlog::now;
use northstar_tests::measure::request;
use northstar_tests::measure::sample::about;
use northstar_wire::evidence::v1::{
    EvidenceItem, RecordEvidenceBatchRequest, RecordEvidenceRequest,
};

/// What a caller asks for to have the item of this number recorded.
pub(crate) fn request(number: u64) -> RecordEvidenceRequest {
    request::request(number, judgement(number))
}

/// The same as an item of a batch.
pub(crate) fn item(number: u64) -> RecordEvidenceBatchRequest {
    request::in_batch(number, judgement(number))
}

fn judgement(number: u64) -> EvidenceItem {
    let (learner, competency) = about(number);
    request::item(learner, competency, 3, now())
}
