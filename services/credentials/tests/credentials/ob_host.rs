//! The Open Badges API as a host: what a wallet with a token may read and bring.

use northstar_chassis::Role;
use northstar_credentials_canonical::Limits;
use northstar_credentials_proof::{Options, SecretKey, Suite, jws, secure};
use serde_json::{Value, json};

use crate::edge::issued;
use crate::http::{Answer, Face};
use crate::oauth::{ALL, Program, READ, offer};
use crate::region::{FRONT_RANGE, Region, achievement, caller, learner};

const API: &str = "/t/front-range/ims/ob/v3p0";

/// A region, its face, and a token of Ana's for all that there is.
async fn connected() -> (Region, Face, String) {
    let (region, face) = issued().await;
    let program = Program::register(&face).await;
    let tokens = program.connect(&region, &face, ALL).await;
    let token = tokens["access_token"].as_str().expect("a token").to_owned();
    (region, face, token)
}

async fn get(face: &Face, path: &str, token: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    face.send("GET", &format!("{API}{path}"), &[("Authorization", &bearer)], b"").await
}

async fn bring(face: &Face, token: &str, kind: &str, body: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", kind)];
    face.send("POST", &format!("{API}/credentials"), &headers, body.as_bytes()).await
}

/// Whether it is a no, as the specification has it.
pub(crate) fn refused(answer: &Answer, status: u16, minor: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    let body = answer.json();
    assert_eq!(body["imsx_codeMajor"], "failure");
    let field = &body["imsx_codeMinor"]["imsx_codeMinorField"][0];
    assert_eq!(field["imsx_codeMinorFieldValue"], minor, "{body}");
    crate::standards::official("ob_v3p0_imsx_statusinfo_schema.json", &body);
}

/// Somebody else's badge, as a document and as a token.
fn foreign(region_document: &Value, name: &str) -> (String, String) {
    let key = SecretKey::ed25519(&[9; 32]);
    let mut badge = region_document.clone();
    let members = badge.as_object_mut().expect("an object");
    for member in ["proof", "credentialStatus"] {
        members.remove(member);
    }
    badge["issuer"]["id"] = "did:web:other.example".into();
    badge["id"] = format!("urn:example:{name}").into();
    let method = "did:web:other.example#k";
    let options = Options { verification_method: method, created: "2026-11-01T00:00:00Z" };
    let signed = secure(&badge, Suite::EddsaRdfc2022, &options, &key, &Limits::BADGE);
    let token = jws::sign(&key, method, &badge).expect("signed");
    (signed.expect("signed").to_string(), token)
}

async fn document(region: &Region) -> Value {
    let credential = region.credentials_of(learner("s1")).await.remove(0);
    serde_json::from_str(&credential.document).expect("JSON")
}

#[tokio::test]
async fn the_service_describes_itself_to_everybody() {
    let (_region, face) = issued().await;
    let answer = face.get(&format!("{API}/discovery")).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    let said = answer.json();
    let base = "http://localhost:7402/t/front-range";
    let scheme = &said["components"]["securitySchemes"]["OAuth2ACG"];
    let flow = &scheme["flows"]["authorizationCode"];
    assert_eq!(scheme["x-imssf-registrationUrl"], format!("{base}/oauth/register"));
    assert_eq!(flow["authorizationUrl"], format!("{base}/oauth/authorize"));
    assert_eq!(flow["tokenUrl"], format!("{base}/oauth/token"));
    assert_eq!(said["servers"][0]["url"], format!("{base}/ims/ob/v3p0"));
    assert!(flow["scopes"].as_object().is_some_and(|scopes| scopes.contains_key(READ)));
    refused(&face.get("/t/nobody/ims/ob/v3p0/discovery").await, 404, "not_found");
    refused(&face.get(&format!("{API}/nothing")).await, 404, "not_found");
    let answer = face.send("DELETE", &format!("{API}/credentials"), &[], b"").await;
    refused(&answer, 405, "not_allowed");
}

