//! The CLR API as a host: a wallet reads the records that were made, and brings those of others.

use northstar_chassis::Role;
use northstar_credentials_canonical::Limits;
use northstar_credentials_proof::{Options, SecretKey, Suite, secure};
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService as _;
use serde_json::{Value, json};

use crate::http::{Answer, Face};
use crate::oauth::{Program, READ, metadata};
use crate::ob_host::refused;
use crate::records::{asked, assembled, learned, record};
use crate::region::{FRONT_RANGE, Region, by, caller};

const API: &str = "/t/front-range/ims/clr/v2p0";
const BADGES: &str = "/t/front-range/ims/ob/v3p0";
const RECORDS: &str = "https://purl.imsglobal.org/spec/clr/v2p0/scope/credential.readonly \
    https://purl.imsglobal.org/spec/clr/v2p0/scope/credential.upsert \
    https://purl.imsglobal.org/spec/clr/v2p0/scope/profile.readonly";
const RESPONSE: &str = "clr_v2p0_getclrcredentialsresponse_schema.json";

/// A region with records of Ana's, its face, and a token for them.
async fn connected(records: u32) -> (Region, Face, String) {
    let region = learned().await;
    for number in 0..records {
        let request_id = format!("application-{number}");
        let request = wire::AssembleRecordRequest { request_id, ..asked(vec![]) };
        assembled(&region, request).await.expect("a record");
    }
    let face = Face::of(&region).await;
    let mut program = metadata();
    program["scope"] = json!(format!("{RECORDS} {READ}"));
    let program = Program::called(&face, &program).await;
    let tokens = program.connect(&region, &face, RECORDS).await;
    let token = tokens["access_token"].as_str().expect("a token").to_owned();
    (region, face, token)
}

async fn get(face: &Face, path: &str, token: &str) -> Answer {
    face.send("GET", path, &[("Authorization", &format!("Bearer {token}"))], b"").await
}

async fn bring(face: &Face, token: &str, body: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    face.send("POST", &format!("{API}/credentials"), &headers, body.as_bytes()).await
}

async fn documents(region: &Region) -> Vec<String> {
    let learner_id = asked(vec![]).learner_id;
    let request = wire::ListRecordsRequest { learner_id, ..Default::default() };
    let teacher = caller(FRONT_RANGE, Role::Teacher, &[]);
    let listed = region.api.list_records(by(&teacher, request)).await.expect("records");
    let mut documents = Vec::new();
    for one in listed.into_inner().records {
        documents.push(record(region, &one.record_id, false).await.document);
    }
    documents
}

/// Another school's record around the same badges.
fn foreign(own: &str, name: &str) -> String {
    let mut record: Value = serde_json::from_str(own).expect("JSON");
    record.as_object_mut().expect("an object").remove("proof");
    record["issuer"]["id"] = "did:web:other.example".into();
    record["id"] = "urn:example:record".into();
    record["name"] = name.into();
    let key = SecretKey::ed25519(&[9; 32]);
    let verification_method = "did:web:other.example#k";
    let options = Options { verification_method, created: "2026-11-01T00:00:00Z" };
    let signed = secure(&record, Suite::EddsaRdfc2022, &options, &key, &Limits::RECORD);
    signed.expect("signed").to_string()
}

#[tokio::test]
async fn the_records_api_describes_itself_to_everybody() {
    let (_region, face, _) = connected(0).await;
    let answer = face.get(&format!("{API}/discovery")).await;
    assert_eq!(answer.status, 200);
    let said = answer.json();
    assert_eq!(said["servers"][0]["url"], format!("http://localhost:7402{API}"));
    let scheme = &said["components"]["securitySchemes"]["OAuth2ACG"];
    let scopes = scheme["flows"]["authorizationCode"]["scopes"].as_object().expect("scopes");
    assert!(RECORDS.split(' ').all(|scope| scopes.contains_key(scope)));
    assert!(!scopes.contains_key(READ), "badges have an API of their own");
    refused(&face.get("/t/nobody/ims/clr/v2p0/discovery").await, 404, "not_found");
    refused(&face.get(&format!("{API}/nothing")).await, 404, "not_found");
    refused(
        &face.send("DELETE", &format!("{API}/credentials"), &[], b"").await,
        405,
        "not_allowed",
    );
}

