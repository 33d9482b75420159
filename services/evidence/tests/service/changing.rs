//! Correcting and withdrawing.

use northstar_chassis::Role;
use northstar_wire::evidence::v1::{
    CorrectEvidenceRequest, CorrectEvidenceResponse, Evidence, EvidenceItem, GetEvidenceRequest,
    RetractEvidenceRequest,
};
use tonic::{Code, Status};

use crate::region::{
    Client, Region, by, caller, competency, evidence_id, item, learner, level, reason, record,
    teacher,
};

fn correction(request_id: &str, of: &str, item: EvidenceItem) -> CorrectEvidenceRequest {
    CorrectEvidenceRequest {
        request_id: request_id.to_owned(),
        evidence_id: evidence_id(of).to_string(),
        item: Some(item),
    }
}

fn retraction(request_id: &str, of: &str, reason: &str) -> RetractEvidenceRequest {
    RetractEvidenceRequest {
        request_id: request_id.to_owned(),
        evidence_id: evidence_id(of).to_string(),
        reason: reason.to_owned(),
    }
}

async fn correct(
    client: &mut Client,
    request: CorrectEvidenceRequest,
) -> Result<CorrectEvidenceResponse, Status> {
    Ok(client.correct_evidence(teacher(request)).await?.into_inner())
}

async fn get(client: &mut Client, of: &str) -> Evidence {
    let request = GetEvidenceRequest { evidence_id: evidence_id(of).to_string() };
    let answer = client.get_evidence(teacher(request)).await.expect("it is there").into_inner();
    answer.evidence.expect("it is told")
}

async fn with_ev1(region: &Region) -> Client {
    let mut client = region.client();
    client.record_evidence(teacher(record("EV1", item()))).await.expect("it is recorded");
    client
}

#[tokio::test]
async fn a_correction_stands_in_place_of_what_was_said() {
    let region = Region::new().await;
    let mut client = with_ev1(&region).await;
    let noted = EvidenceItem { note: "I misread".to_owned(), ..level(1) };
    let done = correct(&mut client, correction("C1", "EV1", noted)).await.expect("it is corrected");
    assert_eq!((done.repeated, done.sequence), (false, 2));
    let evidence = get(&mut client, "EV1").await;
    assert_eq!((evidence.value_milli, evidence.corrections), (1_000, 1));
    assert_eq!(evidence.item.map(|item| item.note), Some("I misread".to_owned()));
}

#[tokio::test]
async fn a_repeated_correction_counts_once_even_after_others() {
    let region = Region::new().await;
    let mut client = with_ev1(&region).await;
    let first = || correction("C1", "EV1", level(1));
    correct(&mut client, first()).await.expect("it is corrected");
    correct(&mut client, correction("C2", "EV1", level(2))).await.expect("it is corrected");
    let again = correct(&mut client, first()).await.expect("it is answered");
    assert_eq!((again.repeated, again.sequence), (true, 2));
    assert_eq!(get(&mut client, "EV1").await.value_milli, 2_000);
    let other = correct(&mut client, correction("C1", "EV1", level(4))).await.unwrap_err();
    assert_eq!(reason(&other), "REQUEST_ID_REUSED");
}

#[tokio::test]
async fn a_repeated_correction_is_answered_after_a_retraction() {
    let region = Region::new().await;
    let mut client = with_ev1(&region).await;
    let first = || correction("C1", "EV1", level(1));
    correct(&mut client, first()).await.expect("it is corrected");
    let request = || teacher(retraction("R1", "EV1", "duplicate"));
    let done = client.retract_evidence(request()).await.expect("it is withdrawn").into_inner();
    assert_eq!((done.repeated, done.sequence), (false, 3));
    assert!(correct(&mut client, first()).await.expect("it is answered").repeated);
    let again = client.retract_evidence(request()).await.expect("it is answered").into_inner();
    assert_eq!((again.repeated, again.sequence), (true, 3));
    let new = correct(&mut client, correction("C2", "EV1", level(2))).await.unwrap_err();
    assert_eq!((new.code(), reason(&new)), (Code::FailedPrecondition, "EVIDENCE_RETRACTED".into()));
    let evidence = get(&mut client, "EV1").await;
    assert!(evidence.retracted && evidence.value_milli == 1_000);
}

