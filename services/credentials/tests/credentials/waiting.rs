//! What time brings is seen to be left to do until it is done.

use northstar_chassis::Role;
use northstar_kernel::Timestamp;
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService as _;

use crate::course::{self, RES, in_days};
use crate::region::{FRONT_RANGE, Region, by, caller, learner, present};

/// A region in which one learner holds something for a hundred days, its list published.
async fn awarded() -> Region {
    let region = course::awarded().await;
    assert_eq!(region.waiting_at(present()).await, [("credentials.status", 1)]);
    done_at(&region, present()).await;
    region
}

/// Does what is due at that moment, and what follows from it, until nothing is left.
async fn done_at(region: &Region, now: Timestamp) {
    for _ in 0..4 {
        region.due_at(now).await;
    }
    assert_eq!(region.waiting_at(now).await, []);
}

/// The credential is no longer earned.
async fn lost(region: &Region) {
    region.mastery(learner("s1"), RES, 1, false).await;
    region.settled().await;
}

#[tokio::test]
async fn a_bit_waits_for_its_edition() {
    let region = awarded().await;
    lost(&region).await;
    assert_eq!(region.waiting_at(present()).await, [("credentials.status", 1)]);
    done_at(&region, present()).await;
}

#[tokio::test]
async fn a_review_waits_from_its_end_on() {
    let region = awarded().await;
    let admin = caller(FRONT_RANGE, Role::NetworkAdmin, &[]);
    let window = by(&admin, wire::SetReviewWindowRequest { days: 14 });
    region.api.set_review_window(window).await.expect("allowed");
    region.settled().await;
    lost(&region).await;
    assert_eq!(region.waiting_at(in_days(13)).await, []);
    assert_eq!(region.waiting_at(in_days(15)).await, [("credentials.reviews", 1)]);
    region.due_at(in_days(15)).await;
    let left = region.waiting_at(in_days(15)).await;
    assert_eq!(left, [("credentials.status", 1)], "the bit that follows from it");
    done_at(&region, in_days(15)).await;
}

#[tokio::test]
async fn renewal_and_keys_wait_for_their_day() {
    let region = awarded().await;
    assert_eq!(region.waiting_at(in_days(89)).await, []);
    let waiting = region.waiting_at(in_days(91)).await;
    let [("credentials.course", 1), ("credentials.keys", 1..)] = waiting.as_slice() else {
        panic!("{waiting:?}");
    };
    region.due_at(in_days(91)).await;
    assert_eq!(region.waiting_at(in_days(91)).await, [], "the next keys sign a day later");
    let waiting = region.waiting_at(in_days(93)).await;
    let [("credentials.keys", 1..)] = waiting.as_slice() else { panic!("{waiting:?}") };
    done_at(&region, in_days(93)).await;
}

#[tokio::test]
async fn a_retired_key_waits_when_nothing_rests_on_it() {
    let region = awarded().await;
    lost(&region).await;
    done_at(&region, present()).await;
    let admin = caller(FRONT_RANGE, Role::NetworkAdmin, &[]);
    let rotate = by(&admin, wire::RotateIssuerKeyRequest::default());
    region.api.rotate_issuer_key(rotate).await.expect("allowed");
    region.settled().await;
    done_at(&region, in_days(2)).await;
    let removal = |waiting: Vec<(&'static str, u64)>| {
        waiting.into_iter().find(|(task, _)| *task == "credentials.removal")
    };
    assert_eq!(removal(region.waiting_at(in_days(101)).await), None);
    let waiting = removal(region.waiting_at(in_days(103)).await);
    assert_eq!(waiting, Some(("credentials.removal", 2)), "both that signed credentials");
    done_at(&region, in_days(103)).await;
}
