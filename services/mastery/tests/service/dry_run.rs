//! What publishing a policy would change is what it then changes.

use futures::{Stream, TryStreamExt as _};
use northstar_chassis::Role;
use northstar_wire::mastery::v1 as wire;
use northstar_wire::mastery::v1::Standing;
use northstar_wire::mastery::v1::dry_run_policy_response::Item;
use tonic::{Code, Status};

use crate::region::{Region, framework, instant, latest, on, policy, seen};
use crate::stand::Stand;

/// What a dry run has told.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) changes: Vec<wire::MasteryChanged>,
    pub(crate) rolled_up: Vec<wire::MasteryChanged>,
    progress: Vec<wire::DryRunProgress>,
    summary: Option<wire::DryRunSummary>,
}

impl Told {
    pub(crate) fn summary(&self) -> wire::DryRunSummary {
        self.summary.clone().expect("the last word")
    }

    /// Levels and changes, as they were told last before that.
    pub(crate) fn last_progress(&self) -> (u64, u64) {
        let last = self.progress.last().expect("the end");
        (last.levels, last.changes)
    }
}

pub(crate) async fn dry_run(region: &Region, policy: wire::PublishPolicyRequest) -> Told {
    let request = wire::DryRunPolicyRequest { policy: Some(policy) };
    let stream = region.admin().dry_run_policy(request).await.expect("a valid policy");
    all_of(stream.into_inner().map_ok(|response| response.item.expect("something"))).await
}

/// All that is told, to the end.
pub(crate) async fn all_of(mut items: impl Stream<Item = Result<Item, Status>> + Unpin) -> Told {
    let mut told = Told::default();
    while let Some(item) = items.try_next().await.expect("an answer") {
        assert!(told.summary.is_none(), "the summary comes last");
        match item {
            Item::Changes(some) => {
                assert!(some.changes.len() + some.rolled_up.len() <= 200);
                told.changes.extend(some.changes);
                told.rolled_up.extend(some.rolled_up);
            }
            Item::Progress(progress) => told.progress.push(progress),
            Item::Summary(summary) => told.summary = Some(summary),
        }
    }
    told
}

pub(crate) fn always(document: String) -> wire::PublishPolicyRequest {
    wire::PublishPolicyRequest { document, ..Default::default() }
}

pub(crate) fn from(day: i64, retroactive: bool, document: String) -> wire::PublishPolicyRequest {
    let effective_from = Some(instant(on(day)));
    wire::PublishPolicyRequest { document, effective_from, retroactive, scope: String::new() }
}

const LEARNERS: u32 = 40;

/// Forty learners with evidence in two competencies; of three some was taken back, and of a last one
/// all.
async fn populated(stand: Stand) -> Region {
    let region = Region::on(stand).await;
    region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
    region.publish_competency("NS.ADP.1", &[2, 4]).await;
    region.publish_policy(latest()).await;
    for number in 0..LEARNERS * 6 {
        let learner = format!("learner-{}", number % LEARNERS);
        let code = if number % 7 < 4 { "NS.INT.1" } else { "NS.ADP.1" };
        let points = i64::from(number * 11 % 5);
        region.record(&learner, code, seen(number, i64::from(number * 5 % 20) + 1, points)).await;
    }
    for number in 0..3 {
        region.retract(&format!("learner-{number}"), "NS.INT.1", number).await;
    }
    region.record("gone", "NS.INT.1", seen(9_000, 3, 4)).await;
    region.retract("gone", "NS.INT.1", 9_000).await;
    region.settled().await;
    region
}

