//! Retired keys go when nothing rests on them; revoked ids are listed where a tenant asks for it.

use northstar_chassis::Role;
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService as _;
use northstar_wire::credentials::v1::{KeyPurpose, KeyStage};
use serde_json::Value;

use crate::course::{RES, in_days};
use crate::http::Face;
use crate::issuing::reason;
use crate::region::{FRONT_RANGE, Region, achievement, by, caller, learner, present};

/// A region in which one learner holds something, its list published.
async fn awarded() -> Region {
    let region = Region::running().await;
    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    region.mastery(learner("s1"), RES, 3, true).await;
    region.settled().await;
    region.due_at(present()).await;
    region
}

/// The stages of keys of a purpose, oldest key first.
async fn stages(region: &Region, purpose: KeyPurpose) -> Vec<KeyStage> {
    let keys = region.issuer().await.keys;
    keys.iter().filter(|key| key.purpose() == purpose).map(wire::IssuerKey::stage).collect()
}

/// Has other keys sign in the place of those in use.
async fn turned(region: &Region) {
    let admin = caller(FRONT_RANGE, Role::NetworkAdmin, &[]);
    let request = by(&admin, wire::RotateIssuerKeyRequest::default());
    region.api.rotate_issuer_key(request).await.expect("allowed");
    region.settled().await;
    region.due_at(in_days(2)).await;
}

#[tokio::test]
async fn a_retired_key_stays_listed_until_the_last_that_rests_on_it_has_ended() {
    let region = awarded().await;
    turned(&region).await;
    region.due_at(in_days(110)).await;
    let kept = stages(&region, KeyPurpose::Credentials).await;
    assert_eq!(kept[..2], [KeyStage::Retired; 2], "a live credential rests on both");
    let kept = stages(&region, KeyPurpose::StatusLists).await;
    assert_eq!(kept[0], KeyStage::Retired, "the published list rests on it");

    region.mastery(learner("s1"), RES, 1, false).await;
    region.settled().await;
    region.due_at(in_days(80)).await;
    let kept = stages(&region, KeyPurpose::Credentials).await;
    assert_eq!(kept[..2], [KeyStage::Retired; 2], "it is too early");
    region.due_at(in_days(111)).await;
    region.due_at(in_days(111)).await;
    let gone = stages(&region, KeyPurpose::Credentials).await;
    assert_eq!(gone[..2], [KeyStage::Removed; 2]);
    let gone = stages(&region, KeyPurpose::StatusLists).await;
    assert_eq!(gone[0], KeyStage::Removed, "another key has signed the list since");
    let issuer = region.issuer().await;
    let name = format!("#{}\"", issuer.keys[0].key_name);
    assert!(!issuer.did_document.contains(&name), "{}", issuer.did_document);
}

#[tokio::test]
async fn revoked_ids_are_listed_for_tenants_that_ask_for_it_alone() {
    let region = awarded().await;
    let (admin, anybody) =
        (caller(FRONT_RANGE, Role::NetworkAdmin, &[]), caller(FRONT_RANGE, Role::Employer, &[]));
    let set = async |caller, published| {
        let request = wire::SetRevocationListRequest { published };
        let changed = region.api.set_revocation_list(by(caller, request)).await;
        region.settled().await;
        changed.map(|it| it.into_inner().changed)
    };
    let get = async || {
        let request = by(&anybody, wire::GetRevocationListRequest {});
        region.api.get_revocation_list(request).await.map(|it| it.into_inner().document)
    };
    let ended = region.credentials_of(learner("s1")).await.remove(0);
    region.mastery(learner("s1"), RES, 1, false).await;
    region.mastery(learner("s2"), RES, 3, true).await;
    region.settled().await;
    assert_eq!(reason(&get().await.expect_err("not asked for")), "REVOCATION_LIST_NOT_FOUND");
    assert_eq!(reason(&set(&anybody, true).await.expect_err("forbidden")), "ROLE_REQUIRED");
    assert!(set(&admin, true).await.expect("allowed"));
    assert!(!set(&admin, true).await.expect("allowed"), "it is so already");
    let list: Value = serde_json::from_str(&get().await.expect("published")).expect("JSON");
    let id = format!("urn:uuid:{}", ended.credential_id);
    assert_eq!(list["revokedCredential"], serde_json::json!([{"id": id, "revoked": true}]));
    let issuer: Value = serde_json::from_str(&region.issuer().await.did_document).expect("JSON");
    assert_eq!(list["issuer"], issuer["id"]);
    let address = list["id"].as_str().expect("an address");
    let path =
        address.strip_prefix("https://localhost:7402").expect("an address of this deployment");
    let face = Face::of(&region).await;
    assert_eq!(face.get(path).await.json(), list);
    assert!(set(&admin, false).await.expect("allowed"));
    assert!(get().await.is_err());
    assert_eq!(face.get(path).await.status, 404);
}
