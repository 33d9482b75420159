//! The one bridge between the domain's events and their protobuf form.
//!
//! `encode` and `decode` are total: a new event does not compile until `encode` knows it, and a
//! stored one that `decode` does not know is reported, never guessed at.

mod fields;
mod framework;
mod roster;
mod tenant;

use bytes::Bytes;
use northstar_eventlog::{Malformed, NewEvent, Recorded};
use northstar_registry_domain as domain;
use prost::Message;
use uuid::Uuid;

/// Shape of every payload so far.
const SCHEMA_VERSION: u16 = 1;

/// Any event of the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Of a tenant.
    Tenant(domain::tenant::Event),
    /// Of an organization.
    Organization(domain::organization::Event),
    /// Of a person.
    Person(domain::person::Event),
    /// Of a class.
    Class(domain::class::Event),
    /// Of an enrollment.
    Enrollment(domain::enrollment::Event),
    /// Of a framework.
    Framework(domain::framework::Event),
}

/// The event as it is appended.
pub fn encode(event: &Event) -> NewEvent {
    let encoded = match event {
        Event::Tenant(event) => tenant::encode(event),
        Event::Organization(event) => roster::organization(event),
        Event::Person(event) => roster::person(event),
        Event::Class(event) => roster::class(event),
        Event::Enrollment(event) => roster::enrollment(event),
        Event::Framework(event) => framework::encode(event),
    };
    NewEvent {
        event_type: encoded.event_type,
        schema_version: SCHEMA_VERSION,
        observed_at: None,
        key_id: encoded.key_id,
        payload: encoded.payload,
    }
}

/// The event as it was stored.
///
/// # Errors
/// The type or version is unknown, or the payload makes no sense.
pub fn decode(recorded: &Recorded) -> Result<Event, Malformed> {
    read(&recorded.event_type, recorded.schema_version, &recorded.payload)
        .map_err(|why| Malformed::new(&*recorded.event_type, why))
}

/// Reads a payload by the name and version it was stored under.
///
/// # Errors
/// What is wrong with it, without its content.
pub fn read(event_type: &str, schema_version: u16, payload: &[u8]) -> Result<Event, String> {
    if schema_version != SCHEMA_VERSION {
        return Err(format!("schema version {schema_version} is unknown"));
    }
    match event_type {
        "tenant_created" => tenant::created(payload).map(Event::Tenant),
        "organization_changed" => roster::organization_changed(payload).map(Event::Organization),
        "organization_removed" => roster::organization_removed(payload).map(Event::Organization),
        "person_changed" => roster::person_changed(payload).map(Event::Person),
        "person_removed" => roster::person_removed(payload).map(Event::Person),
        "class_changed" => roster::class_changed(payload).map(Event::Class),
        "class_removed" => roster::class_removed(payload).map(Event::Class),
        "enrollment_changed" => roster::enrollment_changed(payload).map(Event::Enrollment),
        "enrollment_removed" => roster::enrollment_removed(payload).map(Event::Enrollment),
        "framework_published" => framework::published(payload).map(Event::Framework),
        "competency_published" => framework::competency(payload).map(Event::Framework),
        "competency_withdrawn" => framework::competency_withdrawn(payload).map(Event::Framework),
        "association_published" => framework::association(payload).map(Event::Framework),
        "association_withdrawn" => framework::association_withdrawn(payload).map(Event::Framework),
        "rubric_published" => framework::rubric(payload).map(Event::Framework),
        "rubric_withdrawn" => framework::rubric_withdrawn(payload).map(Event::Framework),
        _ => Err("the event type is unknown".to_owned()),
    }
}

/// An event's name and bytes.
struct Encoded {
    event_type: &'static str,
    key_id: Option<Uuid>,
    payload: Bytes,
}

impl Encoded {
    fn new(event_type: &'static str, message: &impl Message) -> Self {
        Self { event_type, key_id: None, payload: message.encode_to_vec().into() }
    }
}
