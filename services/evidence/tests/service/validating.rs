//! Signing off as a second person.

use northstar_chassis::Role;
use northstar_wire::evidence::v1::{
    CorrectEvidenceRequest, Evidence, EvidenceItem, GetEvidenceRequest, ListEvidenceRequest,
    ValidateEvidenceRequest,
};
use tonic::Code;

use crate::region::{
    Client, Region, by, caller, evidence_id, item, learner, level, reason, record, teacher,
};

fn sign_off(request_id: &str, of: &str) -> ValidateEvidenceRequest {
    let (request_id, evidence_id) = (request_id.to_owned(), evidence_id(of).to_string());
    ValidateEvidenceRequest { request_id, evidence_id }
}

/// Evidence "EV1", judged by the teacher t1.
async fn with_ev1(region: &Region) -> Client {
    let mut client = region.client();
    client.record_evidence(teacher(record("EV1", item()))).await.expect("it is recorded");
    client
}

async fn get(client: &mut Client) -> Evidence {
    let request = GetEvidenceRequest { evidence_id: evidence_id("EV1").to_string() };
    let answer = client.get_evidence(teacher(request)).await.expect("it is there");
    answer.into_inner().evidence.expect("it is there")
}

#[tokio::test]
async fn a_sign_off_is_kept_and_shown() {
    let region = Region::new().await;
    let mut client = with_ev1(&region).await;
    assert_eq!(get(&mut client).await.validator_id, "");
    let validator = caller(Role::Validator, &[]);
    let request = || by(&validator, sign_off("S1", "EV1"));
    let done = client.validate_evidence(request()).await.expect("it is signed").into_inner();
    assert_eq!((done.repeated, done.sequence), (false, 2));
    let again = client.validate_evidence(request()).await.expect("it is answered").into_inner();
    assert!(again.repeated);
    assert_eq!(get(&mut client).await.validator_id, "somebody");
    region.caught_up().await;
    let request =
        ListEvidenceRequest { learner_id: learner("ana").to_string(), ..Default::default() };
    let listed = client.list_evidence(teacher(request)).await.expect("a page").into_inner();
    assert_eq!(listed.evidence[0].validator_id, "somebody");
}

#[tokio::test]
async fn a_correction_takes_the_sign_off_back() {
    let region = Region::new().await;
    let mut client = with_ev1(&region).await;
    client.validate_evidence(teacher(sign_off("S1", "EV1"))).await.expect("it is signed");
    let correction = CorrectEvidenceRequest {
        request_id: "C1".to_owned(),
        evidence_id: evidence_id("EV1").to_string(),
        item: Some(level(1)),
    };
    client.correct_evidence(teacher(correction)).await.expect("it is corrected");
    assert_eq!(get(&mut client).await.validator_id, "");
    let anew = client.validate_evidence(teacher(sign_off("S2", "EV1"))).await;
    assert!(!anew.expect("it is signed").into_inner().repeated);
}

#[tokio::test]
async fn who_may_not_sign_off_is_told_why() {
    let region = Region::new().await;
    let mut client = with_ev1(&region).await;
    let own = EvidenceItem { assessor_id: "somebody".to_owned(), ..item() };
    client.record_evidence(teacher(record("EV2", own))).await.expect("it is recorded");
    let status = client.validate_evidence(teacher(sign_off("S1", "EV2"))).await.unwrap_err();
    assert_eq!((status.code(), reason(&status)), (Code::PermissionDenied, "OWN_JUDGEMENT".into()));
    let status = client.validate_evidence(teacher(sign_off("S2", "none"))).await.unwrap_err();
    assert_eq!((status.code(), reason(&status)), (Code::NotFound, "EVIDENCE_NOT_FOUND".into()));
    for role in [Role::NetworkAdmin, Role::Learner, Role::Integrator, Role::Employer] {
        let request = by(&caller(role, &[learner("ana")]), sign_off("S3", "EV1"));
        let status = client.validate_evidence(request).await.unwrap_err();
        assert_eq!(reason(&status), "ROLE_REQUIRED", "{role}");
    }
}
