//! The policies of a framework: key = framework id.

use std::sync::Arc;

use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::Digest;
use northstar_mastery_domain::PolicyPublished;
use northstar_wire::mastery::v1 as wire;
use prost::Message;

use crate::codec::{policy_published, policy_published_message};

/// Every policy that was published for a framework, oldest first: the last is in force, and a level
/// that was not yet evaluated anew can still be explained by the one it names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Policies(Vec<Arc<PolicyPublished>>);

impl Policies {
    /// Notes that `policy` is in force from here on.
    pub(crate) fn publish(&mut self, policy: PolicyPublished) {
        self.0.push(policy.into());
    }

    /// The policy in force.
    pub(crate) fn in_force(&self) -> Option<&Arc<PolicyPublished>> {
        self.0.last()
    }

    /// The policy of that hash.
    pub(crate) fn named(&self, hash: Digest) -> Option<&PolicyPublished> {
        self.0.iter().rev().map(Arc::as_ref).find(|policy| policy.hash == hash)
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
        let published = self.0.iter().map(|policy| policy_published_message(policy)).collect();
        Document { state: Stored { published }.encode_to_vec(), extra: Vec::new() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let stored =
            Stored::decode(&document.state[..]).map_err(|why| Malformed::new(Self::NOUN, why))?;
        let policies =
            stored.published.iter().map(|message| policy_published(message).map(Arc::new));
        policies.collect::<Result<_, _>>().map(Self)
    }

    fn weight(&self) -> usize {
        64 + self.0.len() * size_of::<PolicyPublished>()
    }
}

#[cfg(test)]
mod tests {
    use northstar_kernel::{FrameworkId, TenantId};
    use northstar_mastery_domain::{Policy, PolicyDraft};

    use super::*;

    fn published(threshold_milli: i64) -> PolicyPublished {
        let policy = Policy::new(&PolicyDraft {
            framework: FrameworkId::derive(TenantId::from_slug("a"), "f"),
            method: "decaying_average".to_owned(),
            newest_weight_percent: 65,
            threshold_milli,
            minimum_observations: 2,
            excluded_roles: vec!["self".to_owned()],
        })
        .expect("valid");
        PolicyPublished { hash: policy.hash(), policy }
    }

    #[test]
    fn reads_what_it_wrote_and_finds_old_policies_by_their_hash() {
        let mut policies = Policies::default();
        policies.publish(published(2_000));
        policies.publish(published(3_000));
        let read = Policies::decode(&policies.encode()).expect("just written");
        assert_eq!(read, policies);
        assert_eq!(read.in_force().map(|policy| policy.policy.threshold_milli()), Some(3_000));
        assert_eq!(read.named(published(2_000).hash), Some(&published(2_000)));
        assert_eq!(read.named(published(1_000).hash), None);
    }
}