#[tokio::test]
async fn what_was_issued_is_handed_out_byte_for_byte() {
    let (region, face, token) = connected().await;
    let answer = get(&face, "/credentials", &token).await;
    assert_eq!((answer.status, answer.header("x-total-count")), (200, "1"));
    assert_eq!(answer.header("cache-control"), "no-store");
    let credential = region.credentials_of(learner("s1")).await.remove(0);
    assert_eq!(answer.text(), format!("{{\"credential\":[{}]}}", credential.document));
    let official = "ob_v3p0_getopenbadgecredentialsresponse_schema.json";
    crate::standards::official(official, &answer.json());
    let verdict =
        face.post("/credentials/verify", "application/vc", credential.document.as_bytes());
    assert_eq!(verdict.await.json()["verified"], true);
    let profile = get(&face, "/profile", &token).await;
    assert_eq!(profile.json()["type"], json!(["Profile"]));
    crate::standards::official("ob_v3p0_profile_schema.json", &profile.json());
    assert!(!profile.text().contains(&learner("s1").to_string()), "nor who it is");
}

#[tokio::test]
async fn pages_lead_on_and_say_how_many_there_are() {
    let (region, face, token) = connected().await;
    for level in 1..3 {
        let key = format!("res-{level}");
        region.define(achievement(&key, "responsibility", level)).await.expect("sound");
    }
    region.settled().await;
    let mut seen = Vec::new();
    for (offset, relations) in [(0, "first last next"), (2, "first last prev")] {
        let answer = get(&face, &format!("/credentials?limit=2&offset={offset}"), &token).await;
        assert_eq!(answer.header("x-total-count"), "3");
        let links = answer.header("link").split(", ");
        let found: Vec<_> = links.map(|link| link.split('"').nth(1).expect("a relation")).collect();
        assert_eq!(found.join(" "), relations);
        seen.extend(answer.json()["credential"].as_array().expect("some").clone());
    }
    let ids: std::collections::BTreeSet<_> = seen.iter().map(|one| one["id"].to_string()).collect();
    assert_eq!((seen.len(), ids.len()), (3, 3), "each once");
    let none = get(&face, "/credentials?since=2999-01-01T00:00:00Z", &token).await;
    assert_eq!((none.header("x-total-count"), none.text()), ("0", "{}"));
    for wrong in ["limit=0", "offset=-1", "since=then", "page=1"] {
        let answer = get(&face, &format!("/credentials?{wrong}"), &token).await;
        refused(&answer, 400, "invalid_query_parameter");
    }
}

#[tokio::test]
async fn what_came_in_goes_out_equal() {
    let (region, face, token) = connected().await;
    let own = document(&region).await;
    let (badge, _) = foreign(&own, "1");
    let (_, jws) = foreign(&own, "2");
    // As the data model 1.1 has tokens.
    let mut inside: Value = serde_json::from_str(&badge).expect("JSON");
    inside["id"] = "urn:example:3".into();
    let key = SecretKey::ed25519(&[9; 32]);
    let claim = jws::sign(&key, "did:web:other.example#k", &json!({ "vc": inside }));
    let older = claim.expect("signed");
    for (kind, body) in [("application/json", &badge), ("text/plain", &jws), ("text/plain", &older)]
    {
        for status in [201, 304] {
            let answer = bring(&face, &token, kind, body).await;
            let expected = if status == 201 { body.as_str() } else { "" };
            assert_eq!((answer.status, answer.text()), (status, expected), "{kind}");
        }
    }
    let changed = badge.replace("Shown in several places.", "Shown elsewhere.");
    assert_eq!(bring(&face, &token, "application/json", &changed).await.status, 200);
    region.settled().await;
    let answer = get(&face, "/credentials", &token).await;
    assert_eq!(answer.header("x-total-count"), "4");
    assert!(answer.text().contains(&changed) && !answer.text().contains(&badge));
    assert_eq!(answer.json()["compactJwsString"], json!([jws, older]));
    for event in region
        .credentials
        .scan(northstar_kernel::Shard(0), Default::default(), 1_000)
        .await
        .expect("events")
    {
        let open = event.payload.windows(16).any(|at| at == b"did:web:other.ex");
        assert!(!open, "{} is sealed", event.event_type);
    }
}

