//! Credentials that end by their date: shown beforehand, renewed while earned, told when over.

use northstar_chassis::Role;
use northstar_kernel::Timestamp;
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::CredentialStatus;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService as _;
use serde_json::Value;

use crate::badge;
use crate::region::{FRONT_RANGE, Region, achievement, by, caller, learner, present};
use crate::rules::{of, ruled};

pub(crate) const RES: &str = "responsibility";
const DAY: i64 = 86_400_000_000;

/// So many days after the present.
pub(crate) fn in_days(days: i64) -> Timestamp {
    Timestamp::from_micros(present().micros() + days * DAY)
}

/// A region in which one learner holds something for a hundred days.
pub(crate) async fn awarded() -> Region {
    let region = Region::running().await;
    let hundred = wire::Achievement { valid_days: 100, ..achievement("res-3", RES, 3) };
    region.define(hundred).await.expect("sound");
    region.mastery(learner("s1"), RES, 3, true).await;
    region.settled().await;
    region
}

async fn the_one(region: &Region) -> wire::Credential {
    let mut credentials = region.credentials_of(learner("s1")).await;
    assert_eq!(credentials.len(), 1, "{credentials:?}");
    credentials.remove(0)
}

fn seconds(at: Option<prost_types::Timestamp>) -> i64 {
    at.expect("it is there").seconds
}

async fn count(region: &Region, wanted: &str) -> usize {
    region.event_types().await.iter().filter(|name| *name == wanted).count()
}

#[tokio::test]
async fn what_is_still_earned_is_renewed_with_a_tenth_of_its_time_left() {
    let region = awarded().await;
    let before = the_one(&region).await;
    let document: Value = serde_json::from_str(&before.document).expect("JSON");
    let until: Timestamp =
        document["validUntil"].as_str().expect("a text").parse().expect("an instant");
    assert_eq!(until.parts().0, seconds(before.valid_until));
    assert_eq!(badge::payload(&before.compact_jws)["exp"], seconds(before.valid_until));
    assert_eq!(seconds(before.valid_until) - seconds(before.renewal_at), 10 * 86_400);
    assert_eq!(region.failed_check(&before.compact_jws).await, None);

    region.due_at(in_days(89)).await;
    assert_eq!(the_one(&region).await, before, "it is too early");
    let nine_left = Timestamp::from_micros((seconds(before.valid_until) - 9 * 86_400) * 1_000_000);
    region.due_at(nine_left).await;
    region.due_at(nine_left).await;
    let renewed = the_one(&region).await;
    assert_eq!(renewed.credential_id, before.credential_id);
    assert_eq!(renewed.place, before.place, "with the bit that it had");
    assert_eq!(seconds(renewed.valid_until) - seconds(before.valid_until), 91 * 86_400);
    assert_ne!(renewed.document, before.document);
    let counts = (
        count(&region, "credential_renewal_due").await,
        count(&region, "credential_renewed").await,
    );
    assert_eq!(counts, (1, 1), "once each");
    region.due_at(in_days(101)).await;
    assert_eq!(count(&region, "credential_expired").await, 0, "the old end is no end");
}

#[tokio::test]
async fn what_is_held_back_is_not_renewed_and_its_end_is_told() {
    let region = awarded().await;
    let admin = caller(FRONT_RANGE, Role::NetworkAdmin, &[]);
    let credential_id = the_one(&region).await.credential_id;
    let reason = || "Looked into.".to_owned();
    let hold =
        wire::HoldCredentialRequest { credential_id: credential_id.clone(), reason: reason() };
    region.api.hold_credential(by(&admin, hold)).await.expect("allowed");
    region.settled().await;
    for days in [101, 102] {
        region.due_at(in_days(days)).await;
        let due = count(&region, "credential_renewal_due").await;
        assert_eq!((due, count(&region, "credential_expired").await), (1, 1), "once each");
    }
    assert_eq!(count(&region, "credential_renewed").await, 0);
    let release = wire::ReleaseCredentialRequest { credential_id, reason: reason() };
    region.api.release_credential(by(&admin, release)).await.expect("allowed");
    region.settled().await;
    let held = the_one(&region).await;
    assert_eq!(held.status(), CredentialStatus::Issued, "by this clock there is time left");
}

