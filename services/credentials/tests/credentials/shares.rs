//! A credential is shown to whoever has the link, for as long as somebody consented.

use std::time::Duration;

use northstar_chassis::{Principal, Role};
use northstar_credentials::standard::baking::unbake;
use northstar_kernel::Timestamp;
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService as _;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::edge::issued;
use crate::http::{Answer, Face};
use crate::region::{FRONT_RANGE, Region, achievement, by, caller, learner, present, scope};

const DAY: i64 = 86_400_000_000;

fn later(micros: i64) -> Option<prost_types::Timestamp> {
    let (seconds, nanos) = Timestamp::from_micros(present().micros() + micros).parts();
    Some(prost_types::Timestamp { seconds, nanos })
}

async fn badge(region: &Region, key: &str) -> wire::Credential {
    region.credentials_of(learner(key)).await.remove(0)
}

fn ana() -> Principal {
    caller(FRONT_RANGE, Role::Learner, &[learner("s1")])
}

async fn share(
    region: &Region,
    who: &Principal,
    credential_id: &str,
    until: Option<prost_types::Timestamp>,
) -> Result<wire::ShareCredentialResponse, Status> {
    let request = wire::ShareCredentialRequest { credential_id: credential_id.into(), until };
    Ok(region.api.share_credential(by(who, request)).await?.into_inner())
}

async fn withdraw(region: &Region, who: &Principal, share_id: &str) -> Result<bool, Status> {
    let request = wire::WithdrawShareRequest { share_id: share_id.into() };
    Ok(region.api.withdraw_share(by(who, request)).await?.into_inner().changed)
}

async fn shares(region: &Region, who: &Principal, id: &str) -> Result<Vec<wire::Share>, Status> {
    let request = wire::ListSharesRequest { credential_id: id.into() };
    Ok(region.api.list_shares(by(who, request)).await?.into_inner().shares)
}

/// The path of a link.
fn path(link: &str) -> &str {
    link.strip_prefix("http://localhost:7402").expect("a link to this deployment")
}

/// A page for Ana's badge: its path, and the consent.
async fn shown(region: &Region) -> (String, wire::Share) {
    let id = badge(region, "s1").await.credential_id;
    let response = share(region, &ana(), &id, later(DAY)).await.expect("her own");
    (path(&response.link).to_owned(), response.share.expect("a consent"))
}

async fn nothing(face: &Face) -> Answer {
    let answer = face.get("/s/nothing").await.timeless();
    assert_eq!(answer.status, 404);
    answer
}

#[tokio::test]
async fn a_parent_reads_what_was_earned_and_that_it_is_sound() {
    let (region, face) = issued().await;
    let (path, _) = shown(&region).await;
    let page = face.get(&path).await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    for words in [
        "<strong>Valid</strong>",
        "<h1>responsibility, level 3</h1>",
        "Shown in several places.",
        "<dt>Issued by</dt><dd>The front-range network</dd>",
        "<dt>Level</dt><dd>3</dd>",
        "<dd>Mastery of responsibility at level 3 or above.</dd>",
        "name=\"viewport\"",
        "issued, not revoked",
    ] {
        assert!(page.text().contains(words), "{words} in {}", page.text());
    }
    assert_eq!(page.text().matches("class=\"good\"").count(), 8);
    assert!(!page.text().contains("<script") && !page.text().contains("class=\"bad\""));
    assert!(!page.text().contains(&learner("s1").to_string()), "nor whose it is");
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.header("x-robots-tag").contains("noindex"));
    assert_eq!(page.header("referrer-policy"), "no-referrer", "links do not carry the token away");
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("script-src"), "{policy}");
    assert_eq!(face.send("HEAD", &path, &[], b"").await.status, 200);
}

#[tokio::test]
async fn the_style_is_the_one_that_the_policy_allows() {
    use base64::Engine as _;
    let (region, face) = issued().await;
    let page = face.get(&shown(&region).await.0).await;
    let style = page.text().split("<style>").nth(1).and_then(|rest| rest.split("</style>").next());
    let digest = northstar_kernel::Digest::of(style.expect("a style").as_bytes());
    let hash = base64::engine::general_purpose::STANDARD.encode(digest.0);
    assert!(page.header("content-security-policy").contains(&format!("'sha256-{hash}'")));
}

