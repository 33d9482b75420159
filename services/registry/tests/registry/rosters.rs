//! Importing rosters and reading learners.

use std::path::Path;

use northstar_chassis::Role;
use northstar_wire::registry::v1::{
    GetLearnerRequest, ImportRosterRequest, Learner, ListLearnersRequest,
};
use tonic::Code;

use crate::region::{Region, Set, counts, learner, problems, roster, set, tenant};

async fn ask(region: &Region, role: Role, source_id: &str) -> Result<Learner, tonic::Status> {
    let id = learner(source_id);
    let request = GetLearnerRequest { learner_id: id.to_string() };
    let mut caller = region.caller(Some(tenant()), &[role], &[learner("ada")]);
    let response = caller.get_learner(request).await?;
    Ok(response.into_inner().learner.expect("a learner"))
}

fn sum(report: &northstar_wire::registry::v1::ImportReport) -> (u64, u64) {
    let changed = report.counts.iter().map(|count| count.changed).sum();
    (changed, report.counts.iter().map(|count| count.unchanged).sum())
}

#[tokio::test]
async fn a_set_is_imported_once() {
    let region = Region::new();
    let said = region.import_set(roster("v1p1")).await;
    let last = said.last().unwrap();
    assert_eq!((last.rows_done, last.rows_total), (10, 10));
    let report = last.report.clone().unwrap();
    assert_eq!(problems(&report), []);
    let expected = [
        ("organizations", 3, 0, 0, 0),
        ("people", 3, 0, 0, 0),
        ("classes", 1, 0, 0, 0),
        ("enrollments", 3, 0, 0, 0),
    ];
    assert_eq!(counts(&report), expected);
    assert_eq!(report.position, 10);
    let again = region.report_of(roster("v1p1")).await;
    assert_eq!(sum(&again), (0, 10));
    assert_eq!(again.position, 10);
    assert_eq!(region.event_types().await.len(), 10);
}

#[tokio::test]
async fn two_imports_at_the_same_time_make_each_event_once() {
    let region = Region::new();
    let (a, b) = tokio::join!(region.report_of(roster("v1p1")), region.report_of(roster("v1p1")));
    assert_eq!((problems(&a), problems(&b)), (vec![], vec![]));
    assert_eq!(sum(&a).0 + sum(&b).0, 10);
    assert_eq!(region.event_types().await.len(), 10);
}

#[tokio::test]
async fn names_are_shown_to_those_who_may_know_them() {
    let region = Region::new();
    region.report_of(roster("v1p1")).await;
    region.settled().await;
    for role in [Role::Teacher, Role::DistrictAdmin, Role::NetworkAdmin, Role::Learner] {
        let ada = ask(&region, role, "ada").await.unwrap();
        assert_eq!(
            (ada.given_name.as_str(), ada.family_name.as_str()),
            ("Ada", "Example"),
            "{role}"
        );
        assert_eq!((ada.source_id.as_str(), ada.grades.join(" ")), ("ada", "09 10".into()));
    }
    for role in [Role::Integrator, Role::Employer, Role::Validator, Role::PlatformOperator] {
        let ada = ask(&region, role, "ada").await.unwrap();
        assert_eq!((ada.given_name.as_str(), ada.family_name.as_str()), ("", ""), "{role}");
        assert_eq!(ada.organization_ids.len(), 1);
    }
    let denied = ask(&region, Role::Guardian, "cleo").await.unwrap_err();
    assert_eq!(denied.code(), Code::PermissionDenied);
}

