//! What a request asks, as a digest: the same id must always ask the same.

use northstar_evidence_domain::{Item, Judgement, RetractionReason};
use northstar_kernel::{Digest, EvidenceId};

/// Of a recording.
pub(super) fn of_record(item: &Item) -> Digest {
    of_item(b"record", &[], item)
}

/// Of a correction.
pub(super) fn of_correction(id: EvidenceId, item: &Item) -> Digest {
    of_item(b"correct", id.as_bytes(), item)
}

/// Of what a source says the first time.
pub(super) fn of_statement(item: &Item) -> Digest {
    of_item(b"restate", &[], item)
}

/// Of a retraction.
pub(super) fn of_retraction(id: EvidenceId, reason: RetractionReason) -> Digest {
    Digest::of_parts([b"retract".as_slice(), id.as_bytes(), reason.name().as_bytes()])
}

/// Of a sign-off. By whom is part of it: two persons do not ask the same.
pub(super) fn of_validation(id: EvidenceId, validator: &str) -> Digest {
    Digest::of_parts([b"validate".as_slice(), id.as_bytes(), validator.as_bytes()])
}

/// Over what was asked, not over what it came to: a scale may change between two deliveries of one
/// request. The note goes in sealed, so that no digest of what it says outlives its key.
fn of_item(verb: &[u8], id: &[u8], item: &Item) -> Digest {
    let (tag, value, max) = match item.judgement {
        Judgement::Level(level) => (b"level".as_slice(), i64::from(level), None),
        Judgement::Score { value, max } => (b"score".as_slice(), value.0, max),
    };
    let max = max.map(|max| max.0.to_be_bytes());
    Digest::of_parts([
        verb,
        id,
        item.learner.as_bytes(),
        item.competency.as_bytes(),
        item.criterion.as_ref().map_or(&[], |criterion| criterion.as_bytes()),
        tag,
        &value.to_be_bytes(),
        max.as_ref().map_or(&[], |max| max),
        item.kind.as_bytes(),
        item.assessor.id.as_bytes(),
        item.assessor.role.name().as_bytes(),
        &item.observed_at.micros().to_be_bytes(),
        item.note.as_ref().map_or(&[], |note| note.sealed.as_slice()),
    ])
}
