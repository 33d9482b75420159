//! Policies and scales: what publishing one does to what is held.

use northstar_chassis::Role;
use northstar_wire::mastery::v1 as wire;
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::region::{Region, framework, held, latest, seen};

fn mean() -> wire::Policy {
    wire::Policy { method: wire::Method::Mean.into(), ..latest() }
}

async fn publish(region: &Region, policy: wire::Policy) -> (String, bool) {
    let request = wire::PublishPolicyRequest { policy: Some(policy) };
    let response = region.admin().publish_policy(request).await.expect("valid").into_inner();
    (response.policy_hash, response.published)
}

/// Two learners and a bystander in a competency of another framework's policy.
async fn with_evidence() -> Region {
    let region = Region::new().await;
    region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
    region.publish_policy(latest()).await;
    for (number, learner, first, second) in [(1, "ana", 1, 3), (3, "ben", 2, 2)] {
        region.record(learner, "NS.INT.1", seen(number, 2, first)).await;
        region.record(learner, "NS.INT.1", seen(number + 1, 3, second)).await;
    }
    region.settled().await;
    region
}

#[tokio::test]
async fn a_policy_is_published_once_and_read_back() {
    let region = Region::new().await;
    let (hash, published) = publish(&region, latest()).await;
    assert!(published);
    assert_eq!(publish(&region, latest()).await, (hash.clone(), false));
    let request = wire::GetPolicyRequest { framework_id: framework().to_string() };
    let read = region.client(Role::Teacher, &[]).get_policy(request).await.expect("in force");
    let expected = wire::GetPolicyResponse { policy: Some(latest()), policy_hash: hash };
    assert_eq!(read.into_inner(), expected);
    assert_eq!(region.feed().await.len(), 1);
}

#[tokio::test]
async fn a_bad_policy_is_refused_with_every_flaw() {
    let region = Region::new().await;
    let bad = wire::Policy { threshold_milli: 0, method: 0, ..latest() };
    let request = wire::PublishPolicyRequest { policy: Some(bad) };
    let status = region.admin().publish_policy(request).await.expect_err("two flaws");
    assert_eq!(status.code(), Code::InvalidArgument);
    let details = status.get_error_details();
    assert_eq!(details.error_info().map(|info| info.reason.as_str()), Some("POLICY_INVALID"));
    let fields = details.bad_request().map(|bad| bad.field_violations.clone()).unwrap_or_default();
    let fields: Vec<_> = fields.iter().map(|violation| violation.field.as_str()).collect();
    assert_eq!(fields, ["policy.method", "policy.threshold_milli"]);
}

#[tokio::test]
async fn a_request_without_what_it_needs_says_what_is_missing() {
    let region = Region::new().await;
    let nothing = wire::PublishPolicyRequest { policy: None };
    let status = region.admin().publish_policy(nothing).await.expect_err("no policy");
    assert_eq!(status.code(), Code::InvalidArgument);
    let wrong = wire::Policy { framework_id: "north-star".to_owned(), ..latest() };
    let wrong = wire::PublishPolicyRequest { policy: Some(wrong) };
    let status = region.admin().publish_policy(wrong).await.expect_err("no UUID");
    assert!(status.message().contains("policy.framework_id"), "{}", status.message());
}

#[tokio::test]
async fn only_administrators_publish_policies() {
    let region = Region::new().await;
    let request = wire::PublishPolicyRequest { policy: Some(latest()) };
    for role in [Role::Teacher, Role::Learner, Role::Integrator, Role::Employer] {
        let status = region.client(role, &[]).publish_policy(request.clone()).await;
        assert_eq!(status.expect_err("not allowed").code(), Code::PermissionDenied);
    }
    assert!(region.client(Role::DistrictAdmin, &[]).publish_policy(request).await.is_ok());
}

#[tokio::test]
async fn another_policy_reads_all_evidence_anew_and_says_what_changed() {
    let region = with_evidence().await;
    let told = region.changes().await.len();
    region.publish_policy(mean()).await;
    region.settled().await;
    let changes = region.changes().await.split_off(told);
    // Ana's latest was 3, her mean is 2. Ben's is 2 by either, so nothing is said of him.
    let [ana] = &changes[..] else { panic!("one change, not {changes:?}") };
    let moved = (held(ana.before.as_ref()), held(ana.after.as_ref()));
    assert_eq!(moved, ((3_000, 3), (2_000, 2)));
    assert_eq!(ana.cause_evidence_id, "");
    let hashes: Vec<_> = [region.profile("ana").await, region.profile("ben").await]
        .iter()
        .flatten()
        .map(|entry| entry.policy_hash.clone())
        .collect();
    assert_eq!(hashes, [ana.policy_hash.clone(), ana.policy_hash.clone()]);
    let policy_event =
        region.feed().await.into_iter().rfind(|e| e.event_type == "policy_published");
    let change_event = region.feed().await.into_iter().next_back();
    assert_eq!(
        change_event.and_then(|event| event.causation_id),
        policy_event.map(|event| event.id.uuid())
    );
}

#[tokio::test]
async fn another_frameworks_policy_touches_nothing() {
    let region = with_evidence().await;
    let before = region.profile("ana").await;
    let other = "6b0a2f3e-0000-4000-8000-000000000001".to_owned();
    region.publish_policy(wire::Policy { framework_id: other, ..mean() }).await;
    region.settled().await;
    assert_eq!(region.profile("ana").await, before);
}

#[tokio::test]
async fn another_scale_reads_the_same_value_as_another_level() {
    let region = with_evidence().await;
    let told = region.changes().await.len();
    region.publish_competency("NS.INT.1", &[0, 1, 2, 3, 4]).await;
    region.settled().await;
    let changes = region.changes().await.split_off(told);
    let moved: Vec<_> = changes
        .iter()
        .map(|change| (held(change.before.as_ref()), held(change.after.as_ref())))
        .collect();
    assert_eq!(moved.len(), 2);
    assert!(moved.contains(&((3_000, 3), (3_000, 4))), "{moved:?}");
    assert!(moved.contains(&((2_000, 2), (2_000, 3))), "{moved:?}");
}

#[tokio::test]
async fn without_a_policy_nothing_is_held_and_the_profile_says_so() {
    let region = Region::new().await;
    region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
    region.record("ana", "NS.INT.1", seen(1, 2, 3)).await;
    region.settled().await;
    assert!(region.changes().await.is_empty());
    let profile = region.profile("ana").await;
    let reason = profile.first().map(|entry| entry.reason.as_str());
    assert_eq!(reason, Some("1 judgement, but no policy is published for the framework yet."));
}