#[tokio::test]
async fn a_request_id_is_for_one_thing_only() {
    let region = Region::new().await;
    let mut client = with_ev1(&region).await;
    let status = correct(&mut client, correction("EV1", "EV1", level(1))).await.unwrap_err();
    assert_eq!(reason(&status), "REQUEST_ID_REUSED");
    correct(&mut client, correction("C1", "EV1", level(1))).await.expect("it is corrected");
    let status = client.record_evidence(teacher(record("C1", item()))).await.unwrap_err();
    assert_eq!(reason(&status), "REQUEST_ID_REUSED");
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    let region = Region::new().await;
    let mut client = with_ev1(&region).await;
    let of_ben = EvidenceItem { learner_id: learner("ben").to_string(), ..item() };
    let other = EvidenceItem { competency_id: competency("teamwork").to_string(), ..item() };
    for (request, wanted) in [
        (correction("a", "EV1", of_ben), "LEARNER_MISMATCH"),
        (correction("b", "EV1", other), "COMPETENCY_MISMATCH"),
        (correction("c", "EV1", level(7)), "UNKNOWN_LEVEL"),
        (correction("d", "none", item()), "EVIDENCE_NOT_FOUND"),
    ] {
        let status = correct(&mut client, request).await.unwrap_err();
        assert_eq!(reason(&status), wanted);
    }
    let status = client.retract_evidence(teacher(retraction("e", "EV1", "typo"))).await;
    assert_eq!(reason(&status.unwrap_err()), "UNKNOWN_RETRACTION_REASON");
    let status = client.retract_evidence(teacher(retraction("f", "none", "invalid"))).await;
    assert_eq!(reason(&status.unwrap_err()), "EVIDENCE_NOT_FOUND");
}

#[tokio::test]
async fn corrections_at_the_same_moment_all_count() {
    let region = Region::new().await;
    let mut client = with_ev1(&region).await;
    let corrections = (0..6).map(|number| {
        let mut client = client.clone();
        async move { correct(&mut client, correction(&format!("C{number}"), "EV1", level(2))).await }
    });
    for done in futures::future::join_all(corrections).await {
        assert!(!done.expect("it is corrected").repeated);
    }
    assert_eq!(get(&mut client, "EV1").await.corrections, 6);
}

#[tokio::test]
async fn learners_change_what_they_said_of_themselves_and_nothing_else() {
    let region = Region::new().await;
    let mut client = with_ev1(&region).await;
    let ana = caller(Role::Learner, &[learner("ana")]);
    let own = |level: u32| EvidenceItem {
        assessor_id: String::new(),
        assessor_role: "self".to_owned(),
        ..crate::region::level(level)
    };
    client.record_evidence(by(&ana, record("own", own(3)))).await.expect("it is her own");
    let request = by(&ana, correction("C1", "own", own(2)));
    client.correct_evidence(request).await.expect("it is her own");
    let status = client.correct_evidence(by(&ana, correction("C2", "EV1", own(4)))).await;
    assert_eq!(reason(&status.unwrap_err()), "SELF_EVIDENCE_ONLY");
    let status = client.retract_evidence(by(&ana, retraction("R1", "EV1", "other"))).await;
    assert_eq!(reason(&status.unwrap_err()), "SELF_EVIDENCE_ONLY");
    let ben = caller(Role::Learner, &[learner("ben")]);
    let status = client.retract_evidence(by(&ben, retraction("R2", "own", "other"))).await;
    assert_eq!(reason(&status.unwrap_err()), "EVIDENCE_NOT_FOUND");
}