#[tokio::test]
async fn a_part_that_ended_by_its_date_holds_the_stack() {
    let region = awarded().await;
    let part = wire::rule::What::AchievementId(the_one(&region).await.achievement_id);
    let part = wire::Rule { what: Some(part) };
    region.define(ruled("stack", "whole", of(0, vec![part]))).await.expect("sound");
    region.settled().await;
    let all = region.credentials_of(learner("s1")).await;
    assert!(all.iter().all(|it| it.status() == CredentialStatus::Issued) && all.len() == 2);
    // Below the level that the credential states it is not renewed, and mastery carries it still.
    region.mastery(learner("s1"), RES, 5, true).await;
    region.settled().await;
    region.mastery(learner("s1"), RES, 3, true).await;
    region.settled().await;
    region.due_at(in_days(101)).await;
    let stacked = region.credentials_of(learner("s1")).await;
    let stacked = stacked.iter().find(|it| it.valid_until.is_none()).expect("the stack");
    assert!(stacked.suspended, "{stacked:?}");
}

#[tokio::test]
async fn those_that_end_before_long_are_listed_first_to_end_first() {
    let region = awarded().await;
    let week = wire::Achievement { valid_days: 7, ..achievement("week", RES, 2) };
    region.define(week).await.expect("sound");
    region.define(achievement("ever", RES, 1)).await.expect("sound");
    region.mastery(learner("s2"), RES, 2, true).await;
    region.settled().await;
    let list = async |role, learner_id: String, days, page_token| {
        let caller = caller(FRONT_RANGE, role, &[learner("s1")]);
        let (seconds, nanos) = in_days(days).parts();
        let ends_before = Some(prost_types::Timestamp { seconds, nanos });
        let request =
            wire::ListCredentialsRequest { learner_id, page_size: 1, page_token, ends_before };
        region.api.list_credentials(by(&caller, request)).await.map(|it| it.into_inner())
    };
    let (mut found, mut token) = (Vec::new(), String::new());
    loop {
        let page = list(Role::Teacher, String::new(), 101, token).await.expect("a page");
        found.extend(page.credentials.into_iter().map(|it| it.achievement_name));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    let (week, hundred) = ("responsibility, level 2", "responsibility, level 3");
    assert_eq!(found, [week, week, hundred]);
    let soon = list(Role::Teacher, learner("s2").to_string(), 8, String::new()).await;
    assert_eq!(soon.expect("a page").credentials.len(), 1);
    let own = list(Role::Learner, learner("s1").to_string(), 8, String::new()).await;
    assert_eq!(own.expect("a page").credentials.len(), 1);
    assert!(list(Role::Learner, learner("s2").to_string(), 8, String::new()).await.is_err());
    assert!(list(Role::Learner, String::new(), 8, String::new()).await.is_err());
    let none = list(Role::Teacher, String::new(), 6, String::new()).await.expect("a page");
    assert!(none.credentials.is_empty());
}

#[tokio::test]
async fn from_log_and_secrets_alone_courses_and_rules_come_back_too() {
    let region = awarded().await;
    let part = wire::rule::What::AchievementId(the_one(&region).await.achievement_id);
    let part = wire::Rule { what: Some(part) };
    region.define(ruled("stack", "whole", of(0, vec![part]))).await.expect("sound");
    region.settled().await;
    region.due_at(in_days(91)).await;
    region.mastery(learner("s1"), RES, 1, false).await;
    region.settled().await;
    let before = region.credentials_of(learner("s1")).await;
    assert_eq!(before.len(), 2);
    let events = region.event_types().await;
    let mut region = region.emptied();
    region.start();
    region.settled().await;
    assert_eq!(region.event_types().await, events, "and nothing is told anew");
    assert_eq!(region.credentials_of(learner("s1")).await, before);
}
