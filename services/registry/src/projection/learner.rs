//! People, of whom most are learners.

use northstar_eventlog::{Document, Fault, Malformed, Sealed, Shape, TenantLog};
use northstar_kernel::{LearnerId, PersonId};
use northstar_wire::platform::v1::Sealed as WireSealed;
use northstar_wire::registry::v1 as wire;
use prost::Message as _;
use uuid::Uuid;

use super::message;

/// The role that makes a person a learner.
const STUDENT: &str = "student";
/// What a name is sealed as.
pub(crate) const NAME_FIELD: &str = "name";
/// Documents read at a time.
const PAGE: u32 = 500;

/// A person of the roster, under their id.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Person(pub(crate) wire::PersonChanged);

impl Shape for Person {
    const NOUN: &'static str = "person";

    /// The sealed name is not state: its key is random.
    fn encode(&self) -> Document {
        let mut state = self.0.clone();
        let name = state.name.take().unwrap_or_default();
        Document { state: state.encode_to_vec(), extra: name.encode_to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let mut person: wire::PersonChanged = message(Self::NOUN, &document.state)?;
        person.name = Some(message(Self::NOUN, &document.extra)?);
        Ok(Self(person))
    }
}

impl Person {
    fn is_learner(&self) -> bool {
        self.0.roles.iter().any(|role| role == STUDENT)
    }
}

/// One learner; `None` if the roster has no learner of this id.
pub(crate) async fn one(log: &TenantLog, id: LearnerId) -> Result<Option<Person>, Fault> {
    let person = log.document::<Person>(id.as_bytes()).await?;
    Ok(person.filter(Person::is_learner))
}

/// Learners by id, after `after`, at most `limit`.
pub(crate) async fn page(
    log: &TenantLog,
    after: Option<PersonId>,
    limit: usize,
) -> Result<Vec<(PersonId, Person)>, Fault> {
    let mut learners = Vec::new();
    let mut after = after.map(|id| id.as_bytes().to_vec());
    while learners.len() < limit {
        let people = log.documents::<Person>(&[], after.as_deref(), PAGE).await?;
        let Some((last, _)) = people.last() else { break };
        after = Some(last.clone());
        let people = people.into_iter().filter(|(_, person)| person.is_learner());
        let people = people.filter_map(|(key, person)| Some((id_of(&key)?, person)));
        learners.extend(people.take(limit - learners.len()));
    }
    Ok(learners)
}

/// A learner's name; empty once their key is destroyed.
pub(crate) async fn name(log: &TenantLog, person: &Person) -> Result<wire::PersonName, Fault> {
    let WireSealed { key_id, r#box: bytes } = person.0.name.clone().unwrap_or_default();
    let read = |error: uuid::Error| Fault::lasting("reading a person", error);
    let sealed = Sealed { key_id: Uuid::parse_str(&key_id).map_err(read)?, bytes };
    let subject = Uuid::parse_str(&person.0.person_id).map_err(read)?;
    let Some(plain) = log.open(subject, NAME_FIELD, &sealed).await? else {
        return Ok(wire::PersonName::default());
    };
    wire::PersonName::decode(plain.as_slice())
        .map_err(|error| Fault::lasting("reading a name", error))
}

fn id_of(key: &[u8]) -> Option<PersonId> {
    Uuid::from_slice(key).ok().map(PersonId::from_uuid)
}
