//! Stored shapes are promises: today's code reads an example of every event type and version.

use std::collections::BTreeSet;
use std::fs;

use northstar_kernel::{
    AssociationId, ClassId, CompetencyId, CriterionId, Digest, EnrollmentId, FrameworkId, LevelId,
    NodeId, OrganizationId, PersonId, RubricId, TenantId,
};
use northstar_registry::codec::{Event, encode, read};
use northstar_registry_domain::framework::{
    self, Association, Competency, Criterion, Head, Level, Rubric, Title,
};
use northstar_registry_domain::{class, enrollment, organization, person, tenant};

use crate::region::authored;

const T: TenantId = TenantId::COMMONS;

/// One event of every kind, as it was when its example was frozen.
fn examples() -> Vec<Event> {
    let mut examples = roster();
    examples.extend(framework().map(Event::Framework));
    examples
}

fn roster() -> Vec<Event> {
    let organization = organization::Organization {
        id: OrganizationId::derive(T, "high"),
        source_id: "high".into(),
        name: "North High School".into(),
        kind: "school".into(),
        parent: Some(OrganizationId::derive(T, "district")),
    };
    let person = person::Person {
        id: PersonId::derive(T, "ada"),
        source_id: "ada".into(),
        roles: vec!["aide".into(), "student".into()],
        organizations: vec![organization.id],
        grades: vec!["09".into(), "10".into()],
        enabled: true,
        name: person::SealedName { key_id: [9; 16], sealed: vec![1, 2, 3] },
    };
    let class = class::Class {
        id: ClassId::derive(T, "seminar"),
        source_id: "seminar".into(),
        title: "Career Seminar".into(),
        organization: organization.id,
        course_source_id: "c1".into(),
    };
    let enrollment = enrollment::Enrollment {
        id: EnrollmentId::derive(T, "e1"),
        class: class.id,
        person: person.id,
        role: "student".into(),
        begin_date: "2025-08-18".into(),
        end_date: "2026-06-05".into(),
    };
    let (slug, name) = ("front-range".to_owned(), "Front Range".to_owned());
    let tenant = TenantId::from_slug(&slug);
    vec![
        Event::Tenant(tenant::Event::Created { tenant, slug, name }),
        Event::Organization(organization::Event::Removed(organization.id)),
        Event::Organization(organization::Event::Changed(organization)),
        Event::Person(person::Event::Removed(person.id)),
        Event::Person(person::Event::Changed(person)),
        Event::Class(class::Event::Removed(class.id)),
        Event::Class(class::Event::Changed(class)),
        Event::Enrollment(enrollment::Event::Removed(enrollment.id)),
        Event::Enrollment(enrollment::Event::Changed(enrollment)),
    ]
}

fn framework() -> [framework::Event; 7] {
    use framework::Event as E;
    let id = FrameworkId::derive(T, "f");
    let title = Title {
        id,
        title: "Region".into(),
        version: "2".into(),
        adoption_status: "Adopted".into(),
        creator: "The region".into(),
        uri: "https://region.example/frameworks/1".into(),
    };
    let level = Level {
        id: LevelId::derive(T, "l"),
        quality: "Proficient".into(),
        score_milli: 2_500,
        position: 1,
        description: "Mostly".into(),
    };
    let competency = Competency {
        id: CompetencyId::derive(T, "c"),
        code: "R.1".into(),
        statement: "Be on time".into(),
        short_statement: "On time".into(),
        kind: "Competency".into(),
        scale: vec![level.clone()],
        uri: "https://region.example/items/1".into(),
    };
    let association = Association {
        id: AssociationId::derive(T, "a"),
        kind: "isChildOf".into(),
        origin: NodeId::from_uuid(competency.id.uuid()),
        destination: NodeId::from_uuid(id.uuid()),
        sequence_number: -2,
    };
    let criterion = Criterion {
        id: CriterionId::derive(T, "k"),
        description: "How it is done".into(),
        competency: Some(competency.id),
        weight_milli: 333,
        position: 4,
        levels: vec![level],
    };
    let rubric = Rubric {
        id: RubricId::derive(T, "r"),
        title: "Doing it".into(),
        criteria: vec![criterion],
    };
    [
        E::Published(Head { title, content_hash: Digest::of(b"content") }),
        E::CompetencyWithdrawn(id, competency.id),
        E::CompetencyPublished(id, competency),
        E::AssociationWithdrawn(id, association.id),
        E::AssociationPublished(id, association),
        E::RubricWithdrawn(id, rubric.id),
        E::RubricPublished(id, rubric),
    ]
}

/// The frozen payload of an event type and version.
fn frozen(event_type: &str, schema_version: u16) -> Vec<u8> {
    let path = authored("frozen").join(format!("{event_type}.{schema_version}.hex"));
    let text =
        fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} is missing", path.display()));
    hex::decode(text.split_whitespace().collect::<String>()).expect("hexadecimal")
}

#[test]
fn todays_code_reads_every_frozen_event() {
    for event in examples() {
        let new = encode(&event);
        let payload = frozen(new.event_type, new.schema_version);
        assert_eq!(read(new.event_type, new.schema_version, &payload).as_ref(), Ok(&event));
    }
}

#[test]
fn what_is_encoded_today_reads_back_and_names_its_key() {
    for event in examples() {
        let new = encode(&event);
        assert_eq!(read(new.event_type, new.schema_version, &new.payload).as_ref(), Ok(&event));
        assert_eq!(new.key_id.is_some(), new.event_type == "person_changed");
    }
}

#[test]
fn every_frozen_file_belongs_to_an_event() {
    let known: BTreeSet<String> = examples()
        .iter()
        .map(encode)
        .map(|new| format!("{}.{}.hex", new.event_type, new.schema_version))
        .collect();
    let entries = fs::read_dir(authored("frozen")).expect("a folder");
    let found: BTreeSet<String> = entries
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a plain name"))
        .collect();
    assert_eq!(found, known);
    assert_eq!(known.len(), 16);
}

#[test]
fn what_makes_no_sense_is_reported_and_never_panics() {
    for event in examples() {
        let payload = frozen(encode(&event).event_type, 1);
        assert!(read("never_heard_of", 1, &payload).is_err());
        assert!(read(encode(&event).event_type, 2, &payload).is_err());
        for cut in 0..payload.len() {
            // Cut off, it may still be a message, but never one without its ids.
            let _ = read(encode(&event).event_type, 1, &payload[..cut]);
        }
        assert!(read(encode(&event).event_type, 1, &[]).is_err(), "{event:?}");
    }
}