#[tokio::test]
async fn records_are_handed_out_as_they_were_made_page_by_page() {
    let (region, face, token) = connected(3).await;
    let mut seen = Vec::new();
    for (offset, relations) in [(0, "first last next"), (2, "first last prev")] {
        let path = format!("{API}/credentials?limit=2&offset={offset}");
        let answer = get(&face, &path, &token).await;
        assert_eq!((answer.status, answer.header("x-total-count")), (200, "3"));
        let links = answer.header("link").split(", ");
        let found: Vec<_> = links.map(|link| link.split('"').nth(1).expect("a relation")).collect();
        assert_eq!(found.join(" "), relations);
        crate::standards::official(RESPONSE, &answer.json());
        seen.push(answer.text().to_owned());
    }
    for document in documents(&region).await {
        assert_eq!(seen.concat().matches(&document).count(), 1, "once, and byte for byte");
        assert_eq!(region.failed_check(&document).await, None);
    }
    let profile = get(&face, &format!("{API}/profile"), &token).await;
    assert_eq!(profile.json()["type"], json!(["Profile"]));
    let none = get(&face, &format!("{API}/credentials?since=2999-01-01T00:00:00Z"), &token).await;
    assert_eq!((none.header("x-total-count"), none.text()), ("0", "{}"));
    let wrong = get(&face, &format!("{API}/credentials?limit=0"), &token).await;
    refused(&wrong, 400, "invalid_query_parameter");
}

#[tokio::test]
async fn records_of_others_come_and_go_out_equal_and_no_badge_among_them() {
    let (region, face, token) = connected(1).await;
    let own = documents(&region).await.remove(0);
    assert_eq!(bring(&face, &token, &own).await.status, 304, "it is here");
    let other = foreign(&own, "Of another school");
    for status in [201, 304] {
        assert_eq!(bring(&face, &token, &other).await.status, status);
    }
    let later = foreign(&own, "Of another school, later");
    assert_eq!(bring(&face, &token, &later).await.status, 200);
    region.settled().await;
    let answer = get(&face, &format!("{API}/credentials"), &token).await;
    assert_eq!(answer.header("x-total-count"), "2");
    assert!(answer.text().contains(&later) && answer.text().contains(&own));
    let badge = region.credentials_of(crate::region::learner("s1")).await.remove(0).document;
    refused(&bring(&face, &token, &badge).await, 400, "invalid_data");
    let mut forged: Value = serde_json::from_str(&own).expect("JSON");
    forged["name"] = "Forged".into();
    refused(&bring(&face, &token, &forged.to_string()).await, 403, "forbidden");
}

#[tokio::test]
async fn a_record_with_a_badge_that_is_held_is_not_handed_out() {
    let (region, face, token) = connected(1).await;
    let badge = region.credentials_of(crate::region::learner("s1")).await.remove(0);
    let request = wire::HoldCredentialRequest {
        credential_id: badge.credential_id.clone(),
        reason: "Looked into".into(),
    };
    let admin = caller(FRONT_RANGE, Role::NetworkAdmin, &[]);
    region.api.hold_credential(by(&admin, request)).await.expect("held");
    region.settled().await;
    let answer = get(&face, &format!("{API}/credentials"), &token).await;
    assert_eq!((answer.header("x-total-count"), answer.text()), ("0", "{}"));
}

#[tokio::test]
async fn a_token_for_records_shows_no_badges_and_the_other_way_round() {
    let (region, face, token) = connected(1).await;
    refused(&get(&face, &format!("{BADGES}/credentials"), &token).await, 403, "forbidden");
    refused(&get(&face, &format!("{BADGES}/profile"), &token).await, 403, "forbidden");
    let reading = Program::register(&face).await.connect(&region, &face, READ).await;
    let reading = reading["access_token"].as_str().expect("a token");
    refused(&get(&face, &format!("{API}/credentials"), reading).await, 403, "forbidden");
    refused(&bring(&face, reading, "{}").await, 403, "forbidden");
    let nobody = face.get(&format!("{API}/credentials")).await;
    refused(&nobody, 401, "unauthorizedrequest");
}