#[tokio::test]
async fn a_teacher_is_no_learner_and_nobody_is_somebody() {
    let region = Region::new();
    region.report_of(roster("v1p1")).await;
    region.settled().await;
    let teacher = ask(&region, Role::Teacher, "ben").await.unwrap_err();
    let nobody = ask(&region, Role::Teacher, "nobody").await.unwrap_err();
    assert_eq!(teacher.code(), Code::NotFound);
    assert_eq!((teacher.code(), teacher.message()), (nobody.code(), nobody.message()));
    let malformed = GetLearnerRequest { learner_id: "ada".into() };
    let refused = region.someone(Role::Teacher).get_learner(malformed).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn learners_are_listed_page_by_page() {
    let region = Region::new();
    region.report_of(roster("v1p1")).await;
    region.settled().await;
    let mut teacher = region.someone(Role::Teacher);
    let (mut token, mut found) = (String::new(), Vec::new());
    loop {
        let request = ListLearnersRequest { page_size: 1, page_token: token };
        let page = teacher.list_learners(request).await.unwrap().into_inner();
        assert_eq!(page.learners.len(), 1);
        found.extend(page.learners.into_iter().map(|learner| learner.given_name));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    found.sort();
    assert_eq!(found, ["Ada", "Cleo"]);
    let request = ListLearnersRequest { page_size: 0, page_token: "?".into() };
    assert_eq!(teacher.list_learners(request).await.unwrap_err().code(), Code::InvalidArgument);
    let request = ListLearnersRequest::default();
    let denied = region.someone(Role::Guardian).list_learners(request).await.unwrap_err();
    assert_eq!(denied.code(), Code::PermissionDenied);
}

#[tokio::test]
async fn a_1_2_set_and_its_delta() {
    let region = Region::new();
    let report = region.report_of(roster("v1p2")).await;
    assert_eq!(problems(&report), [("roles.csv", 6, "", "PERSON_UNKNOWN")]);
    assert_eq!(counts(&report)[1], ("people", 3, 0, 0, 1));

    let report = region.report_of(roster("v1p2-delta")).await;
    let expected = [
        ("enrollments.csv", 3, "userSourcedId", "DANGLING_REFERENCE"),
        ("roles.csv", 3, "status", "ROLE_REMOVAL_NEEDS_BULK"),
    ];
    assert_eq!(problems(&report), expected);
    assert_eq!(counts(&report)[1], ("people", 2, 0, 1, 1));
    assert_eq!(counts(&report)[3], ("enrollments", 0, 0, 1, 1));
    region.settled().await;
    assert_eq!(ask(&region, Role::Teacher, "ada").await.unwrap().family_name, "Renamed");
    let gone = ask(&region, Role::Teacher, "cleo").await.unwrap_err();
    assert_eq!(gone.code(), Code::NotFound);
    let again = region.report_of(roster("v1p2-delta")).await;
    assert!(again.counts.iter().all(|count| count.changed + count.removed == 0));
}

#[tokio::test]
async fn each_bad_row_is_reported_and_the_good_ones_load() {
    let region = Region::new();
    let mut files = roster("v1p1-bad");
    let report = region.report_of(files.clone()).await;
    let (dangling, cyclic) = ("DANGLING_REFERENCE", "HIERARCHY_CYCLIC");
    let found = problems(&report);
    for expected in [
        ("orgs.csv", 4, "parentSourcedId", dangling),
        ("orgs.csv", 5, "parentSourcedId", dangling),
        ("orgs.csv", 6, "parentSourcedId", cyclic),
        ("orgs.csv", 7, "parentSourcedId", cyclic),
        ("orgs.csv", 8, "parentSourcedId", cyclic),
        ("users.csv", 3, "orgSourcedIds", dangling),
        ("users.csv", 5, "", "QUOTES_UNBALANCED"),
        ("classes.csv", 1, "schoolSourcedId", "MISSING_COLUMN"),
        ("enrollments.csv", 2, "classSourcedId", dangling),
    ] {
        assert!(found.contains(&expected), "{expected:?} in {found:#?}");
    }
    let expected = [
        ("organizations", 2, 0, 0, 9),
        ("people", 2, 0, 0, 10),
        ("classes", 0, 0, 0, 1),
        ("enrollments", 0, 0, 0, 6),
    ];
    assert_eq!(counts(&report), expected);

    // With the class file mended, the rows that only missed their class load too.
    let (_, classes) = files.iter_mut().find(|(name, _)| name == "classes.csv").unwrap();
    *classes = b"sourcedId,title,schoolSourcedId\nseminar,Career Seminar,high\n".to_vec();
    let report = region.report_of(files).await;
    assert_eq!(counts(&report)[1], ("people", 0, 2, 0, 10));
    assert_eq!(counts(&report)[3], ("enrollments", 1, 0, 0, 5));
    let found = problems(&report);
    for expected in [
        ("enrollments.csv", 3, "userSourcedId", dangling),
        ("enrollments.csv", 4, "classSourcedId", dangling),
        ("enrollments.csv", 6, "", "ENROLLMENT_ENDS_BEFORE_IT_BEGINS"),
    ] {
        assert!(found.contains(&expected), "{expected:?} in {found:#?}");
    }
}

#[tokio::test]
async fn a_later_set_without_somebody_keeps_them() {
    let region = Region::new();
    region.report_of(roster("v1p1")).await;
    let shorter: Set = roster("v1p1")
        .into_iter()
        .map(|(name, bytes)| {
            let text = String::from_utf8(bytes).unwrap();
            let kept = text.lines().filter(|line| !line.starts_with("cleo"));
            (name, kept.collect::<Vec<_>>().join("\n").into_bytes())
        })
        .collect();
    let report = region.report_of(shorter).await;
    assert_eq!(problems(&report), []);
    assert!(report.counts.iter().all(|count| count.changed + count.removed == 0));
    region.settled().await;
    assert_eq!(ask(&region, Role::Teacher, "cleo").await.unwrap().given_name, "Cleo");
}

#[tokio::test]
async fn only_administrators_import() {
    let region = Region::new();
    let piece = ImportRosterRequest { file_name: "users.csv".into(), chunk: Vec::new() };
    for role in [Role::Teacher, Role::Integrator, Role::Service] {
        let mut caller = region.someone(role);
        let refused = caller.import_roster(tokio_stream::iter([piece.clone()])).await.unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied, "{role}");
    }
}

#[tokio::test]
async fn the_demo_region_is_imported_with_progress() {
    let region = Region::new();
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/demo/oneroster");
    let said = region.import_set(set(&demo)).await;
    assert!(said.is_sorted_by_key(|message| message.rows_done) && said.len() > 5);
    assert!(said.iter().all(|message| message.rows_total == 856));
    let report = said.last().unwrap().report.clone().unwrap();
    assert_eq!(problems(&report), []);
    assert_eq!(sum(&report), (856, 0));

    let delta = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/oneroster/v1p1-delta-network");
    if !delta.is_dir() {
        println!("skipped: no shared data");
        return;
    }
    let report = region.report_of(set(&delta)).await;
    assert_eq!(problems(&report), []);
    assert_eq!(counts(&report)[1], ("people", 1, 3, 2, 0));
    assert_eq!(counts(&report)[3], ("enrollments", 0, 0, 4, 0));
}
