//! What the registry tells of who belongs where, and what was published for a part of the region.

use northstar_eventlog::Stream;
use northstar_wire::{mastery, registry};
use prost::Message;
use uuid::Uuid;

use super::{Region, append, framework, learner};

impl Region {
    /// Says something of the roster: organizations, people, classes, enrollments.
    pub(crate) async fn roster(&self, kind: &'static str, id: Uuid, event: &impl Message) {
        let stream = Stream::new("roster", id);
        append(&self.registry, self.tenant, stream, kind, event.encode_to_vec(), None).await;
    }

    /// Somebody is in the roster in this role, and the region knows it.
    pub(crate) async fn known(&self, name: &str, role: &str) {
        let event = registry::v1::PersonChanged {
            person_id: learner(name).to_string(),
            roles: vec![role.to_owned()],
            ..Default::default()
        };
        self.roster("person_changed", learner(name).uuid(), &event).await;
        self.settled().await;
    }

    /// Somebody has left.
    pub(crate) async fn gone(&self, name: &str) {
        let event = registry::v1::PersonRemoved { person_id: learner(name).to_string() };
        self.roster("person_removed", learner(name).uuid(), &event).await;
        self.settled().await;
    }

    /// A policy in the log as it was published, whether or not anybody knows of its scope here.
    pub(crate) async fn published_before(&self, event: &mastery::v1::PolicyPublished) {
        let stream = Stream::new("policy", framework().uuid());
        let payload = event.encode_to_vec();
        append(&self.mastery, self.tenant, stream, "policy_published", payload, None).await;
    }
}
