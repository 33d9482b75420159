//! Following: every event once, in order, from wherever one left off.

use northstar_chassis::Role;
use northstar_kernel::Timestamp;
use northstar_wire::mastery::v1 as wire;
use northstar_wire::mastery::v1::follow_mastery_events_response::Item;
use northstar_wire::mastery::v1::mastery_event::Event;
use tonic::{Code, Streaming};
use tonic_types::StatusExt as _;

use crate::region::{Region, competency, latest, learner, seen};

type Stream = Streaming<wire::FollowMasteryEventsResponse>;

async fn follow(region: &Region, after_sequence: u64) -> Stream {
    let request = wire::FollowMasteryEventsRequest { after_sequence };
    let mut client = region.client(Role::Integrator, &[]);
    client.follow_mastery_events(request).await.expect("a stream").into_inner()
}

async fn next(stream: &mut Stream) -> Item {
    let response = stream.message().await.expect("no fault").expect("a stream without end");
    response.item.expect("an event or a sign of life")
}

/// The next event, past any signs of life.
async fn event(stream: &mut Stream) -> wire::MasteryEvent {
    loop {
        if let Item::Event(event) = next(stream).await {
            return event;
        }
    }
}

async fn ready() -> Region {
    let region = Region::new().await;
    region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
    region.publish_policy(latest()).await;
    region
}

/// Evidence `numbers`, each of which changes the level: 1, 2, 3, 1, 2 …
async fn change(region: &Region, numbers: std::ops::Range<u32>) {
    for number in numbers {
        let points = i64::from(number % 3) + 1;
        region.record("ana", "NS.INT.1", seen(number, i64::from(number), points)).await;
    }
}

#[tokio::test]
async fn a_follower_hears_everything_once_and_in_order() {
    let region = ready().await;
    let mut stream = follow(&region, 0).await;
    change(&region, 1..10).await;
    for sequence in 1..=10 {
        let event = event(&mut stream).await;
        assert_eq!(event.sequence, sequence);
        let policy = matches!(event.event, Some(Event::PolicyPublished(_)));
        assert_eq!(policy, sequence == 1);
        assert!(event.observed_at.is_some() && event.recorded_at.is_some());
    }
}

#[tokio::test]
async fn a_follower_that_resumes_misses_nothing_and_hears_nothing_twice() {
    let region = ready().await;
    change(&region, 1..7).await;
    region.settled().await;
    let mut heard = Vec::new();
    for _ in 0..2 {
        let after = heard.last().map_or(0, |event: &wire::MasteryEvent| event.sequence);
        let mut stream = follow(&region, after).await;
        for _ in 0..3 {
            heard.push(event(&mut stream).await);
        }
    }
    change(&region, 7..9).await;
    let mut stream = follow(&region, 6).await;
    for _ in 0..3 {
        heard.push(event(&mut stream).await);
    }
    region.settled().await;
    let stored: Vec<_> = region.feed().await.iter().map(|event| event.id.to_string()).collect();
    let heard: Vec<_> = heard.into_iter().map(|event| event.event_id).collect();
    assert_eq!(heard, stored);
}

#[tokio::test]
async fn a_long_feed_is_read_page_by_page() {
    let region = ready().await;
    change(&region, 1..601).await;
    region.settled().await;
    let mut stream = follow(&region, 0).await;
    for sequence in 1..=601 {
        let Item::Event(event) = next(&mut stream).await else { panic!("not caught up yet") };
        assert_eq!(event.sequence, sequence);
    }
    assert_eq!(next(&mut stream).await, Item::KeepAlive(wire::KeepAlive { sequence: 601 }));
}

#[tokio::test]
async fn signs_of_life_say_how_far_everything_was_sent() {
    let region = ready().await;
    change(&region, 1..3).await;
    region.settled().await;
    let mut stream = follow(&region, 3).await;
    for _ in 0..3 {
        let alive = Item::KeepAlive(wire::KeepAlive { sequence: 3 });
        assert_eq!(next(&mut stream).await, alive);
    }
    change(&region, 3..4).await;
    assert_eq!(event(&mut stream).await.sequence, 4);
    assert_eq!(next(&mut stream).await, Item::KeepAlive(wire::KeepAlive { sequence: 4 }));
}

