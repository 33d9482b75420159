//! Recording, one call at a time.

use northstar_chassis::Role;
use northstar_wire::evidence::v1::evidence_item::Judgement;
use northstar_wire::evidence::v1::{EvidenceItem, GetEvidenceRequest};
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::region::{
    Client, Region, by, caller, competency, criterion, evidence_id, item, learner, level, levels,
    reason, record, teacher,
};

async fn refused(client: &mut Client, item: EvidenceItem) -> (Code, String, String) {
    let request = teacher(record("refused", item));
    let status = client.record_evidence(request).await.expect_err("it must be refused");
    let details = status.get_details_bad_request();
    let field = details.and_then(|bad| bad.field_violations.first().map(|it| it.field.clone()));
    (status.code(), reason(&status), field.unwrap_or_default())
}

#[tokio::test]
async fn what_is_recorded_can_be_had_at_once() {
    let region = Region::new().await;
    let mut client = region.client();
    let noted = EvidenceItem { note: "kept trying".to_owned(), ..item() };
    let done = client.record_evidence(teacher(record("EV1", noted.clone()))).await;
    let done = done.expect("it is recorded").into_inner();
    assert_eq!(done.evidence_id, evidence_id("EV1").to_string());
    assert_eq!((done.repeated, done.sequence), (false, 1));
    let request = GetEvidenceRequest { evidence_id: done.evidence_id.clone() };
    let evidence = client.get_evidence(teacher(request)).await.expect("it is there").into_inner();
    let evidence = evidence.evidence.expect("it is told");
    assert_eq!(evidence.evidence_id, done.evidence_id);
    assert_eq!((evidence.value_milli, evidence.corrections, evidence.retracted), (3_000, 0, false));
    let told = Some(Judgement::Score("3".to_owned()));
    assert_eq!(evidence.item, Some(EvidenceItem { judgement: told, ..noted }));
}

#[tokio::test]
async fn the_same_request_again_gets_the_first_answer() {
    let region = Region::new().await;
    let mut client = region.client();
    let noted = EvidenceItem { note: "kept trying".to_owned(), ..item() };
    for repeated in [false, true, true] {
        let done = client.record_evidence(teacher(record("EV1", noted.clone()))).await;
        let done = done.expect("it is answered").into_inner();
        assert_eq!((done.repeated, done.sequence), (repeated, 1));
    }
}

#[tokio::test]
async fn the_same_request_with_another_item_is_refused() {
    let region = Region::new().await;
    let mut client = region.client();
    client.record_evidence(teacher(record("EV1", item()))).await.expect("it is recorded");
    let others = [
        level(4),
        EvidenceItem { note: "x".to_owned(), ..item() },
        EvidenceItem { learner_id: learner("ben").to_string(), ..item() },
        EvidenceItem { judgement: Some(Judgement::Score("3".to_owned())), ..item() },
    ];
    for other in others {
        let status = client.record_evidence(teacher(record("EV1", other))).await.unwrap_err();
        assert_eq!(
            (status.code(), reason(&status)),
            (Code::AlreadyExists, "REQUEST_ID_REUSED".into())
        );
    }
}

#[tokio::test]
async fn a_repeated_request_is_answered_though_the_learner_has_left() {
    let region = Region::new().await;
    let noted = EvidenceItem { note: "kept trying".to_owned(), ..item() };
    let request = || teacher(record("EV1", noted.clone()));
    region.client().record_evidence(request()).await.expect("it is recorded");
    region.person("ana", &["teacher"]).await;
    region.caught_up().await;
    // A client of its own service, which believes nothing of before.
    let mut client = region.client();
    let again = client.record_evidence(request()).await.expect("it was answered before");
    assert!(again.into_inner().repeated);
    let new = client.record_evidence(teacher(record("EV2", noted.clone()))).await;
    assert_eq!(reason(&new.unwrap_err()), "UNKNOWN_LEARNER");
    let other = client.record_evidence(teacher(record("EV1", level(1)))).await;
    assert_eq!(reason(&other.unwrap_err()), "REQUEST_ID_REUSED");
}

#[tokio::test]
async fn what_is_unknown_is_named() {
    let region = Region::new().await;
    let mut client = region.client();
    let stranger = EvidenceItem { learner_id: learner("t1").to_string(), ..item() };
    let unknown = EvidenceItem { competency_id: competency("juggling").to_string(), ..item() };
    let no_criterion = EvidenceItem { criterion_id: criterion("none").to_string(), ..item() };
    let not_found =
        |reason: &str, field: &str| (Code::NotFound, reason.to_owned(), field.to_owned());
    assert_eq!(
        refused(&mut client, stranger).await,
        not_found("UNKNOWN_LEARNER", "item.learner_id")
    );
    assert_eq!(
        refused(&mut client, unknown).await,
        not_found("UNKNOWN_COMPETENCY", "item.competency_id")
    );
    assert_eq!(
        refused(&mut client, no_criterion).await,
        not_found("UNKNOWN_CRITERION", "item.criterion_id")
    );
    let status = client.record_evidence(teacher(record("x", level(9)))).await.unwrap_err();
    assert_eq!(
        (status.code(), reason(&status)),
        (Code::InvalidArgument, "UNKNOWN_LEVEL".to_owned())
    );
    assert!(status.message().contains("1 Beginning, 2 Developing, 3 Proficient, 4 Advanced"));
}

