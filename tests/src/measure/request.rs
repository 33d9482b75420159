//! What callers ask for.

use northstar_kernel::{CompetencyId, LearnerId, Timestamp};
use northstar_wire::evidence::v1::evidence_item::Judgement;
use northstar_wire::evidence::v1::record_evidence_batch_request::Command;
use northstar_wire::evidence::v1::{
    EvidenceItem, RecordEvidenceBatchRequest, RecordEvidenceRequest,
};
use uuid::Uuid;

/// A judgement by the only teacher.
pub fn item(
    learner: LearnerId,
    competency: CompetencyId,
    level: u32,
    at: Timestamp,
) -> EvidenceItem {
    let (seconds, nanos) = at.parts();
    EvidenceItem {
        learner_id: learner.to_string(),
        competency_id: competency.to_string(),
        judgement: Some(Judgement::Level(level)),
        kind: "classroom".to_owned(),
        assessor_id: Uuid::from_u128(7).to_string(),
        assessor_role: "teacher".to_owned(),
        observed_at: Some(prost_types::Timestamp { seconds, nanos }),
        ..EvidenceItem::default()
    }
}

/// What makes the request of this number one of its own; the evidence's id follows from it.
pub fn request_id(number: u64) -> String {
    format!("measured-{number}")
}

/// Asks to record an item; the number makes the request one of its own.
pub fn request(number: u64, item: EvidenceItem) -> RecordEvidenceRequest {
    RecordEvidenceRequest { request_id: request_id(number), item: Some(item) }
}

/// The same in a batch.
pub fn in_batch(number: u64, item: EvidenceItem) -> RecordEvidenceBatchRequest {
    let command = Some(Command::Record(request(number, item)));
    RecordEvidenceBatchRequest { item_number: number, command }
}
