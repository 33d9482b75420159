//! Who is a learner.

use northstar_bus::{HandleError, Work};
use northstar_eventlog::{Document, Fault, Malformed, Shape, TenantLog};
use northstar_kernel::{LearnerId, PersonId};
use northstar_wire::registry::v1::{PersonChanged, PersonRemoved};

use crate::projection::id;

/// Somebody in the roster with the role student. There is nothing to know but that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownLearner;

impl Shape for KnownLearner {
    const NOUN: &'static str = "learner";

    fn encode(&self) -> Document {
        Document { state: vec![1], extra: Vec::new() }
    }

    fn decode(_: &Document) -> Result<Self, Malformed> {
        Ok(Self)
    }

    fn weight(&self) -> usize {
        64
    }
}

/// Whether the roster has this learner.
///
/// # Errors
/// When the store fails.
pub async fn known(log: &TenantLog, learner: LearnerId) -> Result<bool, Fault> {
    Ok(log.document::<KnownLearner>(learner.as_bytes()).await?.is_some())
}

pub(super) fn changed(event: &PersonChanged, work: &mut Work) -> Result<(), HandleError> {
    let person: PersonId = id(&event.person_id)?;
    if event.roles.iter().any(|role| role == "student") {
        work.put(person.as_bytes(), KnownLearner);
    } else {
        work.remove::<KnownLearner>(person.as_bytes());
    }
    Ok(())
}

pub(super) fn removed(event: &PersonRemoved, work: &mut Work) -> Result<(), HandleError> {
    let person: PersonId = id(&event.person_id)?;
    work.remove::<KnownLearner>(person.as_bytes());
    Ok(())
}
