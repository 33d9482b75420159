//! The policies of a framework: key = framework id.

use std::sync::Arc;

use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::Timestamp;
use northstar_mastery_domain::{Observations, PolicyPublished, Question, Scope, names, resolve};
use northstar_wire::mastery::v1 as wire;
use prost::Message;

use crate::codec::{ALWAYS, policy_published, policy_published_message};

/// For everybody: nothing smaller than a tenant has policies of its own yet.
const EVERYBODY: [Scope; 1] = [Scope::Network];

/// Every policy that was published for a framework, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Policies(Arc<All>);

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct All {
    published: Vec<PolicyPublished>,
    /// When each of them was recorded.
    recorded: Vec<Timestamp>,
    /// Their names, each once and sorted: they are asked for with every judgement.
    names: Vec<String>,
}

impl All {
    fn new(published: Vec<PolicyPublished>, recorded: Vec<Timestamp>) -> Self {
        let names = names(&published).into_iter().map(str::to_owned).collect();
        Self { published, recorded, names }
    }
}

impl Policies {
    /// Notes that `policy` was published, and when that was recorded.
    pub(crate) fn publish(&mut self, policy: PolicyPublished, recorded_at: Timestamp) {
        let all = Arc::make_mut(&mut self.0);
        if let Err(place) =
            all.names.binary_search_by(|name| name.as_str().cmp(policy.policy.name()))
        {
            all.names.insert(place, policy.policy.name().to_owned());
        }
        all.published.push(policy);
        all.recorded.push(recorded_at);
    }

    /// Those that were recorded until and at `known`.
    pub(crate) fn known(&self, known: Timestamp) -> Self {
        let All { published, recorded, .. } = &*self.0;
        if recorded.iter().all(|at| *at <= known) {
            return self.clone();
        }
        let both = published.iter().cloned().zip(recorded.iter().copied());
        let (published, recorded) = both.filter(|(_, at)| *at <= known).unzip();
        Self(Arc::new(All::new(published, recorded)))
    }

    /// The names of the policies side by side; the main one's is empty and comes first.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.names.iter().map(String::as_str)
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
        let retroactive = self.0.published.iter().filter(|policy| {
            policy.retroactive && policy.policy.name() == name && policy.effective_from <= as_of
        });
        let came = retroactive.map(|policy| policy.effective_from);
        let at = made.last().map_or(as_of, |newest| came.fold(newest.observed_at, Ord::max));
        let began = made.first().map(|seen| seen.observed_at);
        resolve(&self.0.published, &Question { name, path: &EVERYBODY, at, began }).chosen
    }
}

#[derive(Clone, PartialEq, Message)]
struct Stored {
    #[prost(message, repeated, tag = "1")]
    published: Vec<wire::PolicyPublished>,
}

/// When each of the policies was recorded.
#[derive(Clone, PartialEq, Message)]
struct Extra {
    #[prost(sint64, repeated, tag = "1")]
    recorded_micros: Vec<i64>,
}

impl Shape for Policies {
    const NOUN: &'static str = "policy";

    fn encode(&self) -> Document {
        let published = self.0.published.iter().map(policy_published_message).collect();
        let recorded_micros = self.0.recorded.iter().map(|at| at.micros()).collect();
        Document {
            state: Stored { published }.encode_to_vec(),
            extra: Extra { recorded_micros }.encode_to_vec(),
        }
    }

    /// A policy that was kept before its time was is taken for one that was always known; a rebuild
    /// puts that right.
    fn decode(document: &Document) -> Result<Self, Malformed> {
        let broken = |why| Malformed::new(Self::NOUN, why);
        let stored = Stored::decode(&document.state[..]).map_err(broken)?;
        let extra = Extra::decode(&document.extra[..]).map_err(broken)?;
        let policies: Result<Vec<_>, _> = stored.published.iter().map(policy_published).collect();
        let policies = policies?;
        let mut recorded: Vec<_> =
            extra.recorded_micros.into_iter().map(Timestamp::from_micros).collect();
        let untimed = policies.len().saturating_sub(recorded.len());
        recorded.splice(0..0, std::iter::repeat_n(ALWAYS, untimed));
        recorded.truncate(policies.len());
        Ok(Self(Arc::new(All::new(policies, recorded))))
    }

    fn weight(&self) -> usize {
        64 + self.0.published.len() * size_of::<PolicyPublished>()
    }
}

#[cfg(test)]
mod tests;