#[tokio::test]
async fn what_cannot_be_read_is_named() {
    let region = Region::new().await;
    let mut client = region.client();
    let score = |text: &str| Some(Judgement::Score(text.to_owned()));
    let cases = [
        (EvidenceItem { learner_id: "ana".to_owned(), ..item() }, "item.learner_id"),
        (EvidenceItem { competency_id: String::new(), ..item() }, "item.competency_id"),
        (EvidenceItem { criterion_id: "x".to_owned(), ..item() }, "item.criterion_id"),
        (EvidenceItem { judgement: None, ..item() }, "item.judgement"),
        (EvidenceItem { judgement: score("high"), ..item() }, "item.score"),
        (EvidenceItem { judgement: score("2.0001"), ..item() }, "item.score"),
        (EvidenceItem { judgement: score("7"), ..item() }, "item.score"),
        (EvidenceItem { assessor_role: "boss".to_owned(), ..item() }, "item.assessor_role"),
        (EvidenceItem { assessor_id: String::new(), ..item() }, "item.assessor_id"),
        (EvidenceItem { observed_at: None, ..item() }, "item.observed_at"),
        (EvidenceItem { kind: "x".repeat(101), ..item() }, "item.kind"),
        (EvidenceItem { note: "x".repeat(4_001), ..item() }, "item.note"),
    ];
    for (item, field) in cases {
        let (code, _, named) = refused(&mut client, item).await;
        assert_eq!((code, named.as_str()), (Code::InvalidArgument, field));
    }
    let status = client.record_evidence(teacher(record("", item()))).await.unwrap_err();
    assert_eq!(reason(&status), "REQUEST_ID_MISSING");
}

#[tokio::test]
async fn what_was_unknown_is_accepted_as_soon_as_it_is_known() {
    let region = Region::new().await;
    let mut client = region.client();
    let item = EvidenceItem {
        competency_id: competency("juggling").to_string(),
        criterion_id: criterion("three-balls").to_string(),
        ..item()
    };
    assert_eq!(refused(&mut client, item.clone()).await.1, "UNKNOWN_COMPETENCY");
    region.competency("juggling", levels()).await;
    region.rubric("juggling", &[("three-balls", "juggling")]).await;
    region.caught_up().await;
    let done = client.record_evidence(teacher(record("refused", item))).await;
    assert!(!done.expect("it is known now").into_inner().repeated);
}

#[tokio::test]
async fn learners_speak_for_themselves_as_themselves() {
    let region = Region::new().await;
    let mut client = region.client();
    let ana = caller(Role::Learner, &[learner("ana")]);
    let own = EvidenceItem {
        assessor_id: learner("ana").to_string(),
        assessor_role: "self".to_owned(),
        ..item()
    };
    client.record_evidence(by(&ana, record("own", own.clone()))).await.expect("it is her own");
    let of_ben = EvidenceItem {
        learner_id: learner("ben").to_string(),
        assessor_id: learner("ben").to_string(),
        ..own.clone()
    };
    for (other, wanted) in [
        (item(), "SELF_EVIDENCE_ONLY"),
        (of_ben, "SELF_EVIDENCE_ONLY"),
        (EvidenceItem { assessor_id: learner("ben").to_string(), ..own }, "ASSESSOR_MISMATCH"),
    ] {
        let status = client.record_evidence(by(&ana, record("x", other))).await.unwrap_err();
        assert_eq!(reason(&status), wanted);
    }
}

#[tokio::test]
async fn who_may_not_write_is_told_so() {
    let region = Region::new().await;
    let mut client = region.client();
    for role in [Role::Guardian, Role::PlatformOperator, Role::Service] {
        let caller = caller(role, &[learner("ana")]);
        let status = client.record_evidence(by(&caller, record("x", item()))).await.unwrap_err();
        assert_eq!(
            (status.code(), reason(&status)),
            (Code::PermissionDenied, "ROLE_REQUIRED".to_owned())
        );
    }
    let status = client.record_evidence(record("x", item())).await.unwrap_err();
    assert_eq!(status.code(), Code::Unauthenticated);
}
