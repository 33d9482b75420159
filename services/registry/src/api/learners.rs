//! Learners, with their names for those who may know them.

use northstar_chassis::{Principal, Role, page, status};
use northstar_eventlog::TenantLog;
use northstar_kernel::{LearnerId, PersonId};
use northstar_wire::registry::v1::{
    GetLearnerResponse, Learner, ListLearnersRequest, ListLearnersResponse,
};
use tonic::Status;
use uuid::Uuid;

use super::Refusal;
use crate::projection::learner::{self, Person};

/// Who may know names: those who teach or administer, and the learners and guardians themselves,
/// who see nobody but whom their token names.
const KNOW_NAMES: [Role; 5] =
    [Role::NetworkAdmin, Role::DistrictAdmin, Role::Teacher, Role::Learner, Role::Guardian];

/// One learner.
pub(super) async fn get(
    log: &TenantLog,
    principal: &Principal,
    id: &str,
) -> Result<GetLearnerResponse, Status> {
    let id: LearnerId = id.parse().map_err(|_| Refusal::IdMalformed { field: "learner_id" })?;
    principal.may_see(id)?;
    let person = learner::one(log, id).await.map_err(status::fault)?;
    let person = person.ok_or(Refusal::LearnerUnknown)?;
    let learner = shown(log, person, knows_names(principal)).await?;
    Ok(GetLearnerResponse { learner: Some(learner) })
}

/// A page of learners.
pub(super) async fn list(
    log: &TenantLog,
    principal: &Principal,
    request: &ListLearnersRequest,
) -> Result<ListLearnersResponse, Status> {
    let size = page::size(request.page_size) as usize;
    let after = page::decode(&request.page_token)?;
    let after = after.and_then(|key| Uuid::from_slice(&key).ok()).map(PersonId::from_uuid);
    let people = learner::page(log, after, size + 1).await.map_err(status::fault)?;
    let more = people.len() > size;
    let last = people.get(size.saturating_sub(1)).filter(|_| more);
    let next_page_token = last.map(|(id, _)| page::encode(id.as_bytes())).unwrap_or_default();
    let named = knows_names(principal);
    let mut learners = Vec::with_capacity(size);
    for (_, person) in people.into_iter().take(size) {
        learners.push(shown(log, person, named).await?);
    }
    Ok(ListLearnersResponse { learners, next_page_token })
}

fn knows_names(principal: &Principal) -> bool {
    KNOW_NAMES.iter().any(|role| principal.has(*role))
}

async fn shown(log: &TenantLog, person: Person, named: bool) -> Result<Learner, Status> {
    let name = if named {
        learner::name(log, &person).await.map_err(status::fault)?
    } else {
        Default::default()
    };
    let person = person.0;
    Ok(Learner {
        learner_id: person.person_id,
        source_id: person.source_id,
        given_name: name.given,
        family_name: name.family,
        grades: person.grades,
        organization_ids: person.organization_ids,
    })
}
