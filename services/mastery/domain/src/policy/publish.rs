//! The policy in force for one framework: stream `policy-<framework>`.

use northstar_kernel::{Decider, Digest};

use super::{Policy, PolicyDraft, PolicyRefusal};

/// Asks for a policy to hold from here on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishPolicy(pub PolicyDraft);

/// A policy holds for its framework from here on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyPublished {
    /// The policy.
    pub policy: Policy,
    /// Its hash, as it was when the policy was published.
    pub hash: Digest,
}

/// The policy in force, if there is one: the last that was published.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InForce(pub Option<PolicyPublished>);

impl Decider for InForce {
    type State = Self;
    type Command = PublishPolicy;
    type Event = PolicyPublished;
    type Refusal = PolicyRefusal;

    /// Nothing follows if the same policy is in force already.
    fn decide(
        state: &Self::State,
        PublishPolicy(draft): PublishPolicy,
    ) -> Result<Vec<PolicyPublished>, PolicyRefusal> {
        let policy = Policy::new(&draft)?;
        let hash = policy.hash();
        let holds = state.0.as_ref().is_some_and(|in_force| in_force.hash == hash);
        Ok(if holds { Vec::new() } else { vec![PolicyPublished { policy, hash }] })
    }

    fn evolve(_: Self::State, event: &PolicyPublished) -> Self::State {
        Self(Some(event.clone()))
    }
}
