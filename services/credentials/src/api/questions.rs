//! Why this credential, and what rests on this evidence: one question each.

use northstar_chassis::{Principal, page, status};
use northstar_credentials_domain::award::Event;
use northstar_credentials_domain::credential::{self, Cause, Edition, Order, Person};
use northstar_eventlog::{Fault, TenantLog};
use northstar_kernel::{CredentialId, EvidenceId, LearnerId, Timestamp};
use northstar_wire::credentials::v1 as wire;
use prost::Message;
use tonic::Status;
use uuid::Uuid;

use super::credentials;
use super::orders::WORDS;
use super::refusal::Absent;
use crate::awards;
use crate::codec::field::moment;
use crate::codec::sealed;
use crate::projection::credential::EvidenceUse;
use crate::projection::status::StatusListDocument;

/// Explains one: its editions with what they rest on, and all that happened to it, from the log.
pub(super) async fn explain(
    principal: &Principal,
    log: &TenantLog,
    request: &wire::ExplainCredentialRequest,
) -> Result<wire::ExplainCredentialResponse, Status> {
    let (claim, _) = credentials::find(principal, log, &request.credential_id).await?;
    let loaded = awards::load(log, claim.award).await.map_err(status::fault)?;
    let mut explained = wire::ExplainCredentialResponse::default();
    for (what, Event { claim: of, what: event }) in &loaded.events {
        if *of != claim {
            continue;
        }
        let (step, by) = step(what, event);
        // What people say of each other stays among those who decide.
        let by = by.filter(|_| principal.require(&credentials::STAFF).is_ok());
        let actor = by.map(|by| by.actor.clone()).unwrap_or_default();
        let reason = words(log, claim.learner, by).await.map_err(status::fault)?;
        explained.steps.push(wire::CredentialStep { actor, reason, ..step });
        if let credential::Event::Issued(edition)
        | credential::Event::Superseded(edition)
        | credential::Event::Renewed(edition) = event
        {
            explained.editions.push(grounds(edition));
        }
    }
    Ok(explained)
}

fn grounds(edition: &Edition) -> wire::CredentialGrounds {
    let grounds = &edition.grounds;
    wire::CredentialGrounds {
        level: edition.level,
        valid_from: Some(moment(edition.valid_from)),
        criteria: grounds.criteria.clone(),
        competency_id: grounds.competency.to_string(),
        mastery_event_id: edition.decision.id.to_string(),
        mastery_sequence: edition.decision.sequence.0,
        policy_hash: grounds.policy_hash.clone(),
        evidence_ids: grounds.evidence.iter().map(ToString::to_string).collect(),
        key_names: edition.key_names.clone(),
    }
}

/// What happened, and who decided it.
fn step<'e>(
    what: &str,
    event: &'e credential::Event,
) -> (wire::CredentialStep, Option<&'e Person>) {
    let (at, decision, by): (Timestamp, _, _) = match event {
        credential::Event::Issued(edition)
        | credential::Event::Superseded(edition)
        | credential::Event::Renewed(edition) => (edition.valid_from, Some(edition.decision), None),
        credential::Event::Requested { by, at, .. }
        | credential::Event::HoldPlaced { by, at }
        | credential::Event::HoldLifted { by, at } => (*at, None, Some(by)),
        credential::Event::Suspended { at, .. }
        | credential::Event::Resumed { at }
        | credential::Event::Came { at, .. } => (*at, None, None),
        credential::Event::ReviewOpened { decision, at, .. }
        | credential::Event::Reinstated { decision, at } => (*at, Some(*decision), None),
        credential::Event::Revoked { cause, at } => match cause {
            Cause::MasteryWithdrawn(decision) => (*at, Some(*decision), None),
            Cause::Ordered(Order::Person(by)) => (*at, None, Some(by)),
            Cause::Ordered(Order::KeyCompromised { .. }) => (*at, None, None),
        },
    };
    let step = wire::CredentialStep {
        what: what.to_owned(),
        at: Some(moment(at)),
        actor: String::new(),
        reason: String::new(),
        mastery_event_id: decision.map(|of| of.id.to_string()).unwrap_or_default(),
    };
    (step, by)
}

async fn words(log: &TenantLog, learner: LearnerId, by: Option<&Person>) -> Result<String, Fault> {
    let Some(sealed) = by.and_then(|by| sealed::opened(&by.reason)) else {
        return Ok(String::new());
    };
    let words = log.open(learner.uuid(), WORDS, &sealed).await?.unwrap_or_default();
    Ok(String::from_utf8_lossy(&words).into_owned())
}

/// Lists the credentials of which an edition counts a piece of evidence.
pub(super) async fn resting_on(
    principal: &Principal,
    log: &TenantLog,
    request: &wire::ListCredentialsByEvidenceRequest,
) -> Result<wire::ListCredentialsByEvidenceResponse, Status> {
    principal.require(&credentials::STAFF)?;
    let invalid = |_| status::invalid("EVIDENCE_ID_INVALID", "evidence_id", "must be a UUID");
    let evidence: EvidenceId = request.evidence_id.parse().map_err(invalid)?;
    let after = page::decode(&request.page_token)?;
    let size = page::size(request.page_size);
    let found = log
        .documents::<EvidenceUse>(evidence.as_bytes(), after.as_deref(), size + 1)
        .await
        .map_err(status::fault)?;
    let mut resting = Vec::new();
    for (key, EvidenceUse(learner)) in found {
        let Some(id) = key.last_chunk().map(|bytes| Uuid::from_bytes(*bytes)) else { continue };
        let credential = credentials::of(log, learner, CredentialId::from_uuid(id)).await;
        resting.push((key, credential.map_err(status::fault)?));
    }
    let length = |one: &Option<wire::Credential>| one.as_ref().map_or(0, Message::encoded_len);
    let (resting, next_page_token) = page::cut(resting, size, length);
    let credentials = resting.into_iter().flatten().collect();
    Ok(wire::ListCredentialsByEvidenceResponse { credentials, next_page_token })
}

/// Gets a status list as it is published. Every caller of the tenant may: it is public.
pub(crate) async fn status_list(
    log: &TenantLog,
    request: &wire::GetStatusListRequest,
) -> Result<wire::GetStatusListResponse, Status> {
    let key = StatusListDocument::key(request.list);
    let list: Option<StatusListDocument> = log.document(&key).await.map_err(status::fault)?;
    let published = list.filter(|list| list.epoch > 0);
    let absent = || status::refused(&Absent::StatusList);
    let StatusListDocument { document, epoch, .. } = published.ok_or_else(absent)?;
    Ok(wire::GetStatusListResponse { document, epoch })
}
