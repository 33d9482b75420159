//! What was true on a day, as it was believed on another.

use northstar_bus::rebuild::{Options, rebuild};
use northstar_kernel::{Shard, Timestamp};
use northstar_wire::mastery::v1 as wire;
use tonic::Code;

use crate::region::{Region, competency, held, instant, latest, learner, on, policy, seen};

/// A region with a competency of four rungs, read by the latest judgement.
async fn region() -> Region {
    let region = Region::new().await;
    region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
    region.publish_policy(latest()).await;
    region
}

/// The instant up to which the evidence log goes now: what is recorded next is later.
async fn now_known(region: &Region) -> Timestamp {
    region.settled().await;
    let feed = [region.evidence_feed().await, region.feed().await].concat();
    let newest = feed.iter().map(|event| event.recorded_at).max().expect("something is recorded");
    while now() <= newest {
        tokio::task::yield_now().await;
    }
    newest
}

fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::SystemTime::UNIX_EPOCH);
    let micros = since.expect("after 1970").as_micros();
    Timestamp::from_micros(i64::try_from(micros).expect("in this age"))
}

/// What was held of Ana at the end of March, by what was known then.
async fn ana(region: &Region, known: Timestamp) -> Vec<(i64, u32)> {
    region.settled().await;
    let profile = region.profile_known("ana", Some(on(31)), Some(known)).await;
    profile.iter().map(|entry| held(entry.mastery.as_ref())).collect()
}

#[tokio::test]
async fn what_is_recorded_late_changes_what_was_true_and_not_what_was_believed() {
    let region = region().await;
    region.record("ana", "NS.INT.1", seen(1, 2, 1)).await;
    let first = now_known(&region).await;
    region.record("ana", "NS.INT.1", seen(2, 3, 4)).await;
    let second = now_known(&region).await;
    assert_eq!(ana(&region, first).await, [(1_000, 1)]);
    assert_eq!(ana(&region, second).await, [(4_000, 4)]);
    let before_all = Timestamp::from_micros(0);
    assert_eq!(ana(&region, before_all).await, []);
    let true_on_the_second = region.profile_known("ana", Some(on(2)), Some(second)).await;
    assert_eq!(held(true_on_the_second[0].mastery.as_ref()), (1_000, 1));
}

#[tokio::test]
async fn corrections_sign_offs_and_retractions_are_believed_from_when_they_came() {
    let region = region().await;
    region.record("ana", "NS.INT.1", seen(1, 2, 1)).await;
    let recorded = now_known(&region).await;
    region.correct("ana", "NS.INT.1", seen(1, 2, 3)).await;
    let corrected = now_known(&region).await;
    region.validate("ana", "NS.INT.1", 1).await;
    let validated = now_known(&region).await;
    region.retract("ana", "NS.INT.1", 1).await;
    let retracted = now_known(&region).await;
    let mut believed = Vec::new();
    for known in [recorded, corrected, validated, retracted] {
        let profile = region.profile_known("ana", Some(on(31)), Some(known)).await;
        let mastery = profile.first().and_then(|entry| entry.mastery);
        believed.push(mastery.map(|mastery| (mastery.value_milli, mastery.provisional)));
    }
    let expected = [Some((1_000, true)), Some((3_000, true)), Some((3_000, false)), None];
    assert_eq!(believed, expected);
    assert!(region.profile("ana").await.is_empty(), "nothing stands now");
}

#[tokio::test]
async fn policies_and_scales_are_believed_from_when_they_were_published() {
    let region = region().await;
    region.record("ana", "NS.INT.1", seen(1, 2, 1)).await;
    region.record("ana", "NS.INT.1", seen(2, 3, 3)).await;
    let by_latest = now_known(&region).await;
    region.publish_policy(policy(r#""name":"mean""#, "")).await;
    let by_mean = now_known(&region).await;
    region.publish_competency("NS.INT.1", &[2]).await;
    region.settled().await;
    assert_eq!(ana(&region, by_latest).await, [(3_000, 3)]);
    assert_eq!(ana(&region, by_mean).await, [(2_000, 2)]);
    assert_eq!(ana(&region, now()).await, [(2_000, 1)], "by the new scale");
}

#[tokio::test]
async fn a_derivation_is_told_as_it_was_believed() {
    let region = region().await;
    region.record("ana", "NS.INT.1", seen(1, 2, 1)).await;
    let recorded = now_known(&region).await;
    region.correct("ana", "NS.INT.1", seen(1, 2, 3)).await;
    region.settled().await;
    let request = wire::GetDerivationRequest {
        learner_id: learner("ana").to_string(),
        competency_id: competency("NS.INT.1").to_string(),
        as_of: Some(instant(on(31))),
        known_at: Some(instant(recorded)),
        ..Default::default()
    };
    let told = region.admin().get_derivation(request.clone()).await.expect("known").into_inner();
    assert!(told.derivation.contains(r#""value_milli":1000"#), "{}", told.derivation);
    let evidence = region.evidence_feed().await;
    let before = Timestamp::from_micros(evidence[0].recorded_at.micros() - 1);
    let request = wire::GetDerivationRequest { known_at: Some(instant(before)), ..request };
    let status = region.admin().get_derivation(request).await.expect_err("not known yet");
    assert_eq!(status.code(), Code::NotFound);
}

#[tokio::test]
async fn a_level_of_which_nothing_stands_is_no_state_and_remembers_through_a_rebuild() {
    let region = region().await;
    region.settled().await;
    let without = region.documents().await;
    region.record("ana", "NS.INT.1", seen(1, 2, 4)).await;
    let recorded = now_known(&region).await;
    region.retract("ana", "NS.INT.1", 1).await;
    region.settled().await;
    for _ in 0..2 {
        assert_eq!(region.documents().await, without, "the state is as though it had never been");
        assert_eq!(ana(&region, recorded).await, [(4_000, 4)]);
        let options = Options { workers: 2, batch_size: 1 };
        rebuild(&region.lane, Shard(0), options).await.expect("a rebuild");
    }
}

#[tokio::test]
async fn an_instant_that_is_none_is_refused() {
    let region = Region::new().await;
    let request = wire::GetProfileRequest {
        learner_id: learner("ana").to_string(),
        known_at: Some(prost_types::Timestamp { seconds: 0, nanos: -1 }),
        ..Default::default()
    };
    let status = region.admin().get_profile(request).await.expect_err("no instant");
    assert_eq!(status.code(), Code::InvalidArgument);
    assert!(status.message().contains("known_at") || format!("{status:?}").contains("known_at"));
}
