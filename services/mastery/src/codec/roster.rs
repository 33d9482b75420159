//! What mastery takes from the registry's roster: who is a learner, and who belongs where.

use northstar_eventlog::{Malformed, Recorded};
use northstar_kernel::{ClassId, EnrollmentId, LearnerId, OrganizationId};
use northstar_wire::registry::v1 as wire;

use super::{decode, unknown};

/// The role of learners. A class's policies apply to whoever is enrolled like this; it has no rules for
/// its teachers.
const STUDENT: &str = "student";

/// What changed in that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RosterStep {
    /// The organization is there, with this one above it.
    Organization(OrganizationId, Option<OrganizationId>),
    OrganizationGone(OrganizationId),
    /// The class is there, at this school.
    Class(ClassId, OrganizationId),
    ClassGone(ClassId),
    /// The enrollment is there: a learner's in a class, or `None` for whoever is no student of it.
    Enrollment(EnrollmentId, Option<(LearnerId, ClassId)>),
    /// The person belongs to these organizations, to none if they left, and is a learner or not.
    Person(LearnerId, Vec<OrganizationId>, bool),
}

/// The step an event makes; `None` for events of something else.
pub(crate) fn read_roster(event: &Recorded) -> Result<Option<RosterStep>, Malformed> {
    let read = match &*event.event_type {
        "organization_changed" => organization,
        "organization_removed" => organization_gone,
        "class_changed" => class,
        "class_removed" => class_gone,
        "enrollment_changed" => enrollment,
        "enrollment_removed" => enrollment_gone,
        "person_changed" => person,
        "person_removed" => person_gone,
        _ => return Ok(None),
    };
    if event.schema_version != 1 {
        return Err(unknown(event, event.schema_version));
    }
    read(event).map(Some)
}

fn organization(event: &Recorded) -> Result<RosterStep, Malformed> {
    let it: wire::OrganizationChanged = decode(event)?;
    let parent = (!it.parent_id.is_empty()).then(|| id(event, &it.parent_id)).transpose()?;
    Ok(RosterStep::Organization(id(event, &it.organization_id)?, parent))
}

fn organization_gone(event: &Recorded) -> Result<RosterStep, Malformed> {
    let it: wire::OrganizationRemoved = decode(event)?;
    id(event, &it.organization_id).map(RosterStep::OrganizationGone)
}

fn class(event: &Recorded) -> Result<RosterStep, Malformed> {
    let it: wire::ClassChanged = decode(event)?;
    Ok(RosterStep::Class(id(event, &it.class_id)?, id(event, &it.organization_id)?))
}

fn class_gone(event: &Recorded) -> Result<RosterStep, Malformed> {
    let it: wire::ClassRemoved = decode(event)?;
    id(event, &it.class_id).map(RosterStep::ClassGone)
}

fn enrollment(event: &Recorded) -> Result<RosterStep, Malformed> {
    let it: wire::EnrollmentChanged = decode(event)?;
    let part = (id(event, &it.person_id)?, id(event, &it.class_id)?);
    let part = Some(part).filter(|_| it.role == STUDENT);
    Ok(RosterStep::Enrollment(id(event, &it.enrollment_id)?, part))
}

fn enrollment_gone(event: &Recorded) -> Result<RosterStep, Malformed> {
    let it: wire::EnrollmentRemoved = decode(event)?;
    Ok(RosterStep::Enrollment(id(event, &it.enrollment_id)?, None))
}

fn person(event: &Recorded) -> Result<RosterStep, Malformed> {
    let it: wire::PersonChanged = decode(event)?;
    let organizations: Result<_, _> =
        it.organization_ids.iter().map(|text| id(event, text)).collect();
    let is_learner = it.roles.iter().any(|role| role == STUDENT);
    Ok(RosterStep::Person(id(event, &it.person_id)?, organizations?, is_learner))
}

fn person_gone(event: &Recorded) -> Result<RosterStep, Malformed> {
    let it: wire::PersonRemoved = decode(event)?;
    Ok(RosterStep::Person(id(event, &it.person_id)?, Vec::new(), false))
}

fn id<T: std::str::FromStr<Err: std::fmt::Display>>(
    event: &Recorded,
    text: &str,
) -> Result<T, Malformed> {
    text.parse().map_err(|why| Malformed::new(&*event.event_type, why))
}
