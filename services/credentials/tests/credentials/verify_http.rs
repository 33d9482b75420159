//! `POST /credentials/verify`: whoever was handed a credential asks what it is worth.

use northstar_credentials::standard::baking::{Baked, bake};
use northstar_credentials_canonical::Limits;
use northstar_credentials_proof::jws;
use northstar_credentials_proof::{Options, SecretKey, Suite, secure};
use serde_json::{Value, json};

use crate::edge::issued;
use crate::http::{Answer, Face};
use crate::region::{Region, learner};

const VERIFY: &str = "/credentials/verify";

async fn badge(region: &Region) -> (Value, String) {
    let credential = region.credentials_of(learner("s1")).await.remove(0);
    (serde_json::from_str(&credential.document).expect("JSON"), credential.compact_jws)
}

async fn ask(face: &Face, credential: impl Into<Value>) -> Value {
    let body = json!({ "verifiableCredential": credential.into(), "options": {} });
    let kind = "application/json; charset=utf-8";
    told(&face.post(VERIFY, kind, body.to_string().as_bytes()).await)
}

fn told(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    let told = answer.json();
    let checks = told["checks"].as_array().expect("checks");
    let names: Vec<_> =
        checks.iter().map(|check| check["check"].as_str().expect("a name")).collect();
    let all =
        ["form", "arithmetic", "key owner", "schema", "status", "time", "endorsements", "policy"];
    assert_eq!(names, all);
    let failed = checks.iter().filter(|check| check["passed"] == false).count();
    assert_eq!(told["problemDetails"].as_array().map(Vec::len), Some(failed));
    assert_eq!(told["verified"], failed == 0);
    told
}

fn failed(told: &Value) -> Vec<&str> {
    let problems = told["problemDetails"].as_array().expect("problems").iter();
    problems.map(|problem| problem["title"].as_str().expect("a title")).collect()
}

#[tokio::test]
async fn our_own_verify_in_whatever_form_they_come() {
    let (region, face) = issued().await;
    let (document, token) = badge(&region).await;
    let envelope = json!({
        "@context": "https://www.w3.org/ns/credentials/v2",
        "type": "EnvelopedVerifiableCredential",
        "id": format!("data:application/vc+jwt,{token}"),
    });
    for credential in [document.clone(), token.clone().into(), envelope] {
        let told = ask(&face, credential).await;
        assert_eq!((&told["verified"], failed(&told)), (&json!(true), vec![]));
        assert_eq!(told["issuer"]["resolved"], true);
        assert_eq!(told["issuer"]["id"], region.issuer().await.did);
    }
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    let baked = bake(svg.as_bytes(), &Baked::of_text(&token).expect("a token")).expect("baked");
    let written = document.to_string();
    for (kind, body) in [
        ("application/vc", written.as_bytes()),
        ("application/vc+jwt", token.as_bytes()),
        ("Text/Plain", token.as_bytes()),
        ("image/svg+xml", &baked),
    ] {
        let told = told(&face.post(VERIFY, kind, body).await);
        assert_eq!(told["verified"], true, "{kind}");
    }
}

#[tokio::test]
async fn what_was_changed_or_ended_fails_by_name() {
    let (region, face) = issued().await;
    let (document, token) = badge(&region).await;
    let mut changed = document.clone();
    changed["credentialSubject"]["result"][0]["value"] = "4".into();
    assert_eq!(failed(&ask(&face, changed).await), ["arithmetic"]);
    let mut rekeyed = document.clone();
    let status = rekeyed["credentialStatus"].take();
    rekeyed["https://www.w3.org/2018/credentials#credentialStatus"] = status;
    assert_eq!(failed(&ask(&face, rekeyed).await)[0], "form");
    region.mastery(learner("s1"), "responsibility", 1, false).await;
    region.settled().await;
    for revoked in [document, token.into()] {
        let told = ask(&face, revoked).await;
        assert_eq!(failed(&told), ["status"]);
        assert_eq!(told["problemDetails"][0]["detail"], "revoked");
    }
}

#[tokio::test]
async fn of_issuers_elsewhere_it_says_that_nothing_was_looked_up() {
    let (region, face) = issued().await;
    let (document, _) = badge(&region).await;
    let key = SecretKey::ed25519(&[9; 32]);
    let did = format!("did:key:{}", key.public().multibase().expect("a key"));
    let theirs = "did:web:other.example:t:north".to_owned();
    let nobody = "did:web:localhost%3A7402:t:nobody".to_owned();
    for (issuer, resolved, wrong) in [
        (did.clone(), true, vec!["status"]),
        (theirs, false, vec!["arithmetic", "key owner", "status"]),
        (nobody, false, vec!["arithmetic", "key owner", "status"]),
    ] {
        let mut credential = document.clone();
        credential.as_object_mut().expect("an object").remove("proof");
        credential["issuer"]["id"] = issuer.clone().into();
        let method = format!("{issuer}#{}", issuer.rsplit(':').next().expect("a part"));
        let options = Options { verification_method: &method, created: "2026-11-01T00:00:00Z" };
        let signed = secure(&credential, Suite::EddsaRdfc2022, &options, &key, &Limits::BADGE);
        let told = ask(&face, signed.expect("signed")).await;
        assert_eq!((failed(&told), &told["verified"]), (wrong, &json!(false)), "{issuer}");
        assert_eq!(told["issuer"]["resolved"], resolved, "{issuer}");
        assert_eq!(told["issuer"]["id"], issuer);
    }
    let sound = json!({ "iss": "https://other.example", "issuer": "https://other.example" });
    let token = jws::sign(&key, "https://other.example#k", &sound).expect("signed");
    assert_eq!(ask(&face, token).await["issuer"]["id"], "https://other.example");
}

#[tokio::test]
async fn what_is_no_request_is_refused_with_advice() {
    let (_region, face) = issued().await;
    for (kind, body, status, advice) in [
        ("application/json", "{}", 400, "verifiableCredential must be"),
        ("application/json", "[]", 400, "verifiableCredential must be"),
        ("application/json", "{\"a\":1,\"a\":1}", 400, "twice"),
        ("application/json", "{\"verifiableCredential\":7}", 400, "verifiableCredential must be"),
        ("application/json", "", 400, ""),
        ("application/vc", "\u{0}\u{1}", 200, ""),
        ("image/png", "nothing", 400, "neither a PNG nor an SVG"),
        ("image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", 400, "no credential"),
        ("application/xml", "<a/>", 415, "application/vc+jwt"),
    ] {
        let answer = face.post(VERIFY, kind, body.as_bytes()).await;
        assert_eq!(answer.status, status, "{kind} {body}: {}", answer.text());
        assert!(answer.text().contains(advice), "{kind} {body}: {}", answer.text());
    }
    let answer = face.post(VERIFY, "application/vc", &[0xff, 0xfe]).await;
    assert_eq!(answer.status, 400);
    assert_eq!(face.get(VERIFY).await.status, 405);
}

#[tokio::test]
async fn more_than_a_record_is_not_read() {
    let (_region, face) = issued().await;
    let long = vec![b' '; (4 << 20) + 1];
    assert_eq!(face.post(VERIFY, "application/vc", &long).await.status, 413);
    let told = told(&face.post(VERIFY, "application/vc", &vec![b'['; 1 << 20]).await);
    assert_eq!(failed(&told)[0], "form");
}
