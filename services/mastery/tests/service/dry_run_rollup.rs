//! What publishing a roll-up would change is what it then changes.

use std::collections::BTreeMap;

use futures::TryStreamExt as _;
use northstar_chassis::Role;
use northstar_wire::mastery::v1 as wire;
use northstar_wire::mastery::v1::Standing;
use northstar_wire::mastery::v1::dry_run_policy_response::Item as OfPolicy;
use northstar_wire::mastery::v1::dry_run_rollup_response::Item;
use tonic::{Code, Status};

use crate::dry_run::{Told, all_of};
use crate::dry_run_above::{CODES, LEARNERS, mean, populate, sorted};
use crate::overriding::mastered;
use crate::region::{Region, learner, seen};
use crate::rollups::{framework_of, framework_on, publish, why};
use crate::rules::{all, any, group, part, rollup};
use crate::stand::Stand;

fn request(document: String) -> wire::DryRunRollupRequest {
    wire::DryRunRollupRequest { rollup: Some(wire::PublishRollupRequest { document }) }
}

async fn refused(region: &Region, request: wire::DryRunRollupRequest) -> Status {
    region.admin().dry_run_rollup(request).await.expect_err("refused")
}

async fn dry_run(region: &Region, document: String) -> Told {
    let stream = region.admin().dry_run_rollup(request(document)).await.expect("valid rules");
    let of_policy = |response: wire::DryRunRollupResponse| match response.item.expect("something") {
        Item::Progress(progress) => OfPolicy::Progress(progress),
        Item::Changes(changes) => OfPolicy::Changes(changes),
        Item::Summary(summary) => OfPolicy::Summary(summary),
    };
    all_of(stream.into_inner().map_ok(of_policy)).await
}

/// What is shown of each learner in each competency, where anything is.
type Profiles = BTreeMap<(String, String), wire::Mastery>;

async fn profiles(region: &Region) -> Profiles {
    let mut all = Profiles::new();
    for number in 0..LEARNERS {
        let name = format!("learner-{number}");
        for entry in region.profile(&name).await {
            put(&mut all, (learner(&name).to_string(), entry.competency_id), entry.mastery);
        }
    }
    all
}

fn put(profiles: &mut Profiles, key: (String, String), mastery: Option<wire::Mastery>) {
    match mastery.filter(|it| *it != wire::Mastery::default()) {
        Some(mastery) => _ = profiles.insert(key, mastery),
        None => _ = profiles.remove(&key),
    }
}

