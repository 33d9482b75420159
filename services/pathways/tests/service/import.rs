//! ImportReference and ListRegions.

use northstar_chassis::Role;
use northstar_kernel::TenantScope;
use northstar_wire::pathways::v1::{ImportReferenceResponse, ListRegionsRequest};
use tonic::Code;

use crate::support::{Service, by, caller, operator, reason, teacher};

const OCCUPATIONS: (&str, &str) =
    ("occupations.csv", "code,title,job_zone\n15-1252.00,Developers,4\n15-1253.00,Testers,4\n");
const RATINGS: (&str, &str) = ("ratings.csv", "code,2.A.1.a.IM,2.A.1.a.LV\n15-1252.00,412,450\n");
const REGIONS: (&str, &str) =
    ("regions.csv", "region_code,name,kind,release\n0800000,Colorado,S,oews-2025\n");
const WAGES: (&str, &str) = (
    "wages.csv",
    "region_code,soc_code,annual_median_dollars,median_is_lower_bound,employment\n\
     0800000,15-1252,132000,,30000\n0800000,29-1212,239200,1,\n",
);

fn counts(response: &ImportReferenceResponse) -> (u64, u64, usize) {
    (response.changed, response.unchanged, response.problems.len())
}

#[tokio::test]
async fn the_same_again_changes_nothing_and_a_change_is_one_event() {
    let service = Service::start();
    let tables = [OCCUPATIONS, RATINGS, REGIONS, WAGES];
    let first = service.import(operator(), &tables).await.expect("imported");
    assert_eq!(counts(&first), (3, 0, 0));
    let commons = service.log.tenant(&TenantScope::COMMONS);
    let sequence = commons.sequence().await.expect("a sequence");

    let again = service.import(operator(), &tables).await.expect("imported");
    assert_eq!(counts(&again), (0, 3, 0));
    assert_eq!(commons.sequence().await.expect("a sequence"), sequence);

    let renamed = ("regions.csv", "region_code,name,kind,release\n0800000,Rockies,S,oews-2025\n");
    let changed = service.import(operator(), &[renamed, WAGES]).await.expect("imported");
    assert_eq!(counts(&changed), (1, 0, 0));
    assert_eq!(commons.sequence().await.expect("a sequence"), sequence.next());
}

#[tokio::test]
async fn importing_twice_at_once_publishes_once() {
    let service = Service::start();
    let tables = [OCCUPATIONS, RATINGS, REGIONS, WAGES];
    let (one, other) =
        tokio::join!(service.import(operator(), &tables), service.import(operator(), &tables));
    let (one, other) = (one.expect("imported"), other.expect("imported"));
    assert_eq!((one.changed + other.changed, one.unchanged + other.unchanged), (3, 3));
}

#[tokio::test]
async fn bad_rows_are_named_and_good_ones_published() {
    let service = Service::start();
    let ratings = ("ratings.csv", "code,2.A.1.a.IM\n15-1252.00,9\n15-1253.00,300\n");
    let stranger = ("skills.csv", "x");
    let response = service.import(operator(), &[OCCUPATIONS, ratings, stranger]).await;
    let response = response.expect("imported");
    assert_eq!((response.changed, response.unchanged), (1, 0));
    let listed: Vec<_> = response
        .problems
        .iter()
        .map(|p| (p.file.as_str(), p.line, p.field.as_str(), p.reason.as_str()))
        .collect();
    let expected =
        [("skills.csv", 1, "", "UNKNOWN_FILE"), ("ratings.csv", 2, "2.A.1.a.IM", "OUT_OF_BOUNDS")];
    assert_eq!(listed, expected);
}

#[tokio::test]
async fn only_the_platforms_operator_may_import() {
    let service = Service::start();
    for role in Role::ALL.into_iter().filter(|role| *role != Role::PlatformOperator) {
        let status = service.import(caller(Some("a"), &[role], &[]), &[OCCUPATIONS, RATINGS]).await;
        assert_eq!(reason(&status.expect_err("forbidden")), "ROLE_REQUIRED", "{role}");
    }
}

#[tokio::test]
async fn an_import_without_an_end_is_refused() {
    let service = Service::start();
    let half = "x".repeat(17 * 1024 * 1024);
    let tables = [("occupations.csv", half.as_str()), ("ratings.csv", half.as_str())];
    let status = service.import(operator(), &tables).await.expect_err("too large");
    assert_eq!((status.code(), reason(&status).as_str()), (Code::InvalidArgument, "OUT_OF_BOUNDS"));
}

#[tokio::test]
async fn regions_are_listed_with_what_they_have() {
    let service = Service::start();
    service.import(operator(), &[REGIONS, WAGES]).await.expect("imported");
    service.settled().await;
    let request = by(teacher("a"), ListRegionsRequest {});
    let listed = service.client().list_regions(request).await.expect("listed").into_inner().regions;
    let figures: Vec<_> = listed
        .iter()
        .map(|r| (r.region_code.as_str(), r.name.as_str(), r.kind.as_str(), r.occupations))
        .collect();
    assert_eq!(figures, [("0800000", "Colorado", "S", 2)]);
}
