//! What issuers publish, over HTTP: the same bytes as in the API, with what caches need.

use northstar_chassis::Role;
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService as _;

use crate::http::{Answer, Face};
use crate::region::{FRONT_RANGE, Region, achievement, by, caller, learner, present};

const RES: &str = "responsibility";

/// A region with two badges and a published list.
pub(crate) async fn issued() -> (Region, Face) {
    let region = Region::running().await;
    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    for key in ["s1", "s2"] {
        region.mastery(learner(key), RES, 3, true).await;
    }
    region.settled().await;
    assert_eq!(region.due_at(present()).await, 1);
    let face = Face::of(&region).await;
    (region, face)
}

async fn list(region: &Region) -> wire::GetStatusListResponse {
    let anybody = caller(FRONT_RANGE, Role::Employer, &[]);
    let request = by(&anybody, wire::GetStatusListRequest { list: 0 });
    region.api.get_status_list(request).await.expect("a list").into_inner()
}

/// The path of an address that a document carries.
fn path(address: &str) -> &str {
    address.strip_prefix("https://localhost:7402").expect("an address of this deployment")
}

fn cached(answer: &Answer) -> (u16, &str, &str) {
    (answer.status, answer.header("content-type"), answer.header("cache-control"))
}

#[tokio::test]
async fn what_documents_name_is_found_there_byte_for_byte() {
    let (region, face) = issued().await;
    let issuer = region.issuer().await;
    let did = issuer.did.strip_prefix("did:web:localhost%3A7402:").expect("here");
    let answer = face.get(&format!("/{}/did.json", did.replace(':', "/"))).await;
    assert_eq!(cached(&answer), (200, "application/did+ld+json", "public, max-age=600"));
    assert_eq!(answer.text(), issuer.did_document);
    for name in ["jwks.json", ".well-known/jwks.json"] {
        let answer = face.get(&format!("/t/{FRONT_RANGE}/{name}")).await;
        assert_eq!(cached(&answer), (200, "application/jwk-set+json", "public, max-age=600"));
        assert_eq!(answer.text(), issuer.jwks);
    }
    let credential = region.credentials_of(learner("s1")).await.remove(0);
    let said: serde_json::Value = serde_json::from_str(&credential.document).expect("JSON");
    let address = said["credentialStatus"]["statusListCredential"].as_str().expect("an address");
    let answer = face.get(path(address)).await;
    assert_eq!(cached(&answer), (200, "application/vc", "public, max-age=60"));
    assert_eq!(answer.text(), list(&region).await.document);
    assert_eq!(answer.json()["credentialSubject"]["ttl"], 60_000, "as long as caches keep it");
}

#[tokio::test]
async fn an_edition_stays_what_it_was_when_there_is_a_later_one() {
    let (region, face) = issued().await;
    let latest = format!("/t/{FRONT_RANGE}/status/0");
    let (first, again) = (face.get(&latest).await, face.get(&format!("{latest}/1")).await);
    assert_eq!(first.body, again.body);
    region.mastery(learner("s1"), RES, 1, false).await;
    region.settled().await;
    assert_eq!(region.due_at(present()).await, 1);
    let second = face.get(&latest).await;
    assert_ne!(second.body, first.body);
    let frozen = face.get(&format!("{latest}/1")).await;
    assert_eq!(cached(&frozen), (200, "application/vc", "public, max-age=31536000, immutable"));
    assert_eq!(frozen.body, first.body);
    assert_eq!(face.get(&format!("{latest}/2")).await.body, second.body);
    assert_eq!(face.get(&format!("{latest}/3")).await.status, 404);
}

#[tokio::test]
async fn whoever_has_it_already_is_told_so_and_no_more() {
    let (region, face) = issued().await;
    for path in ["did.json", "jwks.json", "status/0", "status/0/1"] {
        let path = format!("/t/{FRONT_RANGE}/{path}");
        let whole = face.get(&path).await;
        let mark = whole.header("etag").to_owned();
        assert!(mark.starts_with('"') && mark.len() == 34, "{mark}");
        for known in [mark.clone(), format!("W/{mark}"), format!("\"x\", {mark}"), "*".into()] {
            let answer = face.send("GET", &path, &[("If-None-Match", &known)], b"").await;
            assert_eq!((answer.status, answer.body.len()), (304, 0), "{known}");
            assert_eq!(answer.header("etag"), mark);
            assert_eq!(answer.header("cache-control"), whole.header("cache-control"));
        }
        let other = face.send("GET", &path, &[("If-None-Match", "\"x\"")], b"").await;
        assert_eq!(other.timeless(), whole.clone().timeless());
        let head = face.send("HEAD", &path, &[], b"").await;
        assert_eq!((head.status, head.body.len()), (200, 0));
        assert_eq!(head.headers.len(), whole.headers.len());
        assert_eq!(head.header("content-length"), whole.body.len().to_string());
    }
    let known = face.get(&format!("/t/{FRONT_RANGE}/status/0")).await;
    region.mastery(learner("s1"), RES, 1, false).await;
    region.settled().await;
    region.due_at(present()).await;
    let mark = [("If-None-Match", known.header("etag"))];
    let news = face.send("GET", &format!("/t/{FRONT_RANGE}/status/0"), &mark, b"").await;
    assert_eq!(news.status, 200, "what changed has another mark");
}

#[tokio::test]
async fn what_is_not_there_is_the_same_no_wherever_it_is_not() {
    let (_region, face) = issued().await;
    let nothing = face.get("/").await.timeless();
    assert_eq!(cached(&nothing), (404, "application/problem+json", "no-store"));
    assert_eq!(nothing.json()["status"], 404);
    for path in [
        "/t/nobody/did.json",
        "/t/nobody/jwks.json",
        "/t/nobody/status/0",
        "/t/nobody/status/0/1",
        "/t/Front-Range/did.json",
        "/t/front-range%00/did.json",
        "/t/front-range/status/1",
        "/t/front-range/status/00",
        "/t/front-range/status/+0",
        "/t/front-range/status/-1",
        "/t/front-range/status/x",
        "/t/front-range/status/99999999999999999999",
        "/t/front-range/status/0/0",
        "/t/front-range/status/0/2",
        "/t/front-range/status/0/01",
        "/t/front-range/status/1/1",
        "/t/front-range/status/0/18446744073709551615",
        "/t/front-range",
        "/t//did.json",
        "/northstar.credentials.v1.CredentialsService/ListCredentials",
    ] {
        assert_eq!(face.get(path).await.timeless(), nothing, "{path}");
    }
}

#[tokio::test]
async fn nothing_follows_anybody_around() {
    let (_region, face) = issued().await;
    for path in ["/t/front-range/did.json", "/t/front-range/status/0", "/nothing"] {
        let answer = face.get(path).await;
        assert_eq!(answer.header("set-cookie"), "", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
    }
    let answer = face.get("/t/front-range/did.json").await;
    assert_eq!(answer.header("access-control-allow-origin"), "*", "verifiers in browsers");
    for method in ["POST", "PUT", "DELETE"] {
        let answer = face.send(method, "/t/front-range/status/0", &[], b"").await;
        assert_eq!((answer.status, answer.header("allow")), (405, "GET,HEAD"), "{method}");
    }
}
