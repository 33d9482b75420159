//! RankOccupations, on the project's own tables.

use std::fs;

use northstar_chassis::{Principal, Role};
use northstar_kernel::{CompetencyId, LearnerId, TenantId};
use northstar_pathways::standard::reference::FILES;
use northstar_wire::pathways::v1::{RankOccupationsRequest, RankOccupationsResponse};
use tonic::{Code, Status};

use crate::support::{Service, by, caller, operator, reason, teacher};

/// NS.COM (speaking, listening, writing, reading, perceptiveness) and NS.INT (work styles alone).
const COMMUNICATION: &str = "b785c90f-51f8-5198-8836-db627df0fa8c";
const INTEGRITY: &str = "c6547712-f362-5df5-a574-529bb0f36b5e";
const COLORADO: &str = "0800000";

fn competency(id: &str) -> CompetencyId {
    id.parse().expect("an id")
}

fn learner(tenant: &str) -> LearnerId {
    LearnerId::derive(TenantId::from_slug(tenant), "s1")
}

/// A service with the project's own tables.
async fn loaded() -> Service {
    let service = Service::start();
    let folder = northstar_testkit::workspace().join("deploy/reference");
    let texts = FILES.map(|name| (name, fs::read_to_string(folder.join(name)).expect(name)));
    let tables: Vec<_> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let response = service.import(operator(), &tables).await.expect("imported");
    assert_eq!((response.changed, response.problems.len()), (1_016 + 12 + 1, 0));
    service
}

async fn rank(
    service: &Service,
    caller: Principal,
    learner: &str,
    region: &str,
    limit: u32,
) -> Result<RankOccupationsResponse, Status> {
    let request = RankOccupationsRequest {
        learner_id: learner.to_owned(),
        region_code: region.to_owned(),
        limit,
    };
    let response = service.client().rank_occupations(by(caller, request)).await?;
    Ok(response.into_inner())
}

#[tokio::test]
async fn a_learners_levels_are_held_against_every_occupation() {
    let service = loaded().await;
    let id = learner("a");
    service.master("a", id, competency(COMMUNICATION), Some(3)).await;
    service.settled().await;
    let ranking = rank(&service, teacher("a"), &id.to_string(), COLORADO, 1_000).await;
    let ranking = ranking.expect("ranked");
    assert_eq!((ranking.considered, ranking.unknown), (1_016, 137), "unrated ones are unknown");
    assert_eq!(ranking.occupations.len(), 879);
    let programmers = ranking.occupations.iter().find(|one| one.code == "15-1251.00");
    let programmers = programmers.expect("rated");
    let elements: Vec<_> = programmers.requirements.iter().map(|r| r.element_id.as_str()).collect();
    assert_eq!(elements.len(), 5, "those that communication speaks for");
    assert!(programmers.requirements.iter().all(|r| r.held_centi == 400 && r.required_centi > 0));
    assert!(programmers.requirements.is_sorted_by(|a, b| a.weight_milli >= b.weight_milli));
    assert!((1..1_000).contains(&programmers.known_milli), "five of sixty-eight are known");
    assert_eq!(programmers.soc_code, "15-1251");
    assert!(programmers.annual_median_dollars.is_some() && programmers.employment.is_some());
    assert!(ranking.occupations.is_sorted_by(|a, b| a.assured_milli >= b.assured_milli));
}

#[tokio::test]
async fn the_default_is_twenty_and_without_a_region_there_are_no_wages() {
    let service = loaded().await;
    let id = learner("a");
    service.master("a", id, competency(COMMUNICATION), Some(2)).await;
    service.settled().await;
    let ranking = rank(&service, teacher("a"), &id.to_string(), "", 0).await.expect("ranked");
    assert_eq!(ranking.occupations.len(), 20);
    let bare = |one: &northstar_wire::pathways::v1::RankedOccupation| {
        one.annual_median_dollars.is_none() && one.employment.is_none() && one.soc_code.is_empty()
    };
    assert!(ranking.occupations.iter().all(bare));
}

#[tokio::test]
async fn what_is_taken_back_or_has_no_level_scale_is_unknown_and_not_zero() {
    let service = loaded().await;
    let id = learner("a");
    service.master("a", id, competency(INTEGRITY), Some(4)).await;
    service.master("a", id, competency(COMMUNICATION), Some(4)).await;
    service.master("a", id, competency(COMMUNICATION), None).await;
    service.settled().await;
    let ranking = rank(&service, teacher("a"), &id.to_string(), COLORADO, 0).await.expect("ranked");
    assert_eq!((ranking.occupations.len(), ranking.unknown), (0, 1_016));
}

#[tokio::test]
async fn another_tenants_learner_looks_like_nobody() {
    let service = loaded().await;
    let (theirs, nobody) = (learner("b"), learner("nowhere"));
    service.master("b", theirs, competency(COMMUNICATION), Some(4)).await;
    service.settled().await;
    let own = rank(&service, teacher("b"), &theirs.to_string(), COLORADO, 0).await;
    assert_eq!(own.expect("ranked").occupations.len(), 20);
    let foreign = rank(&service, teacher("a"), &theirs.to_string(), COLORADO, 0).await;
    let absent = rank(&service, teacher("a"), &nobody.to_string(), COLORADO, 0).await;
    let foreign = foreign.expect("an empty ranking");
    assert_eq!(foreign, absent.expect("an empty ranking"));
    assert!(foreign.occupations.is_empty());
}

#[tokio::test]
async fn learners_see_themselves_alone() {
    let service = Service::start();
    let (mine, other) = (learner("a"), learner("b"));
    let me = || caller(Some("a"), &[Role::Learner], &[mine]);
    assert!(rank(&service, me(), &mine.to_string(), "", 0).await.is_ok());
    let status = rank(&service, me(), &other.to_string(), "", 0).await.expect_err("not mine");
    assert_eq!(reason(&status), "LEARNER_NOT_IN_TOKEN");
}

#[tokio::test]
async fn questions_that_make_no_sense_are_refused() {
    let service = Service::start();
    let id = learner("a").to_string();
    let cases = [
        ("x", "", 0, Code::InvalidArgument, "INVALID_CODE"),
        (id.as_str(), "", 1_001, Code::InvalidArgument, "OUT_OF_BOUNDS"),
        (id.as_str(), "Colorado", 0, Code::InvalidArgument, "INVALID_CODE"),
        (id.as_str(), "0899999", 0, Code::NotFound, "UNKNOWN_REGION"),
    ];
    for (learner, region, limit, code, why) in cases {
        let status = rank(&service, teacher("a"), learner, region, limit).await;
        let status = status.expect_err("refused");
        assert_eq!((status.code(), reason(&status).as_str()), (code, why), "{learner} {region}");
    }
}

#[tokio::test]
async fn figures_published_later_are_seen() {
    let service = loaded().await;
    let id = learner("a");
    service.master("a", id, competency(COMMUNICATION), Some(3)).await;
    service.settled().await;
    let before = rank(&service, teacher("a"), &id.to_string(), "", 1).await.expect("ranked");
    let best = &before.occupations[0];
    let titles = format!("code,title,job_zone\n{},Renamed,1\n", best.code);
    let tables = [("occupations.csv", titles.as_str()), ("ratings.csv", "code,2.A.1.a.IM\n")];
    service.import(operator(), &tables).await.expect("imported");
    service.settled().await;
    let after = rank(&service, teacher("a"), &id.to_string(), "", 1_000).await.expect("ranked");
    assert_eq!(after.unknown, before.unknown + 1, "it has no ratings any more");
    assert!(after.occupations.iter().all(|one| one.code != best.code));
}