/// Tries policies and then publishes them, one after the other.
async fn tells_what_publishing_does(stand: Stand) {
    let region = populated(stand).await;
    let mean = || policy(r#""name":"mean""#, "");
    let strict = |method: &str| policy(method, r#","name":"strict","minimum_observations":3"#);
    let requests = [
        always(policy(r#""name":"highest""#, r#","excluded_roles":["self"]"#)),
        from(12, false, mean()),
        from(15, true, policy(r#""name":"median""#, r#","exceeds_milli":3500"#)),
        always(strict(r#""name":"mean""#)),
        from(9, true, strict(r#""name":"decaying_average","newest_weight_percent":65"#)),
        from(1, true, policy(r#""name":"latest""#, r#","banked":true"#)),
        from(10, true, mean()),
        from(20, true, policy(r#""name":"mean""#, r#","expires_after_days":4"#)),
    ];
    let mut changed = 0;
    for request in requests {
        let (feed, documents) = (region.feed().await, region.documents().await);
        let told = dry_run(&region, request.clone()).await;
        region.settled().await;
        assert_eq!(region.feed().await, feed, "nothing was written");
        assert_eq!(region.documents().await, documents);
        let before = region.changes().await.len();
        region.admin().publish_policy(request.clone()).await.expect("a valid policy");
        region.settled().await;
        assert_eq!(told.changes, region.changes().await.split_off(before), "{request:?}");
        changed += told.changes.len();
        let again = dry_run(&region, request).await;
        assert!(again.changes.is_empty() && again.summary().published, "it is published now");
    }
    assert!(changed > 100, "only {changed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_told_is_what_publishing_then_does_on_sqlite() {
    tells_what_publishing_does(Stand::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_told_is_what_publishing_then_does_on_postgres() {
    tells_what_publishing_does(Stand::postgres().await).await;
}

#[tokio::test]
async fn levels_are_counted_by_what_is_held_before_and_after() {
    let region = Region::new().await;
    region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
    region.publish_policy(latest()).await;
    for (number, learner, first, second) in [(1, "ana", 1, 3), (3, "ben", 2, 2), (5, "cy", 4, 4)] {
        region.record(learner, "NS.INT.1", seen(number, 2, first)).await;
        region.record(learner, "NS.INT.1", seen(number + 1, 3, second)).await;
    }
    region.settled().await;
    let told = dry_run(&region, always(policy(r#""name":"mean""#, ""))).await;
    let summary = told.summary();
    let figures = [summary.levels, summary.learners, summary.changes, summary.learners_changed];
    assert_eq!((figures, summary.published), ([3, 3, 1, 1], false));
    let counts: Vec<_> = summary
        .counts
        .iter()
        .map(|it| (it.before(), it.before_level, it.after(), it.after_level, it.levels))
        .collect();
    let [below, at] = [Standing::BelowMastery, Standing::AtMastery];
    assert_eq!(counts, [(below, 2, below, 2, 1), (at, 3, below, 2, 1), (at, 4, at, 4, 1)]);
    let thousandths: Vec<_> = told.progress.iter().map(|it| it.done_thousandths).collect();
    assert!(thousandths.is_sorted() && thousandths.last() == Some(&1_000), "{thousandths:?}");
    assert_eq!(told.last_progress(), (3, 1));
    assert_eq!(summary.rolled_up, None, "there is no rule");
}

#[tokio::test]
async fn a_policy_for_a_framework_that_nobody_has_evidence_in_changes_nothing() {
    let region = populated(Stand::sqlite()).await;
    let other = "6b0a2f3e-0000-4000-8000-000000000001";
    let told = dry_run(&region, always(latest().replace(&framework().to_string(), other))).await;
    let summary = told.summary();
    assert_eq!((summary.levels, summary.learners, summary.changes), (0, 0, 0));
    assert!(summary.counts.is_empty() && !summary.published);
}

#[tokio::test]
async fn what_cannot_be_published_cannot_be_tried_and_not_by_everybody() {
    let region = Region::new().await;
    let bad = policy(r#""name":"guess""#, "");
    for asked in [None, Some(always(bad)), Some(always(String::new()))] {
        let request = wire::DryRunPolicyRequest { policy: asked };
        let status = region.admin().dry_run_policy(request).await.expect_err("refused");
        assert_eq!(status.code(), Code::InvalidArgument);
    }
    for role in [Role::Teacher, Role::Learner, Role::Integrator] {
        let request = wire::DryRunPolicyRequest { policy: Some(always(latest())) };
        let status = region.client(role, &[]).dry_run_policy(request).await;
        assert_eq!(status.expect_err("not allowed").code(), Code::PermissionDenied);
    }
}

#[tokio::test]
async fn a_foreign_tenants_levels_are_not_read() {
    let mut region = populated(Stand::sqlite()).await;
    region.move_to("south");
    let told = dry_run(&region, always(policy(r#""name":"mean""#, ""))).await;
    assert_eq!((told.summary().levels, told.changes.len()), (0, 0));
}
