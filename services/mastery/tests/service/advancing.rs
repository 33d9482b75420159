//! Mastery moves nobody by itself: somebody decides, and the event says who and on what ground.

use northstar_bus::rebuild::{Options, rebuild};
use northstar_chassis::Role;
use northstar_kernel::Shard;
use northstar_wire::mastery::v1 as wire;
use northstar_wire::mastery::v1::{AdvancementGround, Standing};
use prost::Message as _;
use tonic::Code;

use crate::region::{Region, competency, evidence_id, framework, latest, learner, seen};

/// "ana" is at mastery, "ben" is not.
async fn ready() -> Region {
    let region = Region::new().await;
    region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
    region.publish_policy(latest()).await;
    region.record("ana", "NS.INT.1", seen(1, 2, 3)).await;
    region.record("ben", "NS.INT.1", seen(2, 2, 2)).await;
    region.known("ana", "student").await;
    region.known("ben", "student").await;
    region
}

fn request(name: &str, reason: &str) -> wire::AdvanceLearnerRequest {
    wire::AdvanceLearnerRequest {
        learner_id: learner(name).to_string(),
        competency_id: competency("NS.INT.1").to_string(),
        reason: reason.to_owned(),
    }
}

async fn advance(region: &Region, name: &str, reason: &str) -> wire::AdvanceLearnerResponse {
    let reply = region.teacher("ada").advance_learner(request(name, reason)).await;
    let reply = reply.expect("the learner advances").into_inner();
    region.settled().await;
    reply
}

/// The decisions that were told, oldest first.
async fn told(region: &Region) -> Vec<wire::LearnerAdvanced> {
    let feed = region.feed().await;
    let told = feed.iter().filter(|event| event.event_type == "learner_advanced");
    told.map(|event| wire::LearnerAdvanced::decode(&event.payload[..]).expect("one")).collect()
}

#[tokio::test]
async fn the_event_names_decider_ground_and_evidence_and_the_profile_shows_it() {
    let region = ready().await;
    let reply = advance(&region, "ana", "not needed, and not kept").await;
    let told = told(&region).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].decider_id, region.person("ada"));
    assert_eq!(told[0].ground(), AdvancementGround::Mastery);
    assert_eq!(told[0].evidence_ids, [evidence_id(1).to_string()]);
    assert_eq!((told[0].standing(), told[0].value_milli), (Standing::AtMastery, Some(3_000)));
    assert!(told[0].reason.is_none() && told[0].advanced_at.is_some());
    let shown = region.profile("ana").await[0].advancement.clone().expect("an advancement");
    assert_eq!(Some(&shown), reply.advancement.as_ref());
    assert_eq!((shown.decider_id, shown.advanced_at), (region.person("ada"), told[0].advanced_at));
    assert!(region.profile("ben").await[0].advancement.is_none());
}

#[tokio::test]
async fn the_first_decision_stays_though_the_mastery_falls() {
    let region = ready().await;
    let first = advance(&region, "ana", "").await;
    region.record("ana", "NS.INT.1", seen(3, 5, 1)).await;
    region.settled().await;
    let shown = region.profile("ana").await;
    assert_eq!(shown[0].mastery.map(|held| held.level), Some(1));
    assert_eq!(shown[0].advancement, first.advancement);
    let again = advance(&region, "ana", "once more").await;
    assert_eq!((again.repeated, again.advancement), (true, first.advancement));
    let documents = region.documents().await;
    rebuild(&region.lane, Shard(0), Options { workers: 2, batch_size: 1 }).await.expect("rebuilt");
    assert_eq!((region.documents().await, told(&region).await.len()), (documents, 1));
}

#[tokio::test]
async fn without_mastery_it_takes_a_reason_which_is_sealed() {
    let region = ready().await;
    let refused = region.teacher("ada").advance_learner(request("ben", " ")).await;
    let status = refused.expect_err("not mastered");
    assert_eq!(status.code(), Code::FailedPrecondition, "{status}");
    advance(&region, "ben", "Moves to another district").await;
    let told = told(&region).await;
    assert_eq!(told[0].ground(), AdvancementGround::Stated);
    assert!(told[0].reason.is_some() && !told[0].reason_id.is_empty());
    let entry = |role| {
        let mut client = region.client(role, &[learner("ben")]);
        let learner_id = learner("ben").to_string();
        async move {
            let asked = wire::GetProfileRequest { learner_id, ..Default::default() };
            let profile = client.get_profile(asked).await.expect("a profile").into_inner();
            profile.entries[0].advancement.clone().expect("an advancement")
        }
    };
    assert_eq!(entry(Role::Teacher).await.reason, "Moves to another district");
    assert_eq!(entry(Role::Guardian).await.reason, "");
}

#[tokio::test]
async fn an_override_is_a_ground() {
    let region = ready().await;
    let says = wire::OverrideSays { standing: Standing::AtMastery.into(), ..Default::default() };
    let set = wire::SetOverrideRequest {
        request_id: "1".to_owned(),
        learner_id: learner("ben").to_string(),
        competency_id: competency("NS.INT.1").to_string(),
        says: Some(says),
        reason: "Seen in the workshop".to_owned(),
        second_signer: "cora".to_owned(),
        until: Some(prost_types::Timestamp { seconds: 7_258_118_400, nanos: 0 }),
        ..Default::default()
    };
    let id = region.teacher("ada").set_override(set).await.expect("set").into_inner().override_id;
    let confirm = wire::ConfirmOverrideRequest { override_id: id.clone() };
    region.teacher("cora").confirm_override(confirm).await.expect("confirmed");
    region.settled().await;
    let reply = advance(&region, "ben", "").await.advancement.expect("an advancement");
    assert_eq!((reply.ground(), reply.override_id), (AdvancementGround::Override, id));
}

#[tokio::test]
async fn who_may_decide_and_on_what() {
    let region = ready().await;
    for role in [Role::Learner, Role::Guardian, Role::Employer, Role::Integrator] {
        let mut client = region.client(role, &[learner("ana")]);
        let status = client.advance_learner(request("ana", "")).await.expect_err("no decider");
        assert_eq!(status.code(), Code::PermissionDenied);
    }
    let own = learner("ana").to_string();
    let status = region.teacher(&own).advance_learner(request("ana", "")).await;
    assert_eq!(status.expect_err("themselves").code(), Code::PermissionDenied);
    let unknown = wire::AdvanceLearnerRequest {
        competency_id: framework().to_string(),
        ..request("ana", "")
    };
    let status = region.teacher("ada").advance_learner(unknown).await;
    assert_eq!(status.expect_err("no such competency").code(), Code::NotFound);
    let status = region.teacher("ada").advance_learner(request("nobody", "Moves away")).await;
    let status = status.expect_err("no such learner");
    assert_eq!((status.code(), status.message()), (Code::NotFound, "there is no such learner"));
    assert!(told(&region).await.is_empty());
}
