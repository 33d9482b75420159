//! Derivations: how what is held came about, for people and for programs.

use northstar_chassis::Role;
use northstar_kernel::Timestamp;
use northstar_wire::mastery::v1 as wire;
use serde_json::{Value, json};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::region::{
    Region, Seen, competency, evidence_id, held, instant, latest, learner, on, policy, seen,
};

fn question(name: &str, code: &str) -> wire::GetDerivationRequest {
    wire::GetDerivationRequest {
        learner_id: learner(name).to_string(),
        competency_id: competency(code).to_string(),
        ..Default::default()
    }
}

async fn ask(
    region: &Region,
    request: wire::GetDerivationRequest,
) -> Result<wire::GetDerivationResponse, Status> {
    region.admin().get_derivation(request).await.map(tonic::Response::into_inner)
}

/// Ana by a decaying average: 2, then 4; her own 4 is left out.
async fn judged() -> Region {
    let region = Region::new().await;
    region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
    let method = r#""name":"decaying_average","newest_weight_percent":50"#;
    let rest = r#","excluded_roles":["self"],"minimum_observations":2,"expires_after_days":100"#;
    region.publish_policy(policy(method, rest)).await;
    region.record("ana", "NS.INT.1", seen(1, 2, 2)).await;
    region.record("ana", "NS.INT.1", seen(2, 3, 3)).await;
    region.record("ana", "NS.INT.1", Seen { role: "self", ..seen(3, 4, 4) }).await;
    region.settled().await;
    region
}

fn then(at: Timestamp, request: wire::GetDerivationRequest) -> wire::GetDerivationRequest {
    wire::GetDerivationRequest { as_of: Some(instant(at)), ..request }
}

#[tokio::test]
async fn a_level_is_explained_for_people_and_for_programs() {
    let region = judged().await;
    let found = ask(&region, then(on(5), question("ana", "NS.INT.1"))).await.expect("a level");
    let entry = found.entry.expect("what is held");
    assert_eq!(held(entry.mastery.as_ref()), (2_500, 2));
    assert_eq!(
        entry.reason,
        "Decaying average (newest 50 %) of 2 judgements, newest 2026-03-03: 2.50, below the \
         threshold 3.00; level 2 of 4. Left out by the policy (self): 1 judgement."
    );
    assert_eq!(found.confidence, "One more observation at level 4 would settle it.");
    assert_eq!(found.settles_at_level, 4);
    assert_eq!(found.next_change_at, Some(instant(on(102))), "when the first judgement expires");
    let json: Value = serde_json::from_str(&found.derivation).expect("JSON");
    assert_eq!(json["exact"], "2500");
    assert_eq!(json["policy_hash"], entry.policy_hash);
    assert_eq!(json["at_micros"], on(5).micros());
    let used = json["used"].as_array().expect("a list");
    let used: Vec<_> = used.iter().map(|seen| (&seen["evidence"], &seen["assessor"])).collect();
    let [first, second] = [1, 2].map(|number| json!(evidence_id(number).to_string()));
    assert_eq!(used, [(&first, &json!("t1")), (&second, &json!("t1"))]);
    assert_eq!(json["used"][0]["kind"], "classroom");
    assert_eq!(json["left_out"][0]["why"], "role_excluded");
}

#[tokio::test]
async fn what_has_expired_since_is_left_out_now() {
    let region = judged().await;
    let found = ask(&region, then(on(102), question("ana", "NS.INT.1"))).await.expect("a level");
    let entry = found.entry.expect("what is held");
    assert_eq!(entry.evidence_ids, [evidence_id(2).to_string()]);
    assert_eq!(held(entry.mastery.as_ref()), (0, 0), "one of two needed");
    assert_eq!(found.next_change_at, Some(instant(on(103))));
}

#[tokio::test]
async fn without_a_policy_there_is_a_sentence_and_no_derivation() {
    let region = Region::new().await;
    region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
    region.record("ana", "NS.INT.1", seen(1, 2, 3)).await;
    region.settled().await;
    let found = ask(&region, question("ana", "NS.INT.1")).await.expect("a level");
    assert_eq!((&*found.derivation, &*found.confidence), ("", ""));
    let reason = found.entry.expect("an entry").reason;
    assert_eq!(reason, "1 judgement, but no policy is published for the framework yet.");
}

#[tokio::test]
async fn what_is_not_there_or_not_yet_is_not_found() {
    let region = judged().await;
    let early = then(on(1), question("ana", "NS.INT.1"));
    let named = wire::GetDerivationRequest {
        policy_name: "trial".to_owned(),
        ..question("ana", "NS.INT.1")
    };
    for request in [question("ben", "NS.INT.1"), question("ana", "NS.ADP.1"), early, named] {
        let status = ask(&region, request).await.expect_err("nothing there");
        assert_eq!(status.code(), Code::NotFound);
        let reason = status.get_error_details().error_info().map(|info| info.reason.clone());
        assert_eq!(reason.as_deref(), Some("LEVEL_NOT_FOUND"));
    }
}

#[tokio::test]
async fn each_policy_side_by_side_has_its_own_derivation() {
    let region = judged().await;
    let strict = latest().replace("3000", r#"4000,"name":"strict""#);
    region.publish_policy(strict).await;
    region.settled().await;
    let request = wire::GetDerivationRequest {
        policy_name: "strict".to_owned(),
        ..question("ana", "NS.INT.1")
    };
    let found = ask(&region, request).await.expect("a level");
    let entry = found.entry.expect("what is held");
    assert_eq!((&*entry.policy_name, held(entry.mastery.as_ref())), ("strict", (4_000, 4)));
    assert_eq!(found.next_change_at, None);
}

#[tokio::test]
async fn only_those_a_token_names_may_be_asked_about() {
    let region = judged().await;
    let mut guardian = region.client(Role::Guardian, &[learner("ana")]);
    assert!(guardian.get_derivation(question("ana", "NS.INT.1")).await.is_ok());
    let refused = guardian.get_derivation(question("ben", "NS.INT.1")).await.expect_err("no");
    assert_eq!(refused.code(), Code::PermissionDenied);
    for (learner_id, competency_id) in [("ana", "NS.INT.1"), (&*learner("ana").to_string(), "1")] {
        let bad = wire::GetDerivationRequest {
            learner_id: learner_id.to_owned(),
            competency_id: competency_id.to_owned(),
            ..Default::default()
        };
        assert_eq!(ask(&region, bad).await.expect_err("no UUID").code(), Code::InvalidArgument);
    }
}
