//! The issuer's keys live through the log: begun, followed, compromised, and listed as they are.

use northstar_chassis::Role;
use northstar_kernel::Timestamp;
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::KeyStage;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService as _;
use serde_json::Value;
use tonic::Status;
use tonic_types::StatusExt as _;

use crate::region::{FRONT_RANGE, Region, achievement, by, caller, learner, present};

const RES: &str = "responsibility";
const DAY: i64 = 86_400_000_000;

fn later(days: i64) -> Timestamp {
    Timestamp::from_micros(present().micros() + days * DAY)
}

fn stages(keys: &[wire::IssuerKey]) -> Vec<(&str, KeyStage)> {
    // The month is not the test's to choose.
    let short = |name: &str| match name {
        name if name.starts_with("status-") => "status",
        name if name.starts_with("p256-") => "p256",
        _ => "ed",
    };
    keys.iter().map(|key| (short(&key.key_name), key.stage())).collect()
}

async fn rotate(region: &Region, key_name: &str) -> Result<Vec<wire::IssuerKey>, Status> {
    let admin = caller(FRONT_RANGE, Role::NetworkAdmin, &[]);
    let request = wire::RotateIssuerKeyRequest { key_name: key_name.into() };
    Ok(region.api.rotate_issuer_key(by(&admin, request)).await?.into_inner().waiting)
}

async fn compromise(region: &Region, key_name: &str) -> Result<bool, Status> {
    let admin = caller(FRONT_RANGE, Role::NetworkAdmin, &[]);
    let request = wire::CompromiseIssuerKeyRequest { key_name: key_name.into(), from: None };
    let response = region.api.compromise_issuer_key(by(&admin, request)).await?;
    Ok(response.into_inner().compromised)
}

fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

async fn begun() -> Region {
    let region = Region::running().await;
    region.settled().await;
    region
}

#[tokio::test]
async fn a_named_tenant_has_three_keys_in_use() {
    let region = begun().await;
    let issuer = region.issuer().await;
    let in_use = ["ed", "p256", "status"].map(|kind| (kind, KeyStage::Active));
    assert_eq!(stages(&issuer.keys), in_use);
    let document: Value = serde_json::from_str(&issuer.did_document).expect("JSON");
    assert_eq!(document["assertionMethod"].as_array().map(Vec::len), Some(6));
    assert_eq!(region.issuer().await, issuer, "the same bytes each time");
    assert_eq!(region.due_at(later(0)).await, 0, "and nothing is due");
}

#[tokio::test]
async fn a_rotated_key_is_listed_a_day_before_it_signs_and_old_badges_verify_on() {
    let region = begun().await;
    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    region.mastery(learner("s1"), RES, 3, true).await;
    region.settled().await;
    region.due_at(later(0)).await;
    let p256 = region.issuer().await.keys[1].key_name.clone();
    let waiting = rotate(&region, &p256).await.expect("allowed");
    assert_eq!(stages(&waiting), [("p256", KeyStage::Published)]);
    assert_eq!(rotate(&region, &p256).await.expect("allowed"), waiting, "nothing follows twice");
    region.settled().await;
    let document = region.issuer().await.did_document;
    assert!(document.contains(&format!("{}-jwk", waiting[0].key_name)), "{document}");

    assert_eq!(region.due_at(Timestamp::from_micros(present().micros() + DAY / 2)).await, 0);
    assert_eq!(region.due_at(later(2)).await, 1);
    let stage = |name: &str, keys: &[wire::IssuerKey]| {
        keys.iter().find(|key| key.key_name == name).map(wire::IssuerKey::stage)
    };
    let keys = region.issuer().await.keys;
    assert_eq!(stage(&p256, &keys), Some(KeyStage::Retired));
    assert_eq!(stage(&waiting[0].key_name, &keys), Some(KeyStage::Active));
    region.mastery(learner("s2"), RES, 3, true).await;
    region.settled().await;
    for key in ["s1", "s2"] {
        let credentials = region.credentials_of(learner(key)).await;
        assert_eq!(region.failed_check(&credentials[0].compact_jws).await, None, "{key}");
    }
}

#[tokio::test]
async fn keys_follow_by_themselves_when_their_time_is_over() {
    let region = begun().await;
    assert_eq!(region.due_at(later(89)).await, 0);
    assert_eq!(region.due_at(later(91)).await, 1, "all three are published in one append");
    assert_eq!(region.due_at(later(91)).await, 0);
    assert_eq!(region.due_at(later(93)).await, 1);
    let keys = region.issuer().await.keys;
    let retired = keys.iter().filter(|key| key.stage() == KeyStage::Retired).count();
    let active = keys.iter().filter(|key| key.stage() == KeyStage::Active).count();
    assert_eq!((keys.len(), retired, active), (6, 3, 3));
}

#[tokio::test]
async fn a_compromised_key_is_gone_at_once_and_another_follows() {
    let region = begun().await;
    let p256 = region.issuer().await.keys[1].key_name.clone();
    assert!(compromise(&region, &p256).await.expect("allowed"));
    assert!(!compromise(&region, &p256).await.expect("known already"));
    region.settled().await;
    let issuer = region.issuer().await;
    assert!(!issuer.did_document.contains(&p256));
    assert!(!issuer.jwks.contains(&p256));
    assert_eq!(region.due_at(later(0)).await, 1);
    let follows = ("p256", KeyStage::Published);
    assert_eq!(stages(&region.issuer().await.keys).last(), Some(&follows));

    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    region.mastery(learner("s1"), RES, 3, true).await;
    region.settled().await;
    assert!(region.credentials_of(learner("s1")).await.is_empty(), "no key may sign yet");
    assert_eq!(region.due_at(later(2)).await, 1);
    let credentials = region.credentials_of(learner("s1")).await;
    assert_eq!(credentials.len(), 1, "what waited is issued when there is one");
    assert_eq!(region.failed_check(&credentials[0].compact_jws).await, None);
}

#[tokio::test]
async fn only_administrators_touch_keys_and_only_those_that_are_there() {
    let region = begun().await;
    for role in [Role::Teacher, Role::Learner, Role::Service, Role::Employer] {
        let caller = caller(FRONT_RANGE, role, &[]);
        let request = wire::RotateIssuerKeyRequest::default();
        let refused = region.api.rotate_issuer_key(by(&caller, request)).await;
        assert_eq!(reason(&refused.expect_err("forbidden")), "ROLE_REQUIRED", "{role:?}");
        let request = wire::CompromiseIssuerKeyRequest::default();
        let refused = region.api.compromise_issuer_key(by(&caller, request)).await;
        assert_eq!(reason(&refused.expect_err("forbidden")), "ROLE_REQUIRED", "{role:?}");
    }
    assert_eq!(reason(&rotate(&region, "ed-1999-01").await.expect_err("none")), "KEY_UNKNOWN");
    assert_eq!(reason(&compromise(&region, "").await.expect_err("none")), "KEY_UNKNOWN");
    let bare = Region::new();
    assert_eq!(reason(&rotate(&bare, "").await.expect_err("no keys")), "ISSUER_NOT_FOUND");
    let admin = caller(FRONT_RANGE, Role::NetworkAdmin, &[]);
    let from = Some(prost_types::Timestamp { seconds: 0, nanos: -1 });
    let request = wire::CompromiseIssuerKeyRequest { key_name: "x".into(), from };
    let refused = region.api.compromise_issuer_key(by(&admin, request)).await;
    assert_eq!(reason(&refused.expect_err("no instant")), "INSTANT_INVALID");
}