#[tokio::test]
async fn a_cursor_beyond_the_newest_event_is_refused() {
    let region = ready().await;
    let request = wire::FollowMasteryEventsRequest { after_sequence: 2 };
    let mut client = region.client(Role::Integrator, &[]);
    let status = client.follow_mastery_events(request).await.expect_err("there is one event");
    assert_eq!(status.code(), Code::InvalidArgument);
    let details = status.get_error_details();
    assert_eq!(details.error_info().map(|info| info.reason.as_str()), Some("CURSOR_AHEAD"));
    assert!(status.message().contains("the newest event is 1"), "{}", status.message());
}

#[tokio::test]
async fn a_follower_hears_of_its_own_tenant_alone() {
    let mut region = ready().await;
    change(&region, 1..3).await;
    region.settled().await;
    region.move_to("south");
    let mut stream = follow(&region, 0).await;
    assert_eq!(next(&mut stream).await, Item::KeepAlive(wire::KeepAlive { sequence: 0 }));
    region.publish_policy(latest()).await;
    let first = event(&mut stream).await;
    assert_eq!(first.sequence, 1);
    assert!(matches!(first.event, Some(Event::PolicyPublished(_))));
}

#[tokio::test]
async fn learners_guardians_and_employers_may_not_follow_everybody() {
    let region = ready().await;
    for role in [Role::Learner, Role::Guardian, Role::Employer] {
        let request = wire::FollowMasteryEventsRequest { after_sequence: 0 };
        let refused = region.client(role, &[]).follow_mastery_events(request).await;
        assert_eq!(refused.expect_err("not allowed").code(), Code::PermissionDenied);
    }
}

#[tokio::test]
async fn a_follower_at_another_replica_hears_everything_too() {
    let region = ready().await;
    let request = wire::FollowMasteryEventsRequest { after_sequence: 0 };
    let mut client = region.other_replica();
    let mut stream = client.follow_mastery_events(request).await.expect("a stream").into_inner();
    change(&region, 1..5).await;
    for sequence in 1..=5 {
        assert_eq!(event(&mut stream).await.sequence, sequence);
    }
}

#[tokio::test]
async fn what_people_and_time_bring_is_in_the_feed_too() {
    let region = ready().await;
    region.record("ana", "NS.INT.1", seen(1, 2, 2)).await;
    region.known("ana", "student").await;
    let until = prost_types::Timestamp { seconds: 7_258_118_400, nanos: 0 };
    let says = wire::OverrideSays { level: 3, ..Default::default() };
    let request = wire::SetOverrideRequest {
        request_id: "1".to_owned(),
        learner_id: learner("ana").to_string(),
        competency_id: competency("NS.INT.1").to_string(),
        says: Some(wire::OverrideSays { standing: wire::Standing::AtMastery.into(), ..says }),
        reason: "Seen in the workshop".to_owned(),
        second_signer: "ben".to_owned(),
        until: Some(until),
        ..Default::default()
    };
    let reply = region.teacher("ada").set_override(request).await.expect("it is set");
    let override_id = reply.into_inner().override_id;
    let request = wire::ConfirmOverrideRequest { override_id };
    region.teacher("ben").confirm_override(request).await.expect("it is confirmed");
    region.settled().await;
    let request = wire::AdvanceLearnerRequest {
        learner_id: learner("ana").to_string(),
        competency_id: competency("NS.INT.1").to_string(),
        reason: String::new(),
    };
    region.teacher("ada").advance_learner(request).await.expect("advanced");
    region.pass(Timestamp::from_micros(until.seconds * 1_000_000)).await;
    let mut stream = follow(&region, 2).await;
    let mut heard = Vec::new();
    for sequence in 3..=8 {
        let event = event(&mut stream).await;
        assert_eq!(event.sequence, sequence);
        heard.push(match event.event.expect("a known kind") {
            Event::OverrideSet(_) => "set",
            Event::OverrideConfirmed(_) => "confirmed",
            Event::MasteryChanged(change) if change.override_id.is_empty() => "by rule",
            Event::MasteryChanged(_) => "overridden",
            Event::LearnerAdvanced(_) => "advanced",
            Event::LevelDue(_) => "due",
            other => panic!("{other:?}"),
        });
    }
    assert_eq!(heard, ["set", "confirmed", "overridden", "advanced", "due", "by rule"]);
}
