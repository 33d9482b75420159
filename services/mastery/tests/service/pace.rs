//! A learner's pace against a calendar.

use northstar_chassis::Role;
use northstar_kernel::Timestamp;
use northstar_wire::mastery::v1 as wire;
use northstar_wire::mastery::v1::PaceStatus;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::region::{Region, competency, framework, instant, learner, on, seen};
use crate::rollups::{framework_of, publish};
use crate::rules::{all, rollup};
use crate::scopes::{room, school, town};

/// A term of March 2026 in which these are to be reached.
fn term(name: &str, days: [u32; 2], codes: &[&str]) -> String {
    let ids: Vec<_> = codes.iter().map(|code| format!(r#""{}""#, competency(code))).collect();
    let [begin, end] = days.map(|day| format!("2026-03-{day:02}"));
    format!(
        r#"{{"name":"{name}","begin":"{begin}","end":"{end}","competencies":[{}]}}"#,
        ids.join(",")
    )
}

fn calendar(terms: &[String]) -> String {
    format!(r#"{{"framework":"{}","terms":[{}]}}"#, framework(), terms.join(","))
}

async fn plan(region: &Region, document: String) -> Result<wire::PublishPacePlanResponse, Status> {
    plan_for(region, document, String::new()).await
}

async fn plan_for(
    region: &Region,
    document: String,
    scope: String,
) -> Result<wire::PublishPacePlanResponse, Status> {
    let request = wire::PublishPacePlanRequest { document, scope };
    region.admin().publish_pace_plan(request).await.map(tonic::Response::into_inner)
}

async fn ask(region: &Region, name: &str, day: i64) -> Result<wire::GetPaceResponse, Status> {
    ask_known(region, name, day, None).await
}

async fn ask_known(
    region: &Region,
    name: &str,
    day: i64,
    known: Option<Timestamp>,
) -> Result<wire::GetPaceResponse, Status> {
    region.settled().await;
    let request = wire::GetPaceRequest {
        learner_id: learner(name).to_string(),
        framework_id: framework().to_string(),
        as_of: Some(instant(on(day))),
        known_at: known.map(instant),
    };
    region.admin().get_pace(request).await.map(tonic::Response::into_inner)
}

/// Two terms of ten days: "A" and "B" in the first, "C" and "TOP", which needs "A" and "B", in the
/// second.
async fn ready() -> Region {
    let region = framework_of(&["A", "B", "C", "TOP"]).await;
    publish(&region, rollup(&[("TOP", all(&["A", "B"]))])).await.expect("valid rules");
    let terms = [term("first", [1, 11], &["A", "B"]), term("second", [11, 21], &["C", "TOP"])];
    let published = plan(&region, calendar(&terms)).await.expect("a calendar");
    assert!(published.published);
    let again = plan(&region, calendar(&terms)).await.expect("a calendar");
    assert_eq!((again.published, again.plan_hash), (false, published.plan_hash));
    region
}

#[tokio::test]
async fn what_is_expected_stands_beside_what_was_reached() {
    let region = ready().await;
    region.record("ana", "A", seen(1, 3, 4)).await;
    let found = ask(&region, "ana", 6).await.expect("a pace");
    let first = &found.terms[0];
    assert_eq!((found.as_of.as_str(), first.name.as_str()), ("2026-03-06", "first"));
    assert_eq!((first.begin.as_str(), first.end.as_str()), ("2026-03-01", "2026-03-11"));
    assert_eq!((first.wanted, first.reached), (2, 1));
    assert_eq!((first.expected_milli, first.actual_milli), (500, 500));
    assert_eq!((first.status(), found.terms[1].expected_milli), (PaceStatus::OnPace, 0));
    let whole = found.whole.expect("given");
    assert_eq!((whole.wanted, whole.reached, whole.expected_milli), (4, 1, 250));
    let late = ask(&region, "ana", 11).await.expect("a pace");
    assert_eq!(late.terms[0].status(), PaceStatus::Behind);
    let early = ask(&region, "ana", 2).await.expect("a pace");
    assert_eq!(early.terms[0].reached, 0, "it was seen on the third");
    assert_eq!(ask(&region, "nobody", 6).await.expect("a pace").terms[0].reached, 0);
}

#[tokio::test]
async fn since_when_it_is_held_and_until_when_the_rest_may_be() {
    let region = ready().await;
    for (number, code, day, points) in [
        (1, "A", 2, 4),
        // Lost for a day, and back.
        (2, "A", 3, 1),
        (3, "A", 4, 3),
        (4, "A", 6, 4),
        (5, "B", 5, 3),
        // Of the next week: not there yet.
        (6, "A", 12, 1),
    ] {
        region.record("ana", code, seen(number, day, points)).await;
    }
    let found = ask(&region, "ana", 7).await.expect("a pace");
    let reached: Vec<_> = found
        .competencies
        .iter()
        .map(|it| (&*it.competency_code, &*it.by, &*it.reached_on))
        .collect();
    let expected = [
        ("A", "2026-03-11", "2026-03-04"),
        ("B", "2026-03-11", "2026-03-05"),
        ("C", "2026-03-21", ""),
        ("TOP", "2026-03-21", "2026-03-05"),
    ];
    assert_eq!(reached, expected);
    assert_eq!(found.terms[0].finished_on, "2026-03-05");
    let whole = found.whole.expect("given");
    assert_eq!(whole.status(), PaceStatus::Ahead);
    let forecast = whole.forecast.expect("three were reached");
    let [earliest, likely, latest] =
        [forecast.earliest.as_str(), &forecast.likely, &forecast.latest];
    assert!("2026-03-07" < earliest && earliest <= likely, "{forecast:?}");
    assert!(latest.is_empty() || likely <= latest, "{forecast:?}");
    let lost = ask(&region, "ana", 12).await.expect("a pace");
    let held = |code: &str| {
        let mut all = lost.competencies.iter();
        all.find(|it| it.competency_code == code).is_some_and(|it| !it.reached_on.is_empty())
    };
    assert_eq!((held("A"), held("B"), held("TOP")), (false, true, false));
}

#[tokio::test]
async fn a_calendar_that_makes_no_sense_is_refused_with_all_that_is_wrong() {
    let region = framework_of(&["A"]).await;
    let terms = [term("", [9, 8], &["A", "A", "Z"]), term("empty", [1, 2], &[])];
    let status = plan(&region, calendar(&terms)).await.expect_err("five flaws");
    let details = status.get_error_details();
    let reason = details.error_info().map(|info| info.reason.as_str());
    assert_eq!((status.code(), reason), (Code::InvalidArgument, Some("PACE_PLAN_INVALID")));
    let violations = &details.bad_request().expect("fields").field_violations;
    let fields: Vec<_> = violations.iter().map(|it| it.field.as_str()).collect();
    let expected = [
        "terms[0].name",
        "terms[0].competencies[1]",
        "terms[0].competencies[2]",
        "terms[0]",
        "terms[1]",
    ];
    assert_eq!(fields, expected);
    let unread = calendar(&[term("t", [1, 32], &["A"])]);
    let status = plan(&region, unread).await.expect_err("no such day");
    let reason = status.get_error_details().error_info().map(|info| info.reason.clone());
    assert_eq!(reason.as_deref(), Some("PACE_PLAN_DOCUMENT_INVALID"));
}

#[tokio::test]
async fn without_a_calendar_there_is_no_pace_whosever_it_is() {
    let mut region = ready().await;
    region.settled().await;
    let mut teacher = region.client(Role::Teacher, &[]);
    let request = wire::PublishPacePlanRequest { document: calendar(&[]), ..Default::default() };
    let status = teacher.publish_pace_plan(request).await.expect_err("a teacher");
    assert_eq!(status.code(), Code::PermissionDenied);
    region.move_to("south");
    let status = ask(&region, "ana", 2).await.expect_err("not ours");
    let reason = status.get_error_details().error_info().map(|info| info.reason.clone());
    assert_eq!((status.code(), reason.as_deref()), (Code::NotFound, Some("PACE_PLAN_NOT_FOUND")));
}

fn of(names: &str) -> String {
    calendar(&[term(names, [1, 11], &["NS.INT.1"])])
}

/// The name of the first term of the calendar that holds, and what it was published for.
fn holds(found: &wire::GetPaceResponse) -> (String, String) {
    (found.terms[0].name.clone(), found.scope.clone())
}

#[tokio::test]
async fn the_calendar_for_the_most_specific_scope_holds_and_the_others_are_told_with_why() {
    let region = town().await;
    let all = plan(&region, of("all")).await.expect("a calendar").plan_hash;
    for (name, scope) in
        [("east", school("east")), ("algebra", room("algebra")), ("north", school("north"))]
    {
        let outcome = plan_for(&region, of(name), scope.clone()).await.expect("known");
        assert!(outcome.published);
        let again = plan_for(&region, of(name), scope).await.expect("known");
        assert_eq!((again.published, again.plan_hash), (false, outcome.plan_hash));
    }
    let again = plan(&region, of("all")).await.expect("a calendar");
    assert!(!again.published, "for everybody it is the last word still");
    let [ana, ben, nobody] = ["ana", "ben", "nobody"];
    let found = ask(&region, ana, 6).await.expect("a pace");
    assert_eq!(holds(&found), ("algebra".to_owned(), room("algebra")));
    let told: Vec<_> = found
        .considered
        .iter()
        .map(|it| (it.scope.as_str(), it.holds, it.outcome.as_str()))
        .collect();
    let (algebra, east, north) = (room("algebra"), school("east"), school("north"));
    let gives_way = format!("gives way to that of {algebra}");
    let expected = [
        (algebra.as_str(), true, "holds"),
        (east.as_str(), false, gives_way.as_str()),
        (north.as_str(), false, gives_way.as_str()),
        ("network", false, gives_way.as_str()),
    ];
    assert_eq!(told, expected);
    assert_eq!(found.considered[3].plan_hash, all);
    assert!(found.considered.iter().all(|it| it.published_at.is_some()));
    let found = ask(&region, ben, 6).await.expect("a pace");
    assert_eq!(holds(&found), ("north".to_owned(), north));
    assert_eq!(found.considered.len(), 2, "those for others are left out");
    let found = ask(&region, nobody, 6).await.expect("a pace");
    assert_eq!(holds(&found), ("all".to_owned(), "network".to_owned()));
    let status = plan_for(&region, of("x"), school("nowhere")).await.expect_err("unknown");
    let reason = status.get_error_details().error_info().map(|info| info.reason.clone());
    assert_eq!(reason.as_deref(), Some("ORGANIZATION_UNKNOWN"));
}

#[tokio::test]
async fn a_learner_for_whom_none_was_published_has_no_pace() {
    let region = town().await;
    plan_for(&region, of("west"), school("west")).await.expect("known");
    assert_eq!(ask(&region, "ben", 6).await.expect("a pace").scope, school("west"));
    let status = ask(&region, "ana", 6).await.expect_err("for others");
    let reason = status.get_error_details().error_info().map(|info| info.reason.clone());
    assert_eq!((status.code(), reason.as_deref()), (Code::NotFound, Some("PACE_PLAN_NOT_FOUND")));
}

#[tokio::test]
async fn what_was_known_earlier_is_held_against_the_calendar_of_then() {
    let region = town().await;
    for name in ["first", "second"] {
        plan(&region, of(name)).await.expect("a calendar");
    }
    plan_for(&region, of("school"), school("east")).await.expect("known");
    region.settled().await;
    let feed = region.feed().await;
    let published = feed.iter().filter(|event| event.event_type == "pace_plan_published");
    let at: Vec<_> = published.map(|event| event.recorded_at).collect();
    let before = Timestamp::from_micros(at[0].micros() - 1);
    assert_eq!(
        ask_known(&region, "ana", 6, Some(before)).await.expect_err("not yet").code(),
        Code::NotFound
    );
    for (known, name) in
        [(Some(at[0]), "first"), (Some(at[1]), "second"), (Some(at[2]), "school"), (None, "school")]
    {
        let found = ask_known(&region, "ana", 6, known).await.expect("a pace");
        assert_eq!(found.terms[0].name, name);
        assert_eq!(found.considered.len(), known.map_or(3, |at| feed_until(&feed, at)));
    }
    let found = ask_known(&region, "ben", 6, None).await.expect("a pace");
    let replaced = format!("was replaced by that from {} on", at[1]);
    let outcomes: Vec<_> = found.considered.iter().map(|it| it.outcome.as_str()).collect();
    assert_eq!(outcomes, ["holds", &replaced]);
}

/// How many calendars were published by then.
fn feed_until(feed: &[northstar_eventlog::Recorded], at: Timestamp) -> usize {
    let published = feed.iter().filter(|event| event.event_type == "pace_plan_published");
    published.filter(|event| event.recorded_at <= at).count()
}
