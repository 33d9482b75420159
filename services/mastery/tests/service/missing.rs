//! What is missing below a competency.

use northstar_chassis::Role;
use northstar_wire::mastery::v1 as wire;
use northstar_wire::mastery::v1::MissingWhy;
use tonic::{Code, Status};

use crate::region::{Region, competency, instant, learner, on, seen};
use crate::rollups::{framework_of, publish};
use crate::rules::{all, any, precedes, rollup, withdrawn};

fn question(name: &str, code: &str) -> wire::GetMissingRequest {
    wire::GetMissingRequest {
        learner_id: learner(name).to_string(),
        competency_id: competency(code).to_string(),
        as_of: None,
        known_at: None,
    }
}

async fn ask(
    region: &Region,
    request: wire::GetMissingRequest,
) -> Result<wire::GetMissingResponse, Status> {
    region.settled().await;
    region.admin().get_missing(request).await.map(tonic::Response::into_inner)
}

/// Code, why, and the code of what needs it.
fn list(found: &wire::GetMissingResponse) -> Vec<(String, MissingWhy, String)> {
    let codes = ["A", "B", "C", "D", "MID", "TOP"];
    let code = |id: &str| codes.into_iter().find(|code| competency(code).to_string() == id);
    let one = |it: &wire::MissingCompetency| {
        let by = code(&it.needed_by_id).expect("one of ours").to_owned();
        (it.competency_code.clone(), it.why(), by)
    };
    found.missing.iter().map(one).collect()
}

fn named(code: &str, why: MissingWhy, by: &str) -> (String, MissingWhy, String) {
    (code.to_owned(), why, by.to_owned())
}

/// "TOP" needs "MID" and "C", "MID" needs "A" or "B"; "D" comes before "A" and before "C".
async fn ready() -> Region {
    let region = framework_of(&["A", "B", "C", "D", "MID", "TOP"]).await;
    for (first, then) in [("D", "A"), ("D", "C")] {
        region.registered("association_published", &precedes(first, then)).await;
    }
    let rules = rollup(&[("TOP", all(&["MID", "C"])), ("MID", any(&["A", "B"]))]);
    publish(&region, rules).await.expect("valid rules");
    region
}

#[tokio::test]
async fn parts_and_what_comes_before_them_are_listed_first_things_first() {
    let region = ready().await;
    let found = ask(&region, question("ana", "TOP")).await.expect("an answer");
    let (part, before) = (MissingWhy::Part, MissingWhy::Prerequisite);
    let expected = [named("D", before, "A"), named("A", part, "TOP"), named("C", part, "TOP")];
    assert_eq!(list(&found), expected);
    assert_eq!(
        found.sentence,
        "Still to be reached for TOP: D (comes before A), A (part of TOP), C (part of TOP)."
    );
    for (number, code) in [(1, "D"), (2, "B"), (3, "C")] {
        region.record("ana", code, seen(number, i64::from(number), 3)).await;
    }
    let found = ask(&region, question("ana", "TOP")).await.expect("an answer");
    assert_eq!((list(&found), &*found.sentence), (vec![], "Nothing: TOP is at mastery."));
    assert_eq!(found.mastery.map(|held| held.value_milli), Some(3_000));
    let request = wire::GetMissingRequest { as_of: Some(instant(on(2))), ..question("ana", "TOP") };
    let then = ask(&region, request).await.expect("an answer");
    assert_eq!(list(&then), [named("C", part, "TOP")], "C came on the third");
}

#[tokio::test]
async fn without_rules_what_comes_before_is_missing_all_the_same() {
    let region = framework_of(&["A", "B", "C", "D"]).await;
    // A circle of associations, which the registry does not refuse, ends somewhere.
    for (first, then) in [("A", "B"), ("B", "C"), ("C", "A"), ("D", "C")] {
        region.registered("association_published", &precedes(first, then)).await;
    }
    let found = ask(&region, question("ana", "C")).await.expect("an answer");
    let before = MissingWhy::Prerequisite;
    let mut listed = list(&found);
    listed.sort();
    let expected = [named("A", before, "B"), named("B", before, "C"), named("D", before, "C")];
    assert_eq!(listed, expected);
    region.registered("competency_withdrawn", &withdrawn("D")).await;
    region.registered("association_withdrawn", &precedes("B", "C")).await;
    let found = ask(&region, question("ana", "C")).await.expect("an answer");
    assert_eq!((list(&found), &*found.sentence), (vec![], "Nothing but evidence in C itself."));
}

#[tokio::test]
async fn what_is_not_known_here_is_not_found_whosever_it_is() {
    let mut region = ready().await;
    region.settled().await;
    let absent = ask(&region, question("ana", "NOWHERE")).await.expect_err("unknown");
    region.move_to("south");
    let foreign = ask(&region, question("ana", "TOP")).await.expect_err("not ours");
    assert_eq!(absent.code(), Code::NotFound);
    assert_eq!((absent.code(), absent.message()), (foreign.code(), foreign.message()));
    assert_eq!(absent.details(), foreign.details());
    let mut guardian = region.client(Role::Guardian, &[learner("ben")]);
    let status = guardian.get_missing(question("ana", "TOP")).await.expect_err("not theirs");
    assert_eq!(status.code(), Code::PermissionDenied);
}
