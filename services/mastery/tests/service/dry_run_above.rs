//! What a dry run tells of roll-ups is what publishing then makes of them.

use northstar_wire::mastery::v1 as wire;
use northstar_wire::mastery::v1::Standing;

use crate::dry_run::{always, dry_run, from};
use crate::overriding::mastered;
use crate::region::{Region, competency, policy, seen};
use crate::rollups::{framework_of, publish};
use crate::rules::{all, any, part, rollup};

pub(crate) const LEARNERS: u32 = 30;

/// What [`populate`] needs, and more.
pub(crate) const CODES: [&str; 8] = ["A", "B", "C", "MID", "TOP", "MEAN", "ODD", "NONE"];

/// The mean of "B", "C" and own evidence.
pub(crate) fn mean() -> String {
    let parts = [r#"{"kind":"own"}"#.to_owned(), part("B"), part("C")];
    let parts = parts.map(|part| format!(r#"{{"part":{part},"weight":1}}"#)).join(",");
    format!(r#"{{"kind":"weighted_mean","mastery_milli":2500,"parts":[{parts}]}}"#)
}

/// "MID" needs "A" and "B", "TOP" "MID" and "C", "MEAN" is a mean, "ODD" is "A" or "NONE".
async fn storeys() -> Region {
    let region = framework_of(&CODES).await;
    let rules = [
        ("TOP", all(&["MID", "C"])),
        ("MID", all(&["A", "B"])),
        ("MEAN", mean()),
        ("ODD", any(&["A", "NONE"])),
    ];
    publish(&region, rollup(&rules)).await.expect("valid rules");
    populate(&region).await;
    region
}

/// Evidence of thirty learners in "A", "B", "C" and "MEAN". Of two learners an override is laid over
/// "A" and "TOP".
pub(crate) async fn populate(region: &Region) {
    for number in 0..LEARNERS * 9 {
        let code = ["A", "B", "C", "A", "MEAN"][(number / LEARNERS) as usize % 5];
        let points = i64::from((number * 7 + number / LEARNERS * 3) % 5);
        let learner = format!("learner-{}", number % LEARNERS);
        region.record(&learner, code, seen(number, i64::from(number * 5 % 20) + 1, points)).await;
    }
    for (learner, code) in [("learner-1", "A"), ("learner-2", "TOP")] {
        region.known(learner, "student").await;
        mastered(region, learner, code).await;
    }
    region.settled().await;
}

/// Each by learner, competency and policy: publishing tells them page by page.
pub(crate) fn sorted(mut changes: Vec<wire::MasteryChanged>) -> Vec<wire::MasteryChanged> {
    changes.sort_by_key(|it| {
        (it.learner_id.clone(), it.competency_id.clone(), it.policy_name.clone())
    });
    changes
}

#[tokio::test]
async fn what_is_told_of_the_levels_above_is_what_publishing_makes_of_them() {
    let region = storeys().await;
    let above = ["MID", "TOP", "MEAN", "ODD"].map(|code| competency(code).to_string());
    let requests = [
        always(policy(r#""name":"highest""#, "")),
        from(9, true, policy(r#""name":"mean""#, "")),
        always(policy(r#""name":"mean""#, r#","name":"beside""#)),
        from(12, false, policy(r#""name":"median""#, r#","minimum_observations":2"#)),
        from(20, true, policy(r#""name":"latest""#, r#","expires_after_days":4"#)),
    ];
    let mut changed = 0;
    for request in requests {
        let (feed, documents) = (region.feed().await, region.documents().await);
        let told = dry_run(&region, request.clone()).await;
        assert_eq!((region.feed().await, region.documents().await), (feed, documents));
        assert!(told.rolled_up.iter().all(|it| above.contains(&it.competency_id)));
        assert!(
            told.changes
                .iter()
                .all(|it| !it.policy_name.is_empty() || !above.contains(&it.competency_id))
        );
        let before = region.changes().await.len();
        region.admin().publish_policy(request.clone()).await.expect("a valid policy");
        region.settled().await;
        changed += told.rolled_up.len();
        let tried = sorted([told.changes, told.rolled_up].concat());
        assert_eq!(tried, sorted(region.changes().await.split_off(before)), "{request:?}");
        let again = dry_run(&region, request).await;
        assert!(again.changes.is_empty() && again.rolled_up.is_empty(), "it is published now");
    }
    assert!(changed > 60, "only {changed}");
}

#[tokio::test]
async fn the_levels_above_are_counted_apart() {
    let region = framework_of(&["A", "B", "TOP"]).await;
    publish(&region, rollup(&[("TOP", all(&["A", "B"]))])).await.expect("valid rules");
    for (number, learner, points) in [(1, "ana", [1, 3]), (3, "ben", [3, 3]), (5, "cy", [1, 1])] {
        region.record(learner, "A", seen(number, 2, points[0])).await;
        region.record(learner, "A", seen(number + 1, 3, points[1])).await;
        region.record(learner, "B", seen(number + 10, 4, 4)).await;
    }
    region.settled().await;
    let told = dry_run(&region, always(policy(r#""name":"mean""#, ""))).await;
    let summary = told.summary();
    let below = [summary.levels, summary.learners, summary.changes, summary.learners_changed];
    assert_eq!(below, [6, 3, 1, 1]);
    let rolled_up = summary.rolled_up.expect("a rule reads the policy");
    let above =
        [rolled_up.levels, rolled_up.learners, rolled_up.changes, rolled_up.learners_changed];
    assert_eq!(above, [3, 3, 1, 1]);
    let counts: Vec<_> =
        rolled_up.counts.iter().map(|it| (it.before(), it.after(), it.levels)).collect();
    let [below, at] = [Standing::BelowMastery, Standing::AtMastery];
    assert_eq!(counts, [(below, below, 1), (at, below, 1), (at, at, 1)]);
    let (levels, changes) = told.last_progress();
    assert_eq!((levels, changes), (9, 2), "both together");
    let beside = always(policy(r#""name":"mean""#, r#","name":"beside""#));
    let beside = dry_run(&region, beside).await;
    assert_eq!(beside.summary().rolled_up, None, "no rule reads it");
}
