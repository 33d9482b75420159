//! The policies of a framework: key = framework id.

use std::collections::BTreeSet;
use std::sync::Arc;

use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::Timestamp;
use northstar_mastery_domain::{Observations, PolicyPublished, Question, Scope, names, resolve};
use northstar_wire::mastery::v1 as wire;
use prost::Message;

use crate::codec::{policy_published, policy_published_message};

/// For everybody: nothing smaller than a tenant has policies of its own yet.
const EVERYBODY: [Scope; 1] = [Scope::Network];

/// Every policy that was published for a framework, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Policies(Arc<Vec<PolicyPublished>>);

impl Policies {
    /// Notes that `policy` was published.
    pub(crate) fn publish(&mut self, policy: PolicyPublished) {
        Arc::make_mut(&mut self.0).push(policy);
    }

    /// The names of the policies side by side; the main one's is empty and comes first.
    pub(crate) fn names(&self) -> BTreeSet<&str> {
        names(&self.0)
    }

    /// The policy of that name by which `observations` are read at `as_of`; later ones are not there
    /// yet.
    ///
    /// What is held must not depend on when it is worked out, so the newest judgement is the clock:
    /// a level stays under the policy that held when it was made, until another is made. Only a
    /// retroactive policy is an event in the life of every level. A learner began, as far as a
    /// banked policy asks, with the oldest judgement in the competency. Where there is none, the
    /// policy is the one that holds at `as_of`.
    pub(crate) fn reading(
        &self,
        name: &str,
        observations: &Observations,
        as_of: Timestamp,
    ) -> Option<&PolicyPublished> {
        let made = observations.until(as_of);
        let retroactive = self.0.iter().filter(|policy| {
            policy.retroactive && policy.policy.name() == name && policy.effective_from <= as_of
        });
        let came = retroactive.map(|policy| policy.effective_from);
        let at = made.last().map_or(as_of, |newest| came.fold(newest.observed_at, Ord::max));
        let began = made.first().map(|seen| seen.observed_at);
        resolve(&self.0, &Question { name, path: &EVERYBODY, at, began }).chosen
    }
}

#[derive(Clone, PartialEq, Message)]
struct Stored {
    #[prost(message, repeated, tag = "1")]
    published: Vec<wire::PolicyPublished>,
}

impl Shape for Policies {
    const NOUN: &'static str = "policy";

    fn encode(&self) -> Document {
        let published = self.0.iter().map(policy_published_message).collect();
        Document { state: Stored { published }.encode_to_vec(), extra: Vec::new() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let stored =
            Stored::decode(&document.state[..]).map_err(|why| Malformed::new(Self::NOUN, why))?;
        let policies: Result<_, _> = stored.published.iter().map(policy_published).collect();
        policies.map(|policies| Self(Arc::new(policies)))
    }

    fn weight(&self) -> usize {
        64 + self.0.len() * size_of::<PolicyPublished>()
    }
}

#[cfg(test)]
mod tests;
