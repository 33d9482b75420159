//! What is asked for, folded from the log: a learner's evidence, and of the registry what a judgement
//! is checked against.

pub mod competency;
pub mod criterion;
pub mod learner;
pub mod ledger;

use async_trait::async_trait;
use northstar_bus::{HandleError, Handler, Source, Work};
use northstar_eventlog::{Malformed, Recorded, Shape};
use northstar_wire::registry::v1 as registry;
use prost::Message;

use competency::KnownCompetency;
use criterion::{KnownCriterion, KnownRubric};
use learner::KnownLearner;
use ledger::Entry;

/// The consumer that folds this context's documents.
pub struct Views;

const SOURCES: [Source; 2] = [Source::whole("registry"), Source::split("evidence", ledger::split)];
const NOUNS: [&str; 5] = [
    KnownLearner::NOUN,
    KnownCompetency::NOUN,
    KnownCriterion::NOUN,
    KnownRubric::NOUN,
    Entry::NOUN,
];

#[async_trait]
impl Handler for Views {
    fn consumer(&self) -> &'static str {
        "evidence.views"
    }

    fn sources(&self) -> &'static [Source] {
        &SOURCES
    }

    fn nouns(&self) -> &'static [&'static str] {
        &NOUNS
    }

    async fn handle(
        &self,
        source: &'static str,
        event: &Recorded,
        work: &mut Work,
    ) -> Result<(), HandleError> {
        match source {
            "registry" => on_registry(event, work).await,
            _ => ledger::fold(event, work).await,
        }
    }
}

/// Events that say nothing about learners or scales are passed over.
async fn on_registry(event: &Recorded, work: &mut Work) -> Result<(), HandleError> {
    match &*event.event_type {
        "person_changed" => learner::changed(&message::<registry::PersonChanged>(event)?, work),
        "person_removed" => learner::removed(&message::<registry::PersonRemoved>(event)?, work),
        "competency_published" => competency::published(&message(event)?, work),
        "competency_withdrawn" => competency::withdrawn(&message(event)?, work).await,
        "rubric_published" => criterion::published(&message(event)?, work).await,
        "rubric_withdrawn" => criterion::withdrawn(&message(event)?, work).await,
        _ => Ok(()),
    }
}

fn message<M: Message + Default>(event: &Recorded) -> Result<M, Malformed> {
    M::decode(event.payload.as_ref()).map_err(|error| Malformed::new(&*event.event_type, error))
}

/// An id of another context's event.
fn id<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, Malformed> {
    text.parse().map_err(|error| Malformed::new("a registry event", error))
}

/// The sixteen bytes of a stored id.
fn uuid(noun: &str, bytes: &[u8]) -> Result<uuid::Uuid, Malformed> {
    uuid::Uuid::from_slice(bytes).map_err(|error| Malformed::new(noun, error))
}
