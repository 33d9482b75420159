//! Status lists: each credential has a place, and a bit that is set is published, signed.

use northstar_chassis::Role;
use northstar_credentials::standard::status::{Finding, look_up};
use northstar_credentials_canonical::Limits;
use northstar_credentials_proof::{Proof, PublicKey, verify};
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService as _;
use serde_json::Value;
use tonic::{Code, Status};

use crate::region::{FRONT_RANGE, Region, achievement, by, caller, learner, present};

const RES: &str = "responsibility";

async fn list(region: &Region, list: u64) -> Result<(u64, Value), Status> {
    let anybody = caller(FRONT_RANGE, Role::Employer, &[]);
    let request = by(&anybody, wire::GetStatusListRequest { list });
    let response = region.api.get_status_list(request).await?.into_inner();
    Ok((response.epoch, serde_json::from_str(&response.document).expect("JSON")))
}

async fn document(region: &Region, key: &str) -> Value {
    let credential = region.credentials_of(learner(key)).await.remove(0);
    serde_json::from_str(&credential.document).expect("JSON")
}

/// Verifies the embedded proof by the issuer's own document.
async fn proven(region: &Region, document: &Value) -> Result<(), String> {
    let issuer: Value = serde_json::from_str(&region.issuer().await.did_document).expect("JSON");
    let proof = Proof::read(&document["proof"]).map_err(|error| error.to_string())?;
    let methods = issuer["verificationMethod"].as_array().expect("methods");
    let named = |method: &&Value| method["id"] == proof.verification_method;
    let method = methods.iter().find(named).ok_or("it is no key of the issuer")?;
    let key = PublicKey::from_multibase(method["publicKeyMultibase"].as_str().expect("a key"))?;
    verify(document, &proof, &key, &Limits::BADGE).map_err(|error| error.to_string())
}

#[tokio::test]
async fn documents_carry_a_proof_and_a_place_of_their_own() {
    let region = Region::running().await;
    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    for key in ["s1", "s2"] {
        region.mastery(learner(key), RES, 3, true).await;
    }
    region.settled().await;
    let documents = [document(&region, "s1").await, document(&region, "s2").await];
    for document in &documents {
        assert_eq!(proven(&region, document).await, Ok(()));
        let mut changed = document.clone();
        changed["credentialSubject"]["result"][0]["value"] = "4".into();
        assert!(proven(&region, &changed).await.is_err(), "no level can be added");
        let mut changed = document.clone();
        changed["credentialStatus"]["statusListIndex"] = "0".into();
        assert!(proven(&region, &changed).await.is_err(), "nor another place");
    }
    let [first, second] = documents.map(|document| document["credentialStatus"].clone());
    assert_eq!(first["statusListCredential"], second["statusListCredential"]);
    assert_ne!(first["statusListIndex"], second["statusListIndex"]);
    assert_eq!(
        first["statusListCredential"],
        format!("https://localhost:7402/t/{FRONT_RANGE}/status/0")
    );
}

#[tokio::test]
async fn a_revoked_bit_is_published_and_signed() {
    let region = Region::running().await;
    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    let refused = list(&region, 0).await.expect_err("nobody has a place yet");
    assert_eq!(refused.code(), Code::NotFound);
    for key in ["s1", "s2"] {
        region.mastery(learner(key), RES, 3, true).await;
    }
    region.settled().await;
    assert_eq!(region.due_at(present()).await, 1);
    assert_eq!(region.due_at(present()).await, 0, "one edition, until there is news");
    let (epoch, first) = list(&region, 0).await.expect("it is published");
    assert_eq!(epoch, 1);
    assert_eq!(proven(&region, &first).await, Ok(()));
    let method = first["proof"]["verificationMethod"].as_str().expect("a name");
    assert!(method.contains("#status-ed-"), "{method}: lists have a key of their own");
    let entry = document(&region, "s1").await["credentialStatus"].clone();
    assert_eq!(look_up(&entry, &first), Finding::NotRevoked);

    region.mastery(learner("s1"), RES, 1, false).await;
    region.settled().await;
    assert_eq!(region.due_at(present()).await, 1);
    let (epoch, second) = list(&region, 0).await.expect("it is published");
    assert_eq!((epoch, &second["id"]), (2, &first["id"]));
    assert_eq!(proven(&region, &second).await, Ok(()));
    assert_eq!(look_up(&entry, &second), Finding::Revoked);
    let other = document(&region, "s2").await["credentialStatus"].clone();
    assert_eq!(look_up(&other, &second), Finding::NotRevoked);
}

#[tokio::test]
async fn another_tenants_lists_look_as_if_they_were_not_there() {
    let region = Region::running().await;
    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    region.mastery(learner("s1"), RES, 3, true).await;
    region.settled().await;
    region.due_at(present()).await;
    let stranger = caller("other", Role::NetworkAdmin, &[]);
    let request = by(&stranger, wire::GetStatusListRequest { list: 0 });
    let refused = region.api.get_status_list(request).await.expect_err("not theirs");
    assert_eq!(refused.code(), Code::NotFound);
    assert_eq!(list(&region, 1).await.expect_err("not there").message(), refused.message());
}
