//! Events of organizations, people, classes and enrollments.

use northstar_registry_domain::class::{self, Class};
use northstar_registry_domain::enrollment::{self, Enrollment};
use northstar_registry_domain::organization::{self, Organization};
use northstar_registry_domain::person::{self, Person, SealedName};
use northstar_wire::platform::v1::Sealed;
use northstar_wire::registry::v1 as wire;
use uuid::Uuid;

use super::Encoded;
use super::fields::{id, message, optional_id, optional_text};

pub(super) fn organization(event: &organization::Event) -> Encoded {
    match event.clone() {
        organization::Event::Changed(organization) => {
            let changed = wire::OrganizationChanged {
                organization_id: organization.id.to_string(),
                source_id: organization.source_id,
                name: organization.name,
                kind: organization.kind,
                parent_id: optional_text(organization.parent),
            };
            Encoded::new("organization_changed", &changed)
        }
        organization::Event::Removed(id) => {
            let removed = wire::OrganizationRemoved { organization_id: id.to_string() };
            Encoded::new("organization_removed", &removed)
        }
    }
}

pub(super) fn organization_changed(payload: &[u8]) -> Result<organization::Event, String> {
    let changed: wire::OrganizationChanged = message(payload)?;
    Ok(organization::Event::Changed(Organization {
        id: id(&changed.organization_id)?,
        source_id: changed.source_id,
        name: changed.name,
        kind: changed.kind,
        parent: optional_id(&changed.parent_id)?,
    }))
}

pub(super) fn organization_removed(payload: &[u8]) -> Result<organization::Event, String> {
    let removed: wire::OrganizationRemoved = message(payload)?;
    Ok(organization::Event::Removed(id(&removed.organization_id)?))
}

pub(super) fn person(event: &person::Event) -> Encoded {
    match event.clone() {
        person::Event::Changed(person) => {
            let key_id = Uuid::from_bytes(person.name.key_id);
            let name = Sealed { key_id: key_id.to_string(), r#box: person.name.sealed };
            let changed = wire::PersonChanged {
                person_id: person.id.to_string(),
                source_id: person.source_id,
                roles: person.roles,
                organization_ids: person.organizations.iter().map(ToString::to_string).collect(),
                grades: person.grades,
                enabled: person.enabled,
                name: Some(name),
            };
            Encoded { key_id: Some(key_id), ..Encoded::new("person_changed", &changed) }
        }
        person::Event::Removed(id) => {
            let removed = wire::PersonRemoved { person_id: id.to_string() };
            Encoded::new("person_removed", &removed)
        }
    }
}

pub(super) fn person_changed(payload: &[u8]) -> Result<person::Event, String> {
    let changed: wire::PersonChanged = message(payload)?;
    let name = changed.name.ok_or("the name is missing")?;
    let key_id = Uuid::parse_str(&name.key_id).map_err(|_| "the key id is not a UUID")?;
    Ok(person::Event::Changed(Person {
        id: id(&changed.person_id)?,
        source_id: changed.source_id,
        roles: changed.roles,
        organizations: changed
            .organization_ids
            .iter()
            .map(|text| id(text))
            .collect::<Result<_, _>>()?,
        grades: changed.grades,
        enabled: changed.enabled,
        name: SealedName { key_id: key_id.into_bytes(), sealed: name.r#box },
    }))
}

pub(super) fn person_removed(payload: &[u8]) -> Result<person::Event, String> {
    let removed: wire::PersonRemoved = message(payload)?;
    Ok(person::Event::Removed(id(&removed.person_id)?))
}

pub(super) fn class(event: &class::Event) -> Encoded {
    match event.clone() {
        class::Event::Changed(class) => {
            let changed = wire::ClassChanged {
                class_id: class.id.to_string(),
                source_id: class.source_id,
                title: class.title,
                organization_id: class.organization.to_string(),
                course_source_id: class.course_source_id,
            };
            Encoded::new("class_changed", &changed)
        }
        class::Event::Removed(id) => {
            Encoded::new("class_removed", &wire::ClassRemoved { class_id: id.to_string() })
        }
    }
}

pub(super) fn class_changed(payload: &[u8]) -> Result<class::Event, String> {
    let changed: wire::ClassChanged = message(payload)?;
    Ok(class::Event::Changed(Class {
        id: id(&changed.class_id)?,
        source_id: changed.source_id,
        title: changed.title,
        organization: id(&changed.organization_id)?,
        course_source_id: changed.course_source_id,
    }))
}

pub(super) fn class_removed(payload: &[u8]) -> Result<class::Event, String> {
    let removed: wire::ClassRemoved = message(payload)?;
    Ok(class::Event::Removed(id(&removed.class_id)?))
}

pub(super) fn enrollment(event: &enrollment::Event) -> Encoded {
    match event.clone() {
        enrollment::Event::Changed(enrollment) => {
            let changed = wire::EnrollmentChanged {
                enrollment_id: enrollment.id.to_string(),
                class_id: enrollment.class.to_string(),
                person_id: enrollment.person.to_string(),
                role: enrollment.role,
                begin_date: enrollment.begin_date,
                end_date: enrollment.end_date,
            };
            Encoded::new("enrollment_changed", &changed)
        }
        enrollment::Event::Removed(id) => {
            let removed = wire::EnrollmentRemoved { enrollment_id: id.to_string() };
            Encoded::new("enrollment_removed", &removed)
        }
    }
}

pub(super) fn enrollment_changed(payload: &[u8]) -> Result<enrollment::Event, String> {
    let changed: wire::EnrollmentChanged = message(payload)?;
    Ok(enrollment::Event::Changed(Enrollment {
        id: id(&changed.enrollment_id)?,
        class: id(&changed.class_id)?,
        person: id(&changed.person_id)?,
        role: changed.role,
        begin_date: changed.begin_date,
        end_date: changed.end_date,
    }))
}

pub(super) fn enrollment_removed(payload: &[u8]) -> Result<enrollment::Event, String> {
    let removed: wire::EnrollmentRemoved = message(payload)?;
    Ok(enrollment::Event::Removed(id(&removed.enrollment_id)?))
}
