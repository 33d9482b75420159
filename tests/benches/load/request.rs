//! What callers ask for.

use northstar_wire::evidence::v1::evidence_item::Judgement;
use northstar_wire::evidence::v1::record_evidence_batch_request::Command;
use northstar_wire::evidence::v1::{
    EvidenceItem, RecordEvidenceBatchRequest, RecordEvidenceRequest,
};
use uuid::Uuid;

use crate::sample::{about, now};

/// What a caller asks for to have the item of this number recorded.
pub(crate) fn request(number: u64) -> RecordEvidenceRequest {
    let (learner, competency) = about(number);
    let at = now().micros();
    let observed_at = prost_types::Timestamp { seconds: at / 1_000_000, nanos: 0 };
    RecordEvidenceRequest {
        request_id: format!("measured-{number}"),
        item: Some(EvidenceItem {
            learner_id: learner.to_string(),
            competency_id: competency.to_string(),
            judgement: Some(Judgement::Level(3)),
            kind: "classroom".to_owned(),
            assessor_id: Uuid::from_u128(7).to_string(),
            assessor_role: "teacher".to_owned(),
            observed_at: Some(observed_at),
            ..EvidenceItem::default()
        }),
    }
}

/// The same as an item of a batch.
pub(crate) fn item(number: u64) -> RecordEvidenceBatchRequest {
    let command = Some(Command::Record(request(number)));
    RecordEvidenceBatchRequest { item_number: number, command }
}
