//! What is known of a person beside mastery: their roles in the roster, and what is stated of them.

use std::collections::{BTreeMap, BTreeSet};

use northstar_eventlog::{Document, Malformed, Shape};
use prost::Message;

use super::read;

/// Somebody's roles in the roster, kept under the person's id. It is `extra`: it is the registry's
/// state, not ours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RolesDocument(pub(crate) BTreeSet<String>);

#[derive(Message)]
struct Roles {
    #[prost(string, repeated, tag = "1")]
    roles: Vec<String>,
}

impl Shape for RolesDocument {
    const NOUN: &'static str = "roles";

    fn encode(&self) -> Document {
        let roles = Roles { roles: self.0.iter().cloned().collect() };
        Document { state: Vec::new(), extra: roles.encode_to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let Roles { roles } = read(Self::NOUN, &document.extra)?;
        Ok(Self(roles.into_iter().collect()))
    }

    fn weight(&self) -> usize {
        64
    }
}

/// What is stated of a learner, and how often; kept under the learner's id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FactsDocument(pub(crate) BTreeMap<String, u32>);

impl FactsDocument {
    /// Takes in what was stated, in place of what was stated before.
    pub(crate) fn state(&mut self, name: String, times: u32) {
        if times == 0 {
            self.0.remove(&name);
        } else {
            self.0.insert(name, times);
        }
    }
}

#[derive(Message)]
struct Facts {
    #[prost(btree_map = "string, uint32", tag = "1")]
    facts: BTreeMap<String, u32>,
}

impl Shape for FactsDocument {
    const NOUN: &'static str = "facts";

    /// State: what is stated of somebody is part of what a tenant has.
    fn encode(&self) -> Document {
        let facts = Facts { facts: self.0.clone() };
        Document { state: facts.encode_to_vec(), extra: Vec::new() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let Facts { facts } = read(Self::NOUN, &document.state)?;
        Ok(Self(facts))
    }

    fn weight(&self) -> usize {
        128
    }
}
