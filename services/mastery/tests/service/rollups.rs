//! Publishing the rules of a roll-up: what is refused, and what is there afterwards.

use northstar_chassis::Role;
use northstar_wire::mastery::v1 as wire;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::region::{Region, competency, framework, latest, policy};
use crate::rules::{all, any, group, rollup};
use crate::stand::Stand;

pub(crate) async fn publish(
    region: &Region,
    document: String,
) -> Result<wire::PublishRollupResponse, Status> {
    let request = wire::PublishRollupRequest { document };
    region.admin().publish_rollup(request).await.map(tonic::Response::into_inner)
}

/// A framework of these competencies, each on a scale from 1 to 4; the latest judgement counts.
pub(crate) async fn framework_of(codes: &[&str]) -> Region {
    framework_on(Stand::sqlite(), codes).await
}

pub(crate) async fn framework_on(stand: Stand, codes: &[&str]) -> Region {
    let region = Region::on(stand).await;
    region.publish_policy(latest()).await;
    for code in codes {
        region.publish_competency(code, &[1, 2, 3, 4]).await;
    }
    region.settled().await;
    region
}

/// The stable reason, and every field with what is wrong with it.
pub(crate) fn why(status: &Status) -> (String, Vec<(String, String)>) {
    let details = status.get_error_details();
    let reason = details.error_info().map(|info| info.reason.clone()).unwrap_or_default();
    let violations = details.bad_request().map(|bad| bad.field_violations.clone());
    let fields = violations.unwrap_or_default().into_iter();
    (reason, fields.map(|it| (it.field, it.description)).collect())
}

async fn get(region: &Region) -> Result<wire::GetRollupResponse, Status> {
    let request = wire::GetRollupRequest { framework_id: framework().to_string() };
    region.admin().get_rollup(request).await.map(tonic::Response::into_inner)
}

#[tokio::test]
async fn what_was_published_is_there_in_its_canonical_form() {
    let region = framework_of(&["A", "B", "TOP"]).await;
    assert_eq!(get(&region).await.expect_err("nothing yet").code(), Code::NotFound);
    let document = rollup(&[("TOP", all(&["A", "B"]))]);
    let first = publish(&region, document.clone()).await.expect("valid rules");
    assert_eq!((first.published, first.rules), (true, 1));
    let again = publish(&region, document).await.expect("valid rules");
    assert_eq!((again.published, &again.rollups_hash), (false, &first.rollups_hash));
    let found = get(&region).await.expect("rules");
    assert_eq!(found.rollups_hash, first.rollups_hash);
    let part = |code| {
        let id = competency(code);
        format!(r#"{{"competency":"{id}","kind":"competency","milli":0,"test":"mastery"}}"#)
    };
    let (top, a, b, framework) = (competency("TOP"), part("A"), part("B"), framework());
    assert_eq!(
        found.document,
        format!(
            r#"{{"engine":1,"framework":"{framework}","rollups":[{{"competency":"{top}","criterion":{{"kind":"all","parts":[{a},{b}]}},"round_to_milli":1}}]}}"#
        )
    );
    // What is canonical is a document again, and the same one.
    let once_more = publish(&region, found.document).await.expect("valid rules");
    assert_eq!((once_more.published, once_more.rollups_hash), (false, first.rollups_hash));
    assert_eq!(found.rules.len(), 1);
    assert_eq!(found.rules[0].competency_id, top.to_string());
}

#[tokio::test]
async fn every_flaw_of_every_rule_is_said() {
    let region = framework_of(&["A", "B", "X", "Y", "TOP"]).await;
    let five = format!(r#"{{"kind":"own","test":"gte","milli":{}}}"#, 5_000);
    let document = rollup(&[
        ("X", any(&["Y"])),
        ("Y", any(&["X"])),
        ("TOP", group(r#""kind":"at_least","k":3"#, &["A", "B"])),
        ("A", five),
        ("B", all(&["Z"])),
    ]);
    let status = publish(&region, document).await.expect_err("five flaws");
    assert_eq!(status.code(), Code::InvalidArgument);
    let (reason, fields) = why(&status);
    assert_eq!(reason, "ROLLUP_INVALID");
    let unknown = format!("there is no competency {} in the framework", competency("Z"));
    let expected = [
        ("rollups[2].criterion.k", "must be from 1 to 2, the parts that count, not 3"),
        ("rollups[3].criterion.milli", "5.00 can never be reached; the highest possible is 4.00"),
        ("rollups[4].criterion.parts[0].competency", &unknown),
    ];
    let cycle = fields.iter().any(|(_, what)| {
        what.starts_with("a competency cannot need itself: ") && what.contains("X needs Y")
            || what.contains("Y needs X")
    });
    assert!(cycle, "{fields:?}");
    for (field, what) in expected {
        assert!(fields.contains(&(field.to_owned(), what.to_owned())), "{field} in {fields:?}");
    }
    assert_eq!(get(&region).await.expect_err("nothing was written").code(), Code::NotFound);
}

#[tokio::test]
async fn a_value_that_may_lie_above_the_scale_bounds_no_threshold() {
    let region = framework_of(&["A", "TOP"]).await;
    let high = rollup(&[("TOP", group(r#""kind":"minimum","mastery_milli":4500"#, &["A"]))]);
    let status = publish(&region, high.clone()).await.expect_err("4 is the highest");
    assert_eq!(why(&status).1.len(), 1);
    region.publish_policy(policy(r#""name":"power_law""#, "")).await;
    region.settled().await;
    publish(&region, high).await.expect("a power law may lie above the scale");
}

#[tokio::test]
async fn a_document_that_cannot_be_read_says_where() {
    let region = framework_of(&["A"]).await;
    let status = publish(&region, "[]".to_owned()).await.expect_err("no object");
    assert_eq!(why(&status).0, "ROLLUP_DOCUMENT_INVALID");
    let document = rollup(&[("A", r#"{"kind":"all","parts":[{"kind":"mean"},7]}"#.to_owned())]);
    let status = publish(&region, document).await.expect_err("two problems");
    let fields: Vec<_> = why(&status).1.into_iter().map(|(field, _)| field).collect();
    let part = "rollups[0].criterion.parts";
    assert_eq!(fields, [format!("{part}[1]"), format!("{part}[0].kind")]);
}

#[tokio::test]
async fn only_those_who_rule_may_publish_and_only_for_their_own() {
    let mut region = framework_of(&["A", "TOP"]).await;
    let document = rollup(&[("TOP", all(&["A"]))]);
    let request = wire::PublishRollupRequest { document: document.clone() };
    let mut teacher = region.client(Role::Teacher, &[]);
    let status = teacher.publish_rollup(request).await.expect_err("a teacher");
    assert_eq!(status.code(), Code::PermissionDenied);
    publish(&region, document.clone()).await.expect("valid rules");
    region.move_to("south");
    let foreign = get(&region).await.expect_err("not ours");
    assert_eq!((foreign.code(), &*why(&foreign).0), (Code::NotFound, "ROLLUP_NOT_FOUND"));
    let (_, fields) = why(&publish(&region, document).await.expect_err("unknown here"));
    assert!(fields.iter().all(|(_, what)| what.starts_with("there is no competency")));
}
