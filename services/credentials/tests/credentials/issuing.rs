//! Asking for what is earned.

use northstar_chassis::Role;
use northstar_kernel::{AchievementId, LearnerId, TenantId};
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::CredentialStatus;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService as _;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::region::{FRONT_RANGE, Region, achievement, by, caller, competency, learner};

const RES: &str = "responsibility";

/// Id of the achievement with this key.
pub(crate) fn id_of(key: &str) -> AchievementId {
    AchievementId::derive(TenantId::from_slug(FRONT_RANGE), key)
}

pub(crate) async fn issue(
    region: &Region,
    role: Role,
    learner: LearnerId,
    key: &str,
) -> Result<wire::IssueCredentialResponse, Status> {
    let caller = caller(FRONT_RANGE, role, &[]);
    let request = wire::IssueCredentialRequest {
        learner_id: learner.to_string(),
        achievement_id: id_of(key).to_string(),
        reason: "It was hers after all.".into(),
    };
    let answer = region.api.issue_credential(by(&caller, request)).await?.into_inner();
    region.settled().await;
    Ok(answer)
}

pub(crate) fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

/// What is missing, as it is told.
pub(crate) fn missing(status: &Status) -> Vec<String> {
    let details = status.get_details_bad_request();
    let violations = details.map(|details| details.field_violations).unwrap_or_default();
    violations.into_iter().map(|violation| violation.description).collect()
}

async fn revoke(region: &Region, credential_id: &str) {
    let admin = caller(FRONT_RANGE, Role::NetworkAdmin, &[]);
    let (credential_id, reason) = (credential_id.to_owned(), "Another pupil's work.".into());
    let request = wire::RevokeCredentialRequest { credential_id, reason };
    region.api.revoke_credential(by(&admin, request)).await.expect("allowed");
    region.settled().await;
}

#[tokio::test]
async fn what_a_person_ended_is_issued_anew_when_a_person_asks() {
    let region = Region::running().await;
    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    region.mastery(learner("s1"), RES, 3, true).await;
    region.settled().await;
    let first = region.credentials_of(learner("s1")).await.remove(0);
    let known = issue(&region, Role::NetworkAdmin, learner("s1"), "res-3").await.expect("earned");
    assert_eq!((known.credential_id.as_str(), known.requested), (&*first.credential_id, false));

    revoke(&region, &first.credential_id).await;
    let asked = issue(&region, Role::DistrictAdmin, learner("s1"), "res-3").await.expect("earned");
    assert!(asked.requested && asked.credential_id != first.credential_id);
    let again = issue(&region, Role::NetworkAdmin, learner("s1"), "res-3").await.expect("earned");
    assert_eq!((&again.credential_id, again.requested), (&asked.credential_id, false));
    let all = region.credentials_of(learner("s1")).await;
    let anew =
        all.iter().find(|one| one.credential_id == asked.credential_id).expect("it is there");
    assert_eq!((all.len(), anew.status()), (2, CredentialStatus::Issued));
    assert_ne!(anew.place, first.place);
    assert_eq!(region.failed_check(&anew.compact_jws).await, None);
    let names = region.event_types().await;
    let count = |wanted: &str| names.iter().filter(|name| *name == wanted).count();
    assert_eq!((count("credential_requested"), count("credential_issued")), (1, 2));

    let teacher = caller(FRONT_RANGE, Role::Teacher, &[]);
    let request = wire::ExplainCredentialRequest { credential_id: asked.credential_id };
    let told = region.api.explain_credential(by(&teacher, request)).await.expect("it is told");
    let steps = told.into_inner().steps;
    let whats: Vec<_> = steps.iter().map(|step| step.what.as_str()).collect();
    assert_eq!(whats, ["credential_requested", "credential_issued"]);
    assert_eq!(steps[0].reason, "It was hers after all.");
}

#[tokio::test]
async fn what_is_not_earned_is_refused_with_what_is_missing() {
    let region = Region::running().await;
    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    region.mastery(learner("s1"), RES, 2, true).await;
    region.settled().await;
    let refused = issue(&region, Role::NetworkAdmin, learner("s1"), "res-3").await;
    let refused = refused.expect_err("level 2 is not 3");
    assert_eq!((refused.code(), reason(&refused)), refusal("CREDENTIAL_NOT_EARNED"));
    let wanted = format!("needs mastery of competency {} at level 3", competency(RES));
    assert_eq!(missing(&refused), [format!("{wanted}; it is held at level 2")]);
    let refused = issue(&region, Role::NetworkAdmin, learner("nobody"), "res-3").await;
    assert_eq!(missing(&refused.expect_err("unknown")), [format!("{wanted}; none is held")]);
    let refused = issue(&region, Role::NetworkAdmin, learner("s1"), "unknown").await;
    assert_eq!(reason(&refused.expect_err("unknown")), "ACHIEVEMENT_NOT_FOUND");
    for role in [Role::Teacher, Role::Validator, Role::Learner, Role::Integrator, Role::Service] {
        let refused = issue(&region, role, learner("s1"), "res-3").await;
        assert_eq!(reason(&refused.expect_err("forbidden")), "ROLE_REQUIRED", "{role:?}");
    }
    assert!(region.credentials_of(learner("s1")).await.is_empty());
}

fn refusal(reason: &str) -> (Code, String) {
    (Code::FailedPrecondition, reason.to_owned())
}
