//! What publishing a policy does.

use crate::support::{draft, march, policy};
use northstar_kernel::{Decider, OrganizationId, TenantId};
use northstar_mastery_domain::{
    Flaw, PolicyDraft, PolicyPublished, PublishPolicy, Published, Scope,
};

fn publish(draft: PolicyDraft) -> PublishPolicy {
    PublishPolicy { draft, scope: Scope::Network, effective_from: march(1), retroactive: false }
}

fn published(command: PublishPolicy) -> PolicyPublished {
    let PublishPolicy { draft, scope, effective_from, retroactive } = command;
    let policy = policy(draft);
    PolicyPublished { hash: policy.hash(), policy, scope, effective_from, retroactive }
}

fn decide(before: &[PublishPolicy], command: PublishPolicy) -> Vec<PolicyPublished> {
    let events: Vec<_> = before.iter().cloned().map(published).collect();
    Published::decide(&Published::fold(&events), command).expect("the policy is valid")
}

#[test]
fn given_no_policy_when_one_is_published_then_it_is() {
    let events = decide(&[], publish(draft()));
    assert_eq!(events, [published(publish(draft()))]);
    assert_eq!(Published::fold(&events), Published(events));
}

#[test]
fn given_a_policy_when_it_is_published_again_then_nothing_happens() {
    assert_eq!(decide(&[publish(draft())], publish(draft())), []);
}

#[test]
fn given_a_policy_replaced_when_it_is_published_again_then_it_is_the_last_word_again() {
    let other = publish(PolicyDraft { mastery_milli: 2_500, ..draft() });
    let events = decide(&[publish(draft()), other], publish(draft()));
    assert_eq!(events, [published(publish(draft()))]);
}

#[test]
fn given_a_policy_when_it_is_published_otherwise_then_that_is_another_fact() {
    let school = OrganizationId::derive(TenantId::from_slug("front-range"), "school");
    let others = [
        PublishPolicy { scope: Scope::Organization(school), ..publish(draft()) },
        PublishPolicy { effective_from: march(2), ..publish(draft()) },
        PublishPolicy { retroactive: true, ..publish(draft()) },
        publish(PolicyDraft { name: "honours".to_owned(), ..draft() }),
    ];
    for other in others {
        let before = [publish(draft())];
        assert_eq!(decide(&before, other.clone()), [published(other.clone())]);
        // And what stood before stands: neither is the last word on the other's subject.
        if !other.retroactive {
            assert_eq!(decide(&[publish(draft()), other], publish(draft())), []);
        }
    }
}

#[test]
fn given_a_draft_with_a_flaw_when_it_is_published_then_it_is_refused() {
    let bad = publish(PolicyDraft { mastery_milli: 0, ..draft() });
    let refusal = Published::decide(&Published::default(), bad).expect_err("a flaw");
    assert_eq!(refusal.flaws, [Flaw::MasteryOutOfRange(0)]);
}
