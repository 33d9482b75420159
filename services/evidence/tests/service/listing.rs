//! A learner's evidence, page by page.

use northstar_chassis::Role;
use northstar_wire::evidence::v1::{
    CorrectEvidenceRequest, EvidenceItem, ListEvidenceRequest, RetractEvidenceRequest,
};
use tonic::Code;

use crate::region::{
    Client, Region, at, by, caller, competency, evidence_id, item, learner, reason, record, teacher,
};

fn list(name: &str) -> ListEvidenceRequest {
    ListEvidenceRequest { learner_id: learner(name).to_string(), ..ListEvidenceRequest::default() }
}

fn seen_at(seconds: i64) -> EvidenceItem {
    EvidenceItem { observed_at: Some(at(seconds)), ..item() }
}

/// Ids of all pages of a listing, page by page.
async fn pages(client: &mut Client, request: ListEvidenceRequest) -> Vec<Vec<String>> {
    let (mut pages, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListEvidenceRequest { page_token, ..request.clone() };
        let page = client.list_evidence(teacher(request)).await.expect("listed").into_inner();
        pages.push(page.evidence.iter().map(|it| it.evidence_id.clone()).collect());
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return pages;
        }
    }
}

fn ids<const N: usize>(names: [&str; N]) -> Vec<String> {
    names.map(|name| evidence_id(name).to_string()).to_vec()
}

#[tokio::test]
async fn evidence_is_listed_by_observed_time_whenever_it_came() {
    let region = Region::new().await;
    let mut client = region.client();
    for (name, seconds) in [("c", 300), ("a", -100), ("b", 200), ("d", 400)] {
        client.record_evidence(teacher(record(name, seen_at(seconds)))).await.expect("recorded");
    }
    region.caught_up().await;
    assert_eq!(pages(&mut client, list("ana")).await, [ids(["a", "b", "c", "d"])]);
    let by_two = ListEvidenceRequest { page_size: 2, ..list("ana") };
    assert_eq!(pages(&mut client, by_two).await, [ids(["a", "b"]), ids(["c", "d"])]);
    let by_three = ListEvidenceRequest { page_size: 3, ..list("ana") };
    assert_eq!(pages(&mut client, by_three).await, [ids(["a", "b", "c"]), ids(["d"])]);
}

#[tokio::test]
async fn a_corrected_time_moves_the_evidence() {
    let region = Region::new().await;
    let mut client = region.client();
    for (name, seconds) in [("a", 100), ("b", 200)] {
        client.record_evidence(teacher(record(name, seen_at(seconds)))).await.expect("recorded");
    }
    let correction = CorrectEvidenceRequest {
        request_id: "C".to_owned(),
        evidence_id: evidence_id("a").to_string(),
        item: Some(seen_at(300)),
    };
    client.correct_evidence(teacher(correction)).await.expect("corrected");
    region.caught_up().await;
    assert_eq!(pages(&mut client, list("ana")).await, [ids(["b", "a"])]);
}

#[tokio::test]
async fn withdrawn_evidence_is_listed_as_withdrawn_and_notes_are_not_told() {
    let region = Region::new().await;
    let mut client = region.client();
    let noted = EvidenceItem { note: "private".to_owned(), ..item() };
    client.record_evidence(teacher(record("a", noted))).await.expect("recorded");
    let retraction = RetractEvidenceRequest {
        request_id: "R".to_owned(),
        evidence_id: evidence_id("a").to_string(),
        reason: "invalid".to_owned(),
    };
    client.retract_evidence(teacher(retraction)).await.expect("withdrawn");
    region.caught_up().await;
    let page = client.list_evidence(teacher(list("ana"))).await.expect("listed").into_inner();
    let [evidence] = page.evidence.as_slice() else { panic!("one: {page:?}") };
    assert!(evidence.retracted);
    assert_eq!(evidence.item.as_ref().map(|item| item.note.as_str()), Some(""));
}

#[tokio::test]
async fn a_page_of_one_competency_is_full_however_rare_it_is() {
    let region = Region::new().await;
    let mut client = region.client();
    for number in 0..40_i64 {
        let rare = number % 10 == 9;
        let name = if rare { "teamwork" } else { "resilience" };
        let item = EvidenceItem { competency_id: competency(name).to_string(), ..seen_at(number) };
        let request = teacher(record(&format!("E{number}"), item));
        client.record_evidence(request).await.expect("recorded");
    }
    region.caught_up().await;
    let rare = ListEvidenceRequest {
        competency_id: competency("teamwork").to_string(),
        page_size: 3,
        ..list("ana")
    };
    assert_eq!(pages(&mut client, rare).await, [ids(["E9", "E19", "E29"]), ids(["E39"])]);
}

#[tokio::test]
async fn a_known_learner_without_evidence_has_an_empty_list() {
    let region = Region::new().await;
    let mut client = region.client();
    assert_eq!(pages(&mut client, list("ben")).await, [Vec::<String>::new()]);
    let status = client.list_evidence(teacher(list("nobody"))).await.unwrap_err();
    assert_eq!((status.code(), reason(&status)), (Code::NotFound, "UNKNOWN_LEARNER".to_owned()));
    let bad = ListEvidenceRequest { page_token: "x".to_owned(), ..list("ana") };
    let status = client.list_evidence(teacher(bad)).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn guardians_and_learners_see_whom_their_token_names() {
    let region = Region::new().await;
    let mut client = region.client();
    for role in [Role::Guardian, Role::Learner] {
        let caller = caller(role, &[learner("ana")]);
        client.list_evidence(by(&caller, list("ana"))).await.expect("she may be seen");
        let ben = client.list_evidence(by(&caller, list("ben"))).await.unwrap_err();
        let nobody = client.list_evidence(by(&caller, list("nobody"))).await.unwrap_err();
        assert_eq!((ben.code(), reason(&ben)), (nobody.code(), reason(&nobody)));
        assert_eq!(ben.code(), Code::PermissionDenied);
    }
}
