//! What comes before what in a framework: key = framework id.

use std::collections::{BTreeMap, BTreeSet};

use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::{AssociationId, CompetencyId};
use prost::Message;

use crate::codec::read_uuid;

/// The framework's associations of the kind `precedes`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Precedence(BTreeMap<AssociationId, (CompetencyId, CompetencyId)>);

impl Precedence {
    /// Notes that `first` comes before `then`.
    pub(crate) fn publish(&mut self, id: AssociationId, first: CompetencyId, then: CompetencyId) {
        self.0.insert(id, (first, then));
    }

    /// Forgets an association; true if there was one.
    pub(crate) fn withdraw(&mut self, id: AssociationId) -> bool {
        self.0.remove(&id).is_some()
    }

    /// Whether it is one of those kept here.
    pub(crate) fn contains(&self, id: AssociationId) -> bool {
        self.0.contains_key(&id)
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// By competency, what comes right before it.
    pub(crate) fn before(&self) -> BTreeMap<CompetencyId, BTreeSet<CompetencyId>> {
        let mut before: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for (first, then) in self.0.values() {
            before.entry(*then).or_default().insert(*first);
        }
        before
    }
}

/// Sixteen bytes each of association, first and then, without anything between.
#[derive(Clone, PartialEq, Message)]
struct Stored {
    #[prost(bytes = "vec", tag = "1")]
    associations: Vec<u8>,
}

impl Shape for Precedence {
    const NOUN: &'static str = "precedence";

    /// Not state: it is the registry's, and only queries read it.
    fn encode(&self) -> Document {
        let of = |(id, (first, then)): (&AssociationId, &(CompetencyId, CompetencyId))| {
            [*id.as_bytes(), *first.as_bytes(), *then.as_bytes()].concat()
        };
        let associations = self.0.iter().flat_map(of).collect();
        Document { state: Vec::new(), extra: Stored { associations }.encode_to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let broken = |why: &dyn std::fmt::Display| Malformed::new(Self::NOUN, why);
        let stored = Stored::decode(&document.extra[..]).map_err(|why| broken(&why))?;
        let (triples, rest) = stored.associations.as_chunks::<48>();
        if !rest.is_empty() {
            return Err(broken(&"an association is cut"));
        }
        let id = |bytes: &[u8]| read_uuid(Self::NOUN, bytes);
        let read = |triple: &[u8; 48]| {
            let association = AssociationId::from_uuid(id(&triple[..16])?);
            let first = CompetencyId::from_uuid(id(&triple[16..32])?);
            Ok((association, (first, CompetencyId::from_uuid(id(&triple[32..])?))))
        };
        triples.iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    fn weight(&self) -> usize {
        64 + 96 * self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use northstar_kernel::TenantId;

    use super::*;

    #[test]
    fn reads_what_it_wrote_and_forgets_what_is_withdrawn() {
        let id = |code| CompetencyId::derive(TenantId::COMMONS, code);
        let association = |code| AssociationId::derive(TenantId::COMMONS, code);
        let mut precedence = Precedence::default();
        precedence.publish(association("1"), id("a"), id("c"));
        precedence.publish(association("2"), id("b"), id("c"));
        precedence.publish(association("2"), id("b"), id("a"));
        assert_eq!(Precedence::decode(&precedence.encode()), Ok(precedence.clone()));
        let before = [(id("c"), [id("a")].into()), (id("a"), [id("b")].into())];
        assert_eq!(precedence.before(), before.into());
        assert!(precedence.withdraw(association("1")) && !precedence.withdraw(association("1")));
        assert!(!precedence.is_empty() && precedence.contains(association("2")));
    }

    #[test]
    fn bytes_that_make_no_sense_are_malformed() {
        let extra = Stored { associations: vec![0; 47] }.encode_to_vec();
        assert!(Precedence::decode(&Document { state: Vec::new(), extra }).is_err());
    }
}
