//! The policies published for one framework: stream `policy-<framework>`.

use northstar_kernel::{Decider, Digest, Timestamp};

use super::{Policy, PolicyDraft, PolicyRefusal, Scope};

/// Asks for a policy to hold for a scope from an instant on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishPolicy {
    /// The policy.
    pub draft: PolicyDraft,
    /// For whom.
    pub scope: Scope,
    /// From when on; it may lie in the past or in the future.
    pub effective_from: Timestamp,
    /// Whether what is held already is worked out anew under it.
    pub retroactive: bool,
}

/// A policy holds for a scope from an instant on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyPublished {
    /// The policy.
    pub policy: Policy,
    /// Its hash, as it was when the policy was published.
    pub hash: Digest,
    /// For whom it holds.
    pub scope: Scope,
    /// From when on, until another of the same name takes its place.
    pub effective_from: Timestamp,
    /// Whether what is held already is worked out anew under it; else it stays as it is until
    /// something else happens to it.
    pub retroactive: bool,
}

impl PolicyPublished {
    /// Whether `other` speaks of the same policy's name, scope and instant, so that the later of
    /// the two holds.
    fn replaces(&self, other: &Self) -> bool {
        self.policy.name() == other.policy.name()
            && self.scope == other.scope
            && self.effective_from == other.effective_from
    }
}

/// All that was published for one framework, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Published(pub Vec<PolicyPublished>);

impl Decider for Published {
    type State = Self;
    type Command = PublishPolicy;
    type Event = PolicyPublished;
    type Refusal = PolicyRefusal;

    /// Nothing follows if the last word on the same name, scope and instant is the same.
    fn decide(
        state: &Self::State,
        command: PublishPolicy,
    ) -> Result<Vec<PolicyPublished>, PolicyRefusal> {
        let PublishPolicy { draft, scope, effective_from, retroactive } = command;
        let policy = Policy::new(&draft)?;
        let hash = policy.hash();
        let event = PolicyPublished { policy, hash, scope, effective_from, retroactive };
        let last = state.0.iter().rev().find(|last| event.replaces(last));
        Ok(if last == Some(&event) { Vec::new() } else { vec![event] })
    }

    fn evolve(mut state: Self::State, event: &PolicyPublished) -> Self::State {
        state.0.push(event.clone());
        state
    }
}