#[tokio::test]
async fn the_files_are_the_credential_itself() {
    let (region, face) = issued().await;
    let (path, _) = shown(&region).await;
    let document = badge(&region, "s1").await.document;
    let answer = face.get(&format!("{path}/credential.json")).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/vc"));
    assert_eq!(answer.text(), document);
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"credential.json\"");
    for (name, kind) in [("badge.svg", "image/svg+xml"), ("badge.png", "image/png")] {
        let answer = face.get(&format!("{path}/{name}")).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, kind));
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(unbake(&answer.body).expect("baked").as_str(), document);
        let verdict = face.post("/credentials/verify", kind, &answer.body).await;
        assert_eq!(verdict.json()["verified"], true, "{name}");
    }
}

#[tokio::test]
async fn the_page_says_how_things_stand_now() {
    let (region, face) = issued().await;
    let (path, _) = shown(&region).await;
    let id = badge(&region, "s1").await.credential_id;
    let admin = caller(FRONT_RANGE, Role::NetworkAdmin, &[]);
    let hold = wire::HoldCredentialRequest { credential_id: id.clone(), reason: "a doubt".into() };
    region.api.hold_credential(by(&admin, hold)).await.expect("held");
    region.settled().await;
    let page = face.get(&path).await;
    assert!(page.text().contains("<strong>Held</strong>"), "{}", page.text());
    assert!(!page.text().contains("a doubt"), "why stays inside");
    let revoke = wire::RevokeCredentialRequest { credential_id: id, reason: "a reason".into() };
    region.api.revoke_credential(by(&admin, revoke)).await.expect("revoked");
    region.settled().await;
    let page = face.get(&path).await;
    assert!(page.text().contains("<strong>Revoked</strong>"), "{}", page.text());
    assert!(page.text().contains("class=\"bad\"") && !page.text().contains("a reason"));
}

#[tokio::test]
async fn whatever_an_achievement_is_called_it_stays_text() {
    let region = Region::running().await;
    let mut wanted = achievement("evil", "responsibility", 3);
    wanted.name = "<script>alert(1)</script> & \"Co\"".into();
    wanted.description = "</p><img src=x onerror='alert(2)'>".into();
    wanted.criteria = "</dd><iframe srcdoc=\"x\">".into();
    region.define(wanted).await.expect("sound");
    region.mastery(learner("s1"), "responsibility", 3, true).await;
    region.settled().await;
    let face = Face::of(&region).await;
    let (path, _) = shown(&region).await;
    let page = face.get(&path).await;
    assert_eq!(page.status, 200);
    for markup in ["<script", "onerror='", "<iframe", "<img src=x"] {
        assert!(!page.text().contains(markup), "{markup}");
    }
    let name = "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Co&quot;";
    assert!(page.text().contains(&format!("<h1>{name}</h1>")), "{}", page.text());
    assert!(page.text().contains(&format!("<title>{name}</title>")));
    let picture = face.get(&format!("{path}/badge.svg")).await;
    // The credential itself stands in a CDATA section, which nothing in it can end.
    let drawn = picture.text().split("]]></openbadges:credential>").nth(1).expect("a drawing");
    assert!(!drawn.contains("<script") && drawn.contains("&lt;script&gt;"), "{drawn}");
    assert_eq!(unbake(&picture.body).expect("baked").as_str(), badge(&region, "s1").await.document);
}

#[tokio::test]
async fn a_consent_that_is_over_leaves_nothing_behind() {
    let (region, face) = issued().await;
    let nothing = nothing(&face).await;
    let (path, consent) = shown(&region).await;
    assert!(withdraw(&region, &ana(), &consent.share_id).await.expect("her own"));
    assert!(!withdraw(&region, &ana(), &consent.share_id).await.expect("done already"));
    assert_eq!(face.get(&path).await.timeless(), nothing);
    for file in ["credential.json", "badge.svg", "badge.png"] {
        let gone = face.get(&format!("{path}/{file}")).await.timeless();
        assert_eq!(gone, face.get(&format!("/s/nothing/{file}")).await.timeless(), "{file}");
        assert_eq!(gone.status, 404);
    }
    let id = badge(&region, "s1").await.credential_id;
    let short = share(&region, &ana(), &id, later(1_500_000)).await.expect("short").link;
    assert_eq!(face.get(crate::shares::path(&short)).await.status, 200);
    tokio::time::sleep(Duration::from_millis(1_600)).await;
    assert_eq!(face.get(crate::shares::path(&short)).await.timeless(), nothing);
}

