//! Queries: one piece of evidence from its stream, a learner's from the ledger.

use northstar_chassis::{page, status};
use northstar_eventlog::Sealed;
use northstar_evidence_domain::{Observation, Refusal, Standing};
use northstar_kernel::{CompetencyId, EvidenceId, LearnerId};
use northstar_wire::evidence::v1::{
    Evidence, EvidenceItem, GetEvidenceRequest, GetEvidenceResponse, ListEvidenceRequest,
    ListEvidenceResponse, evidence_item::Judgement,
};
use tonic::Status;
use uuid::Uuid;

use crate::api::caller::Caller;
use crate::api::case::Case;
use crate::api::draft::{NOTE, id};
use crate::api::failure::Failure;
use crate::projection::{learner, ledger};

/// Strongly consistent, with the note where its key still exists.
pub(super) async fn get(
    caller: &Caller,
    request: &GetEvidenceRequest,
) -> Result<GetEvidenceResponse, Failure> {
    let id: EvidenceId = id("evidence_id", &request.evidence_id)?;
    let standing = Case::load(&caller.log, id).await?.standing;
    let standing = standing.filter(|standing| caller.sees(standing.observation.learner));
    let standing = standing.ok_or(Refusal::EvidenceNotFound { evidence: id })?;
    let note = note(caller, &standing.observation).await?;
    Ok(GetEvidenceResponse { evidence: Some(to_wire(standing, note)) })
}

/// Empty once the learner's key is destroyed.
async fn note(caller: &Caller, observation: &Observation) -> Result<String, Failure> {
    let Some(note) = &observation.note else { return Ok(String::new()) };
    let sealed = Sealed { key_id: Uuid::from_bytes(note.key_id), bytes: note.sealed.clone() };
    let opened = caller.log.open(observation.learner.uuid(), NOTE, &sealed).await?;
    Ok(opened.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default())
}

/// By observed time, without notes. A learner without evidence must at least be known.
pub(super) async fn list(
    caller: &Caller,
    request: &ListEvidenceRequest,
) -> Result<ListEvidenceResponse, Status> {
    let learner: LearnerId = field("learner_id", &request.learner_id)?;
    caller.may_see(learner)?;
    let competency: Option<CompetencyId> = match request.competency_id.as_str() {
        "" => None,
        text => Some(field("competency_id", text)?),
    };
    let after = page::decode(&request.page_token)?;
    let first = after.is_none();
    let size = page::size(request.page_size);
    let found = ledger::page(&caller.log, learner, competency, after, size).await;
    let found = found.map_err(status::fault)?;
    if first && found.entries.is_empty() {
        let known = learner::known(&caller.log, learner).await.map_err(status::fault)?;
        if !known && found.next.is_none() {
            return Err(status::refused(&Refusal::UnknownLearner { learner }));
        }
    }
    Ok(ListEvidenceResponse {
        evidence: found.entries.into_iter().map(|it| to_wire(it, String::new())).collect(),
        next_page_token: found.next.map(|key| page::encode(&key)).unwrap_or_default(),
    })
}

fn field<T: std::str::FromStr>(name: &'static str, text: &str) -> Result<T, Status> {
    id(name, text).map_err(|refusal| status::refused(&refusal))
}

/// The judgement is told as a score: it is what the level or score came to on the scale.
fn to_wire(standing: Standing, note: String) -> Evidence {
    let Standing { id, observation, corrections, retracted, validator } = standing;
    let (seconds, nanos) = observation.observed_at.parts();
    let item = EvidenceItem {
        learner_id: observation.learner.to_string(),
        competency_id: observation.competency.to_string(),
        criterion_id: observation.criterion.map(|id| id.to_string()).unwrap_or_default(),
        judgement: Some(Judgement::Score(observation.value.to_string())),
        kind: observation.kind,
        assessor_id: observation.assessor.id,
        assessor_role: observation.assessor.role.name().to_owned(),
        observed_at: Some(prost_types::Timestamp { seconds, nanos }),
        note,
        score_max: observation.value_max.map(|max| max.to_string()).unwrap_or_default(),
    };
    Evidence {
        evidence_id: id.to_string(),
        item: Some(item),
        value_milli: observation.value.0,
        corrections,
        retracted,
        validator_id: validator.unwrap_or_default(),
    }
}
