//! Importing and reading frameworks.

use northstar_chassis::Role;
use northstar_wire::registry::v1::{
    GetFrameworkRequest, ImportFrameworkRequest, ListFrameworksRequest,
};
use tonic::Code;

use crate::region::{Region, counts, package, problems};

const FRAMEWORK: &str = "00000000-0000-4000-8000-000000000001";

#[tokio::test]
async fn a_package_becomes_a_framework_that_can_be_read() {
    let region = Region::new();
    let imported = region.import_package("good.json", &package("good.json")).await;
    assert_eq!((imported.framework_id.as_str(), imported.title.as_str()), (FRAMEWORK, "Region"));
    assert_eq!(imported.outside_associations, 1);
    let report = imported.report.unwrap();
    let expected = [
        ("frameworks", 1, 0, 0, 0),
        ("competencies", 3, 0, 0, 0),
        ("associations", 4, 0, 0, 0),
        ("rubrics", 1, 0, 0, 0),
    ];
    assert_eq!(counts(&report), expected);
    assert_eq!(report.position, 9);

    region.settled().await;
    let mut employer = region.someone(Role::Employer);
    let listed = employer.list_frameworks(ListFrameworksRequest {}).await.unwrap().into_inner();
    assert_eq!(listed.frameworks.len(), 1);
    let request = GetFrameworkRequest { framework_id: FRAMEWORK.into() };
    let read = employer.get_framework(request).await.unwrap().into_inner();
    assert_eq!(read.framework.as_ref(), listed.frameworks.first());
    let framework = read.framework.unwrap();
    assert_eq!((framework.version.as_str(), framework.content_hash.len()), ("2", 64));
    assert_eq!((read.competencies.len(), read.associations.len(), read.rubrics.len()), (3, 4, 1));
    let scale: Vec<_> = read.competencies[0]
        .scale
        .iter()
        .map(|level| (level.position, level.score_milli))
        .collect();
    assert_eq!(scale, [(1, 1_000), (2, 1_750), (3, 3_000)], "agreed below the parent");
}

#[tokio::test]
async fn the_same_package_again_changes_nothing() {
    let region = Region::new();
    let first = region.import_package("good.json", &package("good.json")).await.report.unwrap();
    let events = region.event_types().await;
    let again = region.import_package("again.json", &package("wrapped.json")).await.report.unwrap();
    let expected = [
        ("frameworks", 0, 1, 0, 0),
        ("competencies", 0, 3, 0, 0),
        ("associations", 0, 4, 0, 0),
        ("rubrics", 0, 1, 0, 0),
    ];
    assert_eq!(counts(&again), expected);
    assert_eq!(again.position, first.position);
    assert_eq!(region.event_types().await, events);
}

#[tokio::test]
async fn what_a_later_package_leaves_out_is_withdrawn() {
    let region = Region::new();
    region.import_package("good.json", &package("good.json")).await;
    let text = String::from_utf8(package("good.json")).unwrap();
    let smaller = text.replace("\"CFRubrics\"", "\"without\"");
    let report = region.import_package("smaller.json", smaller.as_bytes()).await.report.unwrap();
    // Two competencies lose the scale that the rubric gave them.
    let expected = [
        ("frameworks", 1, 0, 0, 0),
        ("competencies", 2, 1, 0, 0),
        ("associations", 0, 4, 0, 0),
        ("rubrics", 0, 0, 1, 0),
    ];
    assert_eq!(counts(&report), expected);
    region.settled().await;
    let request = GetFrameworkRequest { framework_id: FRAMEWORK.into() };
    let read = region.someone(Role::Teacher).get_framework(request).await.unwrap().into_inner();
    assert!(read.rubrics.is_empty());
    assert!(read.competencies.iter().all(|competency| competency.scale.is_empty()));
}

#[tokio::test]
async fn a_package_with_bad_parts_loads_the_good_ones_and_withdraws_nothing() {
    let region = Region::new();
    region.import_package("good.json", &package("good.json")).await;
    for name in ["duplicate.json", "cyclic.json", "dangling.json", "wrong_types.json"] {
        let report = region.import_package(name, &package(name)).await.report.unwrap();
        assert!(!report.problems.is_empty(), "{name}");
        assert!(report.problems.iter().all(|problem| problem.file == name && problem.line > 0));
        let removed: u64 = report.counts.iter().map(|count| count.removed).sum();
        // An association that stood before gives way to one that would make a cycle with it.
        assert_eq!(removed, u64::from(name == "cyclic.json"), "{name}");
        let before = region.event_types().await;
        let again = region.import_package(name, &package(name)).await.report.unwrap();
        assert_eq!(again.problems, report.problems, "{name}");
        assert!(again.counts.iter().all(|count| count.changed == 0), "{name}");
        assert_eq!(region.event_types().await, before, "{name}");
    }
}

#[tokio::test]
async fn a_package_that_cannot_be_used_changes_nothing_and_says_why() {
    let region = Region::new();
    region.import_package("good.json", &package("good.json")).await;
    let before = region.event_types().await;
    let expected = [
        ("truncated.json", 19, "JSON_TRUNCATED"),
        ("latin_1.json", 9, "WRONG_ENCODING"),
        ("utf_16.json", 0, "WRONG_ENCODING"),
        ("not_a_package.json", 1, "NOT_A_PACKAGE"),
    ];
    for (name, line, reason) in expected {
        let answer = region.import_package(name, &package(name)).await;
        assert_eq!(answer.framework_id, "");
        let report = answer.report.unwrap();
        assert_eq!(problems(&report), [(name, line, "", reason)]);
        assert_eq!(counts(&report), [("frameworks", 0, 0, 0, 1)]);
        assert_eq!(report.position, before.len() as u64);
    }
    assert_eq!(region.event_types().await, before);
}

#[tokio::test]
async fn an_upload_needs_a_name_and_content_and_an_importer() {
    let region = Region::new();
    let mut admin = region.someone(Role::NetworkAdmin);
    let nameless = ImportFrameworkRequest { file_name: String::new(), chunk: b"{}".to_vec() };
    let empty = ImportFrameworkRequest { file_name: "f".into(), chunk: Vec::new() };
    for pieces in [vec![], vec![nameless.clone()], vec![empty]] {
        let refused = admin.import_framework(tokio_stream::iter(pieces)).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
    }
    let mut teacher = region.someone(Role::Teacher);
    let refused = teacher.import_framework(tokio_stream::iter([nameless])).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
}