#[tokio::test]
async fn only_the_whole_link_opens_the_page() {
    let (region, face) = issued().await;
    let nothing = nothing(&face).await;
    let (path, consent) = shown(&region).await;
    let token = path.strip_prefix("/s/").expect("a token");
    let flipped = |at: usize| {
        let other = if token[at..].starts_with('A') { "B" } else { "A" };
        format!("/s/{}{other}{}", &token[..at], &token[at + 1..])
    };
    for at in [0, 21, 22, 40, 63] {
        assert_eq!(face.get(&flipped(at)).await.timeless(), nothing, "{at}");
    }
    for wrong in [&consent.share_id, &consent.credential_id, &token[..63].to_owned()] {
        assert_eq!(face.get(&format!("/s/{wrong}")).await.timeless(), nothing);
    }
    let stored = region.credentials.scan(northstar_kernel::Shard(0), Default::default(), 1_000);
    let secret = token.as_bytes();
    for event in stored.await.expect("events") {
        assert!(
            !event.payload.windows(20).any(|at| at == &secret[30..50]),
            "the log cannot open it"
        );
    }
}

fn reason(refused: &Status) -> (Code, String) {
    (refused.code(), refused.get_details_error_info().expect("a reason").reason)
}

#[tokio::test]
async fn a_consent_needs_an_end_within_a_year() {
    let (region, _face) = issued().await;
    let id = badge(&region, "s1").await.credential_id;
    for (until, wanted) in [
        (None, "SHARE_END_REQUIRED"),
        (later(-1), "SHARE_ENDS_IN_THE_PAST"),
        (later(367 * DAY), "SHARE_TOO_LONG"),
        (Some(prost_types::Timestamp { seconds: i64::MAX, nanos: 0 }), "SHARE_END_REQUIRED"),
    ] {
        let refused = share(&region, &ana(), &id, until).await.expect_err(wanted);
        assert_eq!(reason(&refused), (Code::InvalidArgument, wanted.to_owned()));
        assert_eq!(refused.get_details_bad_request().expect("a field").field_violations.len(), 1);
    }
    assert!(!region.event_types().await.contains(&"credential_shared".to_owned()));
}

#[tokio::test]
async fn who_may_consent_and_who_may_not() {
    let (region, _face) = issued().await;
    let id = badge(&region, "s1").await.credential_id;
    let (mother, other) = (
        caller(FRONT_RANGE, Role::Guardian, &[learner("s1")]),
        caller(FRONT_RANGE, Role::Guardian, &[learner("s2")]),
    );
    let admin = caller(FRONT_RANGE, Role::DistrictAdmin, &[]);
    let foreign = caller("other", Role::NetworkAdmin, &[]);
    for who in [&ana(), &mother, &admin] {
        share(&region, who, &id, later(DAY)).await.expect("they may");
    }
    region.settled().await;
    let listed = shares(&region, &mother, &id).await.expect("they may");
    assert_eq!(listed.len(), 3);
    assert!(listed.iter().all(|share| share.actor == "somebody" && share.withdrawn_at.is_none()));
    let consent = listed[0].share_id.clone();
    let absent = share(&region, &admin, &learner("x").to_string(), later(DAY)).await;
    let absent = absent.expect_err("not there");
    for who in [&other, &foreign] {
        let refused = share(&region, who, &id, later(DAY)).await.expect_err("not theirs");
        assert_eq!((refused.code(), refused.message()), (absent.code(), absent.message()));
        assert_eq!(shares(&region, who, &id).await.expect_err("nor").message(), absent.message());
        let refused = withdraw(&region, who, &consent).await.expect_err("nor this");
        assert_eq!(reason(&refused), (Code::NotFound, "SHARE_NOT_FOUND".into()));
    }
    for role in [Role::Teacher, Role::Employer, Role::Validator, Role::Service] {
        let refused = share(&region, &caller(FRONT_RANGE, role, &[]), &id, later(DAY)).await;
        assert_eq!(
            reason(&refused.expect_err("no")),
            (Code::PermissionDenied, "ROLE_REQUIRED".into())
        );
    }
    assert!(withdraw(&region, &admin, &consent).await.expect("they may"));
    region.settled().await;
    let listed = shares(&region, &ana(), &id).await.expect("hers");
    assert_eq!(listed.iter().filter(|share| share.withdrawn_at.is_some()).count(), 1);
    let nobody = region.credentials.tenant(&scope("other")).sequence().await.expect("none");
    assert_eq!(nobody.0, 0, "and nothing was written anywhere else");
}
