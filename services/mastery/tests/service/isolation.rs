//! What belongs to another tenant looks like what does not exist.

use northstar_chassis::Role;
use northstar_wire::mastery::v1 as wire;
use tonic::Code;

use crate::region::{Region, framework, latest, learner, policy, seen};

/// A region where the tenant "north" has a learner, a policy and a level; we are "south".
async fn next_door() -> Region {
    let mut region = Region::new().await;
    region.move_to("north");
    region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
    region.publish_policy(latest()).await;
    region.record("ana", "NS.INT.1", seen(1, 2, 3)).await;
    region.settled().await;
    assert_eq!(region.profile("ana").await.len(), 1);
    region.move_to("south");
    region
}

#[tokio::test]
async fn a_foreign_learner_looks_like_an_absent_one() {
    let region = next_door().await;
    assert_eq!(region.profile("ana").await, region.profile("nobody").await);
    assert_eq!(region.profile("ana").await, []);
}

#[tokio::test]
async fn a_foreign_policy_looks_like_an_absent_one() {
    let region = next_door().await;
    let mut answers = Vec::new();
    for id in [framework().to_string(), "6b0a2f3e-0000-4000-8000-000000000001".to_owned()] {
        let request = wire::GetPolicyRequest { framework_id: id, ..Default::default() };
        let status = region.admin().get_policy(request).await.expect_err("nothing in force here");
        answers.push((status.code(), status.message().to_owned(), status.details().to_vec()));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].0, Code::NotFound);
}

#[tokio::test]
async fn a_policy_rules_its_own_tenant_alone() {
    let mut region = next_door().await;
    region.publish_policy(policy(r#""name":"mean""#, "")).await;
    region.settled().await;
    assert_eq!(region.feed().await.len(), 1);
    region.move_to("north");
    let framework_id = framework().to_string();
    let request = wire::GetPolicyRequest { framework_id, ..Default::default() };
    let policy = region.admin().get_policy(request).await.expect("in force").into_inner();
    assert!(policy.document.contains(r#""name":"latest""#), "{}", policy.document);
}

#[tokio::test]
async fn learners_and_guardians_see_only_whom_their_token_names() {
    let region = next_door().await;
    let request = |name| wire::GetProfileRequest {
        learner_id: learner(name).to_string(),
        ..Default::default()
    };
    for role in [Role::Learner, Role::Guardian] {
        let mut client = region.client(role, &[learner("ben")]);
        assert!(client.get_profile(request("ben")).await.is_ok());
        let refused = client.get_profile(request("ana")).await.expect_err("not theirs");
        assert_eq!(refused.code(), Code::PermissionDenied);
    }
    let bad = wire::GetProfileRequest { learner_id: "ana".to_owned(), ..Default::default() };
    let status = region.admin().get_profile(bad).await.expect_err("no UUID");
    assert_eq!(status.code(), Code::InvalidArgument);
}
