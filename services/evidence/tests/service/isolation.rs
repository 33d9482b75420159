//! What others must not see.

use northstar_chassis::Role;
use northstar_kernel::TenantId;
use northstar_wire::evidence::v1::{
    CorrectEvidenceRequest, EvidenceItem, GetEvidenceRequest, ListEvidenceRequest,
    RetractEvidenceRequest,
};
use tonic::Status;

use crate::region::{
    Region, by, caller, caller_of, evidence_id, item, learner, reason, record, scope, teacher,
};

/// Code, message and reason: all that a caller is told, with the id that was asked for left out.
fn told(status: &Status, id: &str) -> (tonic::Code, String, String) {
    (status.code(), status.message().replace(id, "…"), reason(status))
}

#[tokio::test]
async fn ids_of_another_tenant_are_like_ids_that_do_not_exist() {
    let region = Region::new().await;
    let mut client = region.client();
    client.record_evidence(teacher(record("EV1", item()))).await.expect("recorded");
    region.caught_up().await;
    let stranger = caller_of(TenantId::from_slug("elsewhere"), Role::NetworkAdmin, &[]);
    let (foreign, absent) = (evidence_id("EV1").to_string(), evidence_id("none").to_string());
    let (ana, nobody) = (learner("ana").to_string(), learner("nobody").to_string());
    let mut answers = Vec::new();
    for (evidence_id, learner_id) in [(foreign, ana), (absent, nobody)] {
        let item = EvidenceItem { learner_id: learner_id.clone(), ..item() };
        let get = GetEvidenceRequest { evidence_id: evidence_id.clone() };
        let list = ListEvidenceRequest {
            learner_id: learner_id.clone(),
            ..ListEvidenceRequest::default()
        };
        let correct = CorrectEvidenceRequest {
            request_id: "C".to_owned(),
            evidence_id: evidence_id.clone(),
            item: Some(item.clone()),
        };
        let retract = RetractEvidenceRequest {
            request_id: "R".to_owned(),
            evidence_id: evidence_id.clone(),
            reason: "other".to_owned(),
        };
        answers.push([
            told(&client.get_evidence(by(&stranger, get)).await.unwrap_err(), &evidence_id),
            told(&client.list_evidence(by(&stranger, list)).await.unwrap_err(), &learner_id),
            told(&client.correct_evidence(by(&stranger, correct)).await.unwrap_err(), &evidence_id),
            told(&client.retract_evidence(by(&stranger, retract)).await.unwrap_err(), &evidence_id),
            told(
                &client.record_evidence(by(&stranger, record("EV1", item))).await.unwrap_err(),
                &learner_id,
            ),
        ]);
    }
    assert_eq!(answers[0], answers[1]);
    assert!(answers[0].iter().all(|(code, ..)| *code == tonic::Code::NotFound), "{answers:?}");
}

#[tokio::test]
async fn what_a_learner_may_not_see_is_like_what_does_not_exist() {
    let region = Region::new().await;
    let mut client = region.client();
    client.record_evidence(teacher(record("EV1", item()))).await.expect("recorded");
    for role in [Role::Learner, Role::Guardian] {
        let ben = caller(role, &[learner("ben")]);
        let mut answers = Vec::new();
        for name in ["EV1", "none"] {
            let evidence_id = evidence_id(name).to_string();
            let request = GetEvidenceRequest { evidence_id: evidence_id.clone() };
            let status = client.get_evidence(by(&ben, request)).await.unwrap_err();
            answers.push(told(&status, &evidence_id));
        }
        assert_eq!(answers[0], answers[1]);
    }
    let ana = caller(Role::Guardian, &[learner("ana")]);
    let request = GetEvidenceRequest { evidence_id: evidence_id("EV1").to_string() };
    client.get_evidence(by(&ana, request)).await.expect("her guardian may see it");
}

#[tokio::test]
async fn a_note_is_nowhere_in_the_store() {
    let region = Region::new().await;
    let mut client = region.client();
    let note = "Zebras gallop past the quiet library";
    let noted = EvidenceItem { note: note.to_owned(), ..item() };
    client.record_evidence(teacher(record("EV1", noted))).await.expect("recorded");
    region.caught_up().await;
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(region.folder()).expect("readable") {
        bytes.extend(std::fs::read(file.expect("readable").path()).expect("readable"));
    }
    let holds = |text: &str| bytes.windows(text.len()).any(|run| run == text.as_bytes());
    assert!(holds("classroom"), "what is not personal is there, so the right files were searched");
    assert!(!holds("Zebras") && !holds("library"));
}

#[tokio::test]
async fn a_note_is_gone_with_its_key_and_the_evidence_stays() {
    let region = Region::new().await;
    let mut client = region.client();
    let noted = EvidenceItem { note: "private".to_owned(), ..item() };
    client.record_evidence(teacher(record("EV1", noted))).await.expect("recorded");
    let log = region.evidence.tenant(&scope());
    log.forget(learner("ana").uuid()).await.expect("the key is destroyed");
    let request = GetEvidenceRequest { evidence_id: evidence_id("EV1").to_string() };
    let answer = client.get_evidence(teacher(request)).await.expect("it is there").into_inner();
    let evidence = answer.evidence.expect("it is told");
    assert_eq!(evidence.value_milli, 3_000);
    assert_eq!(evidence.item.map(|item| item.note), Some(String::new()));
}

#[tokio::test]
async fn nobody_unknown_gets_a_key() {
    let region = Region::new().await;
    let mut client = region.client();
    let stranger = EvidenceItem {
        learner_id: learner("nobody").to_string(),
        note: "private".to_owned(),
        ..item()
    };
    let status = client.record_evidence(teacher(record("x", stranger))).await.unwrap_err();
    assert_eq!(reason(&status), "UNKNOWN_LEARNER");
    let log = region.evidence.tenant(&scope());
    let key = log.secret(&format!("subject/{}", learner("nobody"))).await.expect("readable");
    assert!(key.is_none());
}