#[tokio::test]
async fn only_badges_are_taken_and_none_in_our_name() {
    let (region, face, token) = connected().await;
    let own = document(&region).await;
    let written = region.credentials_of(learner("s1")).await.remove(0).document;
    assert_eq!(bring(&face, &token, "application/json", &written).await.status, 304);
    let mut forged = own.clone();
    forged["id"] = "urn:uuid:00000000-0000-4000-8000-000000000001".into();
    let answer = bring(&face, &token, "application/json", &forged.to_string()).await;
    refused(&answer, 403, "forbidden");
    let mut unnamed = own.clone();
    unnamed.as_object_mut().expect("an object").remove("id");
    let other = json!({ "id": "urn:x", "type": ["VerifiableCredential"] });
    for (kind, body, status) in [
        ("application/json", unnamed.to_string(), 400),
        ("application/json", other.to_string(), 400),
        ("application/json", "{\"id\":1,\"id\":2}".into(), 400),
        ("text/plain", "a.b.c".into(), 400),
        ("application/xml", "<a/>".into(), 415),
        ("application/json", " ".repeat(200_000), 413),
    ] {
        refused(&bring(&face, &token, kind, &body).await, status, "invalid_data");
    }
}

#[tokio::test]
async fn without_a_token_for_it_nothing_is_shown() {
    let (region, face, token) = connected().await;
    let program = Program::register(&face).await;
    let reading = program.connect(&region, &face, READ).await;
    let reading = reading["access_token"].as_str().expect("a token");
    assert_eq!(get(&face, "/credentials", reading).await.status, 200);
    refused(&get(&face, "/profile", reading).await, 403, "forbidden");
    refused(&bring(&face, reading, "text/plain", "a.b.c").await, 403, "forbidden");
    let flipped = format!("{}A", &token[..63]);
    for wrong in ["", "nonsense", &flipped, &token[1..]] {
        let answer = get(&face, "/credentials", wrong).await;
        refused(&answer, 401, "unauthorizedrequest");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
    }
    refused(&face.get(&format!("{API}/credentials")).await, 401, "unauthorizedrequest");
    region.name("other").await;
    region.settled().await;
    let bearer = format!("Bearer {token}");
    let path = "/t/other/ims/ob/v3p0/credentials";
    let answer = face.send("GET", path, &[("Authorization", &bearer)], b"").await;
    refused(&answer, 401, "unauthorizedrequest");
}

#[tokio::test]
async fn who_may_offer_a_learners_credentials() {
    let (region, _face) = issued().await;
    let ana = learner("s1");
    for (role, learners) in
        [(Role::Learner, vec![ana]), (Role::Guardian, vec![ana]), (Role::Teacher, vec![])]
    {
        let who = caller(FRONT_RANGE, role, &learners);
        assert_eq!(offer(&region, &who, ana).await.expect("they may").len(), 19);
    }
    let stranger = caller(FRONT_RANGE, Role::Guardian, &[learner("s2")]);
    assert!(offer(&region, &stranger, ana).await.is_err());
    assert!(offer(&region, &caller(FRONT_RANGE, Role::Employer, &[]), ana).await.is_err());
    let foreign = offer(&region, &caller("other", Role::Teacher, &[]), ana).await;
    let absent = offer(&region, &caller(FRONT_RANGE, Role::Teacher, &[]), learner("x")).await;
    let (foreign, absent) = (foreign.expect_err("no"), absent.expect_err("no"));
    assert_eq!((foreign.code(), foreign.message()), (absent.code(), absent.message()));
}
