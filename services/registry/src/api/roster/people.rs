//! People: their roles checked, their names sealed.

use std::collections::BTreeSet;

use northstar_eventlog::{AppendError, Cause, TenantLog};
use northstar_kernel::{OrganizationId, PersonId, TenantId};
use northstar_registry_domain::person::{Aggregate, Change, Command, Details, Roles, SealedName};
use northstar_wire::registry::v1::PersonName;
use prost::Message as _;
use uuid::Uuid;

use super::step::{Aim, Decided, decide};
use crate::projection::learner::NAME_FIELD;
use crate::standard::Problem;
use crate::standard::oneroster::{PersonDetails, PersonSaid, Place, RoleSaid, RolesAre, Row};

/// What is to be decided of a person, but for the sealing of their name.
pub(super) struct Plan {
    place: Place,
    id: PersonId,
    source_id: String,
    said: Option<Said>,
}

struct Said {
    roles: Option<Roles>,
    details: Option<PersonDetails>,
}

/// Source ids of all organizations that rows refer to.
pub(super) fn organizations(rows: &[Row<PersonSaid>]) -> BTreeSet<&str> {
    let said = rows.iter().filter_map(|row| row.said.as_ref());
    said.flat_map(|said| {
        let of_roles = said.roles.iter().flat_map(|role| &role.organizations);
        of_roles.chain(said.details.iter().map(|details| &details.primary_organization))
    })
    .filter(|source_id| !source_id.is_empty())
    .map(String::as_str)
    .collect()
}

/// The plan for a row, `None` if nothing of it is left; what refers to nothing goes to `problems`.
pub(super) fn plan(
    tenant: TenantId,
    row: Row<PersonSaid>,
    exists: impl Fn(&str) -> bool,
    problems: &mut Vec<Problem>,
) -> Option<Plan> {
    let Row { place, source_id, said } = row;
    let id = PersonId::derive(tenant, &source_id);
    let Some(said) = said else { return Some(Plan { place, id, source_id, said: None }) };
    let primary = said.details.as_ref().map_or("", |details| details.primary_organization.as_str());
    if !primary.is_empty() && !exists(primary) {
        problems.push(dangling(place, "primaryOrgSourcedId"));
        return None;
    }
    let all = said.roles.len();
    let (roles, lost): (Vec<_>, Vec<_>) = said
        .roles
        .into_iter()
        .partition(|role| role.organizations.iter().all(|organization| exists(organization)));
    problems.extend(lost.iter().map(|role| dangling(role.place, "orgSourcedId")));
    let own_line = lost.iter().any(|role| role.place == place);
    if own_line || (said.details.is_none() && roles.is_empty()) {
        return None;
    }
    // A role that is lost must not count as taken away.
    let added = said.roles_are == RolesAre::Added || roles.len() < all;
    let primary = (!primary.is_empty()).then(|| OrganizationId::derive(tenant, primary));
    let roles =
        (said.roles_are != RolesAre::NotSaid).then(|| in_domain(tenant, &roles, primary, added));
    Some(Plan { place, id, source_id, said: Some(Said { roles, details: said.details }) })
}

fn in_domain(
    tenant: TenantId,
    roles: &[RoleSaid],
    primary: Option<OrganizationId>,
    added: bool,
) -> Roles {
    let organizations = roles.iter().flat_map(|role| &role.organizations);
    let organizations =
        organizations.map(|organization| OrganizationId::derive(tenant, organization));
    Roles {
        roles: roles.iter().map(|role| role.role.clone()).collect(),
        organizations: organizations.chain(primary).collect(),
        added,
    }
}

/// In 1.1 the column is called orgSourcedIds and stands in users.csv.
fn dangling(place: Place, field: &'static str) -> Problem {
    let field = match (place.file, field) {
        ("users.csv", "orgSourcedId") => "orgSourcedIds",
        (_, field) => field,
    };
    let message = "the organization is not in the roster, or was refused or deleted; \
                   add it or correct the reference";
    place.problem(field, "DANGLING_REFERENCE", message)
}

/// Seals the name, and decides.
pub(super) async fn carry_out(
    log: &TenantLog,
    cause: &Cause,
    plan: Plan,
) -> Result<Decided, AppendError> {
    let Plan { place, id, source_id, said } = plan;
    let uuid = id.uuid();
    let (aim, command) = match said {
        None => (Aim::Go, Command::Remove(id)),
        Some(Said { roles, details }) => {
            let details = match details {
                Some(details) => Some(sealed(log, uuid, details).await?),
                None => None,
            };
            (Aim::Stay, Command::Change(Change { id, source_id, roles, details }))
        }
    };
    decide::<Aggregate>(log, cause, place, uuid, aim, command).await
}

async fn sealed(
    log: &TenantLog,
    person: Uuid,
    details: PersonDetails,
) -> Result<Details, AppendError> {
    let PersonDetails { given, middle, family, grades, enabled, .. } = details;
    let name = PersonName { given, middle, family }.encode_to_vec();
    let sealed = log.seal(person, NAME_FIELD, &name).await?;
    let name = SealedName { key_id: sealed.key_id.into_bytes(), sealed: sealed.bytes };
    Ok(Details { grades, enabled, name })
}