/// Rules come to competencies without and with evidence of their own, stand on each other, change,
/// and go, one after the other and at once.
fn documents() -> [String; 6] {
    let (mid, top) = (("MID", all(&["A", "B"])), ("TOP", all(&["MID", "C"])));
    let own = group(r#""kind":"at_least","k":1"#, &["B"]);
    [
        rollup(&[mid.clone(), top.clone()]),
        rollup(&[mid.clone(), ("TOP", any(&["MID", "C"])), ("MEAN", mean())]),
        rollup(&[("ODD", any(&["TOP", "NONE"])), top, mid.clone(), ("A", own)]),
        rollup(&[("MID", any(&["A", "MEAN"])), ("ODD", any(&["MID", "C"])), ("MEAN", mean())]),
        rollup(&[("MEAN", all(&["A"])), mid]),
        rollup(&[]),
    ]
}

/// Tries rules and then publishes them, one after the other.
async fn tells_what_publishing_does(stand: Stand) {
    let region = framework_on(stand, &CODES).await;
    populate(&region).await;
    mastered(&region, "learner-1", "MID").await;
    let (mut changed, mut lost) = (0, 0);
    for document in documents() {
        let (feed, documents) = (region.feed().await, region.documents().await);
        let mut shown = profiles(&region).await;
        let told = dry_run(&region, document.clone()).await;
        region.settled().await;
        assert_eq!(region.feed().await, feed, "nothing was written");
        assert_eq!(region.documents().await, documents);
        let before = region.changes().await.len();
        let reply = publish(&region, document.clone()).await.expect("valid rules");
        let summary = told.summary();
        assert_eq!((&summary.rollups_hash, summary.published), (&reply.rollups_hash, false));
        assert_eq!(summary.policy_hash, "");
        region.settled().await;
        (changed, lost) = (changed + told.rolled_up.len(), lost + told.changes.len());
        let tried = sorted([told.changes, told.rolled_up].concat());
        assert_eq!(tried, sorted(region.changes().await.split_off(before)), "{document}");
        for change in tried {
            let key = (change.learner_id, change.competency_id);
            let before = shown.get(&key).copied().unwrap_or_default();
            assert_eq!(change.before, Some(before), "{key:?} by {document}");
            put(&mut shown, key, change.after);
        }
        assert_eq!(profiles(&region).await, shown, "{document}");
        let again = dry_run(&region, document).await;
        assert!(again.changes.is_empty() && again.rolled_up.is_empty(), "they are published now");
        assert!(again.summary().published);
    }
    assert!(changed > 100 && lost > 50, "only {changed} and {lost}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_told_is_what_publishing_then_does_on_sqlite() {
    tells_what_publishing_does(Stand::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_told_is_what_publishing_then_does_on_postgres() {
    tells_what_publishing_does(Stand::postgres().await).await;
}

/// Of these counts before, after and how many.
fn moves(counts: &[wire::DryRunCount]) -> Vec<(Standing, Standing, u64)> {
    counts.iter().map(|it| (it.before(), it.after(), it.levels)).collect()
}

#[tokio::test]
async fn what_a_rule_says_is_counted_apart_and_what_it_no_longer_says_is_not() {
    let region = framework_of(&["A", "B", "TOP"]).await;
    for (number, learner, points) in [(1, "ana", 4), (3, "ben", 3), (5, "cy", 1)] {
        region.record(learner, "A", seen(number, 2, points)).await;
        region.record(learner, "B", seen(number + 1, 3, 3)).await;
    }
    region.record("cy", "TOP", seen(7, 3, 4)).await;
    region.settled().await;
    let [nothing, below, at] = [Standing::Unspecified, Standing::BelowMastery, Standing::AtMastery];
    let rules = rollup(&[("TOP", all(&["A", "B"]))]);
    let told = dry_run(&region, rules.clone()).await;
    let summary = told.summary();
    let figures = [summary.levels, summary.learners, summary.changes, summary.learners_changed];
    assert_eq!(figures, [6, 3, 0, 0], "the parts stay as they are");
    assert_eq!(moves(&summary.counts), [(below, below, 1), (at, at, 4), (at, at, 1)]);
    let above = summary.rolled_up.expect("there is a rule");
    let figures = [above.levels, above.learners, above.changes, above.learners_changed];
    assert_eq!(figures, [3, 3, 3, 3]);
    assert_eq!(moves(&above.counts), [(nothing, at, 2), (at, below, 1)]);
    assert_eq!(told.last_progress(), (9, 3));

    publish(&region, rules).await.expect("valid rules");
    region.settled().await;
    let told = dry_run(&region, rollup(&[])).await;
    let summary = told.summary();
    assert_eq!(summary.rolled_up, None, "there is no rule");
    let figures = [summary.levels, summary.learners, summary.changes, summary.learners_changed];
    assert_eq!(figures, [9, 3, 3, 3]);
    let counts = moves(&summary.counts);
    assert!(counts.contains(&(at, nothing, 2)) && counts.contains(&(below, at, 1)), "{counts:?}");
}

#[tokio::test]
async fn what_cannot_be_published_is_refused_with_the_same_words() {
    let region = framework_of(&["A", "B", "X", "Y", "TOP"]).await;
    let cycle = [("X", any(&["Y"])), ("Y", any(&["X"]))];
    let high = group(r#""kind":"minimum","mastery_milli":4500"#, &["A"]);
    let too_many = group(r#""kind":"at_least","k":3"#, &["A", "B"]);
    let bad = [
        String::new(),
        "[]".to_owned(),
        rollup(&cycle),
        rollup(&[("TOP", high)]),
        rollup(&[("TOP", too_many)]),
        rollup(&[("TOP", all(&["Z"]))]),
        rollup(&[("TOP", part("A")), ("TOP", part("B"))]),
    ];
    for document in bad {
        let publishing = publish(&region, document.clone()).await.expect_err("flawed");
        let trying = refused(&region, request(document)).await;
        assert_eq!((trying.code(), trying.message()), (publishing.code(), publishing.message()));
        assert_eq!(trying.details(), publishing.details());
        assert_eq!(trying.code(), Code::InvalidArgument);
    }
    let nothing = refused(&region, wire::DryRunRollupRequest { rollup: None }).await;
    assert_eq!(nothing.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn not_everybody_may_try_and_only_their_own_is_read() {
    let mut region = framework_of(&["A", "TOP"]).await;
    region.record("ana", "A", seen(1, 2, 4)).await;
    region.settled().await;
    let rules = rollup(&[("TOP", all(&["A"]))]);
    for role in [Role::Teacher, Role::Learner, Role::Integrator] {
        let status = region.client(role, &[]).dry_run_rollup(request(rules.clone())).await;
        assert_eq!(status.expect_err("not allowed").code(), Code::PermissionDenied);
    }
    assert_eq!(dry_run(&region, rules.clone()).await.rolled_up.len(), 1);
    region.move_to("south");
    assert_eq!(dry_run(&region, rollup(&[])).await.summary().levels, 0);
    let foreign = refused(&region, request(rules)).await;
    let (reason, fields) = why(&foreign);
    assert_eq!((&*reason, fields.len()), ("ROLLUP_INVALID", 1));
    assert!(fields.iter().all(|(_, what)| what.starts_with("there is no competency")));
}
