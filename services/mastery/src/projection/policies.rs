//! The policies of a framework: key = framework id.

use std::sync::Arc;

use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::{LearnerId, Timestamp};
use northstar_mastery_domain::{
    Method, Observations, PolicyPublished, Question, Resolution, Scope, chosen, names, resolve,
};
use northstar_wire::mastery::v1 as wire;
use prost::Message;

use super::roster::{Documents, path};
use crate::codec::{ALWAYS, policy_published, policy_published_message};

/// Whatever else they belong to, learners belong to the network.
const EVERYBODY: [Scope; 1] = [Scope::Network];

/// Every policy that was published for a framework, oldest first, and for whom they are read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Policies {
    all: Arc<All>,
    /// The scopes of whoever they are read for, the most specific first; `None` is everybody. Not
    /// part of the document.
    path: Option<Arc<[Scope]>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct All {
    published: Vec<PolicyPublished>,
    /// When each of them was recorded.
    recorded: Vec<Timestamp>,
    /// Their names, each once and sorted: they are asked for with every judgement.
    names: Vec<String>,
    /// Whether some hold for less than everybody.
    scoped: bool,
}

impl All {
    fn new(published: Vec<PolicyPublished>, recorded: Vec<Timestamp>) -> Self {
        let names = names(&published).into_iter().map(str::to_owned).collect();
        let scoped = published.iter().any(|policy| policy.scope != Scope::Network);
        Self { published, recorded, names, scoped }
    }
}

impl Policies {
    fn new(published: Vec<PolicyPublished>, recorded: Vec<Timestamp>) -> Self {
        Self { all: Arc::new(All::new(published, recorded)), path: None }
    }

    /// Notes that `policy` was published, and when that was recorded.
    pub(crate) fn publish(&mut self, policy: PolicyPublished, recorded_at: Timestamp) {
        let all = Arc::make_mut(&mut self.all);
        if let Err(place) =
            all.names.binary_search_by(|name| name.as_str().cmp(policy.policy.name()))
        {
            all.names.insert(place, policy.policy.name().to_owned());
        }
        all.scoped |= policy.scope != Scope::Network;
        all.published.push(policy);
        all.recorded.push(recorded_at);
    }

    /// Those that were recorded until and at `known`.
    pub(crate) fn known(&self, known: Timestamp) -> Self {
        let All { published, recorded, .. } = &*self.all;
        if recorded.iter().all(|at| *at <= known) {
            return self.clone();
        }
        let both = published.iter().cloned().zip(recorded.iter().copied());
        let (published, recorded) = both.filter(|(_, at)| *at <= known).unzip();
        Self { path: self.path.clone(), ..Self::new(published, recorded) }
    }

    /// Whether some hold for less than everybody.
    pub(crate) fn is_scoped(&self) -> bool {
        self.all.scoped
    }

    /// The same for a learner, where it makes a difference who it is.
    pub(crate) async fn of_learner<D: Documents>(
        &self,
        learner: LearnerId,
        documents: &mut D,
    ) -> Result<Self, D::Error> {
        if !self.is_scoped() {
            return Ok(self.clone());
        }
        Ok(self.along(path(documents, learner).await?.into()))
    }

    /// The same for a learner of these scopes, the most specific first.
    pub(crate) fn along(&self, path: Arc<[Scope]>) -> Self {
        Self { all: Arc::clone(&self.all), path: Some(path) }
    }

    /// The names of the policies side by side; the main one's is empty and comes first.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.all.names.iter().map(String::as_str)
    }

    /// The methods of all main policies.
    pub(crate) fn main_methods(&self) -> impl Iterator<Item = &Method> {
        let main = self.all.published.iter().filter(|published| published.policy.name().is_empty());
        main.map(|published| published.policy.method())
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
        chosen(&self.all.published, &self.question(name, observations, as_of))
    }

    /// The same with all that were looked at, and why they were passed over.
    pub(crate) fn resolution(
        &self,
        name: &str,
        observations: &Observations,
        as_of: Timestamp,
    ) -> Resolution<'_> {
        resolve(&self.all.published, &self.question(name, observations, as_of))
    }

    fn question<'a>(
        &'a self,
        name: &'a str,
        observations: &Observations,
        as_of: Timestamp,
    ) -> Question<'a> {
        let path = self.path.as_deref().unwrap_or(&EVERYBODY);
        let made = observations.until(as_of);
        let retroactive = self.all.published.iter().filter(|policy| {
            policy.retroactive
                && policy.policy.name() == name
                && policy.effective_from <= as_of
                && path.contains(&policy.scope)
        });
        let came = retroactive.map(|policy| policy.effective_from);
        let at = made.last().map_or(as_of, |newest| came.fold(newest.observed_at, Ord::max));
        let began = made.first().map(|seen| seen.observed_at);
        Question { name, path, at, began }
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
        let published = self.all.published.iter().map(policy_published_message).collect();
        let recorded_micros = self.all.recorded.iter().map(|at| at.micros()).collect();
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
        Ok(Self::new(policies, recorded))
    }

    fn weight(&self) -> usize {
        64 + self.all.published.len() * size_of::<PolicyPublished>()
    }
}

#[cfg(test)]
mod tests;
