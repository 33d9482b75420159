//! What is read from: one module a noun, each with its shape and its query.
//!
//! Documents hold the events' own messages: what was last said is what is kept.

pub(crate) mod framework;
pub(crate) mod learner;
pub(crate) mod roster;

use async_trait::async_trait;
use northstar_bus::{HandleError, Handler, Source, Work};
use northstar_eventlog::{Malformed, Recorded, Shape};
use northstar_registry_domain::{class, enrollment, organization, person, tenant};
use prost::Message;

use self::framework::{Association, Competency, Framework, Rubric};
use self::learner::Person;
use self::roster::{Class, Enrollment, Organization, Tenant};
use crate::codec::{self, Event};

/// A [`Shape`] whose state is one protobuf message, and which has no extra.
macro_rules! message_shapes {
    ($($(#[$doc:meta])* $name:ident($message:ty) = $noun:literal),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub(crate) struct $name(pub(crate) $message);

        impl northstar_eventlog::Shape for $name {
            const NOUN: &'static str = $noun;

            fn encode(&self) -> northstar_eventlog::Document {
                let state = prost::Message::encode_to_vec(&self.0);
                northstar_eventlog::Document { state, extra: Vec::new() }
            }

            fn decode(
                document: &northstar_eventlog::Document,
            ) -> Result<Self, northstar_eventlog::Malformed> {
                $crate::projection::message(Self::NOUN, &document.state).map(Self)
            }
        }
    )+};
}
use message_shapes;

/// Every document belongs to one aggregate, so streams can be folded in parallel.
const SOURCES: &[Source] = &[Source::split(crate::NAME, by_stream)];

/// Folds the registry's own log into its documents.
pub(crate) struct Documents;

#[async_trait]
impl Handler for Documents {
    fn consumer(&self) -> &'static str {
        "registry.documents"
    }

    fn sources(&self) -> &'static [Source] {
        SOURCES
    }

    fn nouns(&self) -> &'static [&'static str] {
        &[
            Tenant::NOUN,
            Organization::NOUN,
            Person::NOUN,
            Class::NOUN,
            Enrollment::NOUN,
            Framework::NOUN,
            Competency::NOUN,
            Association::NOUN,
            Rubric::NOUN,
        ]
    }

    async fn handle(
        &self,
        _source: &'static str,
        event: &Recorded,
        work: &mut Work,
    ) -> Result<(), HandleError> {
        let payload = event.payload.as_ref();
        match codec::decode(event)? {
            Event::Tenant(tenant::Event::Created { .. }) => {
                work.put(Tenant::KEY, Tenant(message(Tenant::NOUN, payload)?));
            }
            Event::Organization(organization::Event::Changed(changed)) => {
                let shape = Organization(message(Organization::NOUN, payload)?);
                work.put(changed.id.as_bytes(), shape);
            }
            Event::Organization(organization::Event::Removed(id)) => {
                work.remove::<Organization>(id.as_bytes());
            }
            Event::Person(person::Event::Changed(changed)) => {
                work.put(changed.id.as_bytes(), Person(message(Person::NOUN, payload)?));
            }
            Event::Person(person::Event::Removed(id)) => work.remove::<Person>(id.as_bytes()),
            Event::Class(class::Event::Changed(changed)) => {
                work.put(changed.id.as_bytes(), Class(message(Class::NOUN, payload)?));
            }
            Event::Class(class::Event::Removed(id)) => work.remove::<Class>(id.as_bytes()),
            Event::Enrollment(enrollment::Event::Changed(changed)) => {
                work.put(changed.id.as_bytes(), Enrollment(message(Enrollment::NOUN, payload)?));
            }
            Event::Enrollment(enrollment::Event::Removed(id)) => {
                work.remove::<Enrollment>(id.as_bytes());
            }
            Event::Framework(event) => framework::fold(work, &event, payload)?,
        }
        Ok(())
    }
}

fn by_stream(event: &Recorded) -> u64 {
    let digest = northstar_kernel::Digest::of(event.stream.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest.0[..8]);
    u64::from_be_bytes(first)
}

fn message<M: Message + Default>(noun: &'static str, bytes: &[u8]) -> Result<M, Malformed> {
    M::decode(bytes).map_err(|why| Malformed::new(noun, why))
}
