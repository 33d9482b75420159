//! What callers may ask, and what they are told.

use northstar_chassis::{Principal, Role};
use northstar_credentials_canonical::Limits;
use northstar_credentials_proof::jws::Compact;
use northstar_credentials_proof::{PublicKey, SecretKey, jws};
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService as _;
use serde_json::Value;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::region::{FRONT_RANGE, Region, achievement, by, caller, learner};

const RES: &str = "responsibility";

/// A region in which `s1` and `s2` hold a credential each, and another tenant that can sign too.
async fn awarded() -> Region {
    let region = Region::running().await;
    region.name("other").await;
    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    for key in ["s1", "s2"] {
        region.mastery(learner(key), RES, 3, true).await;
    }
    region.settled().await;
    region
}

fn told(status: &Status) -> (Code, String, String) {
    let reason = status.get_details_error_info().map(|info| info.reason).unwrap_or_default();
    (status.code(), reason, status.message().to_owned())
}

fn reason(status: &Status) -> String {
    told(status).1
}

async fn get(region: &Region, caller: &Principal, id: &str) -> Result<wire::Credential, Status> {
    let request = wire::GetCredentialRequest { credential_id: id.into() };
    let response = region.api.get_credential(by(caller, request)).await?;
    Ok(response.into_inner().credential.expect("a credential"))
}

async fn list(
    region: &Region,
    caller: &Principal,
    learner_id: &str,
    page_size: u32,
    page_token: &str,
) -> Result<wire::ListCredentialsResponse, Status> {
    let (learner_id, page_token) = (learner_id.into(), page_token.into());
    let request =
        wire::ListCredentialsRequest { learner_id, page_size, page_token, ends_before: None };
    Ok(region.api.list_credentials(by(caller, request)).await?.into_inner())
}

#[tokio::test]
async fn only_administrators_define() {
    let region = Region::new();
    let request = wire::DefineAchievementRequest { achievement: Some(achievement("a", RES, 3)) };
    for role in Role::ALL {
        let caller = caller(FRONT_RANGE, role, &[]);
        let answer = region.api.define_achievement(by(&caller, request.clone())).await;
        if matches!(role, Role::NetworkAdmin | Role::DistrictAdmin) {
            assert!(answer.is_ok(), "{role:?}");
        } else {
            assert_eq!(reason(&answer.expect_err("forbidden")), "ROLE_REQUIRED", "{role:?}");
        }
    }
}

#[tokio::test]
async fn bad_definitions_are_refused_field_by_field() {
    let region = Region::new();
    let fields = |status: &Status| -> Vec<String> {
        let details = status.get_details_bad_request().expect("violations");
        details.field_violations.into_iter().map(|violation| violation.field).collect()
    };
    let mut wrong = achievement("res-3", RES, 0);
    wrong.name.clear();
    let status = region.define(wrong).await.expect_err("two fields are wrong");
    assert_eq!(reason(&status), "ACHIEVEMENT_INVALID");
    assert_eq!(fields(&status), ["achievement.name", "achievement.required_level"]);

    let mut wrong = achievement("res-3", RES, 3);
    wrong.achievement_id = "00000000-0000-0000-0000-000000000000".into();
    wrong.alignment = None;
    let status = region.define(wrong).await.expect_err("two ids are wrong");
    let expected = ["achievement.achievement_id", "achievement.alignment.competency_id"];
    assert_eq!(fields(&status), expected);
    assert!(region.event_types().await.is_empty());
}

#[tokio::test]
async fn defining_twice_is_once_and_terms_stay() {
    let region = Region::running().await;
    assert!(region.define(achievement("res-3", RES, 3)).await.expect("new"));
    assert!(!region.define(achievement("res-3", RES, 3)).await.expect("the same"));
    let status = region.define(achievement("res-3", RES, 4)).await.expect_err("other terms");
    assert_eq!(reason(&status), "ACHIEVEMENT_TERMS_FIXED");
    assert_eq!(status.code(), Code::FailedPrecondition);

    region.define(achievement("a-first", RES, 1)).await.expect("sound");
    region.settled().await;
    let learner = caller(FRONT_RANGE, Role::Learner, &[]);
    let request = by(&learner, wire::ListAchievementsRequest {});
    let found = region.api.list_achievements(request).await.expect("a list").into_inner();
    let keys: Vec<_> = found.achievements.iter().map(|one| one.key.as_str()).collect();
    assert_eq!(keys, ["a-first", "res-3"]);
    let stranger = caller("other", Role::NetworkAdmin, &[]);
    let request = by(&stranger, wire::ListAchievementsRequest {});
    let found = region.api.list_achievements(request).await.expect("a list").into_inner();
    assert!(found.achievements.is_empty());
}

#[tokio::test]
async fn the_same_definition_from_many_at_once_is_one() {
    let region = Region::new();
    let definitions = (0..8).map(|_| region.define(achievement("res-3", RES, 3)));
    let mut news = 0;
    for defined in futures::future::join_all(definitions).await {
        news += usize::from(defined.expect("the same for all"));
    }
    assert_eq!((news, region.event_types().await.len()), (1, 1));
}

#[tokio::test]
async fn foreign_unseen_and_absent_credentials_look_the_same() {
    let region = awarded().await;
    let id = region.credentials_of(learner("s1")).await.remove(0).credential_id;
    let absent = "00000000-0000-8000-8000-000000000000";
    let mine = caller(FRONT_RANGE, Role::Learner, &[learner("s1")]);
    assert_eq!(get(&region, &mine, &id).await.expect("their own").credential_id, id);

    let strangers = [
        caller("other", Role::NetworkAdmin, &[]),
        caller("other", Role::Learner, &[learner("s1")]),
        caller(FRONT_RANGE, Role::Guardian, &[learner("s2")]),
    ];
    for stranger in &strangers {
        let foreign = get(&region, stranger, &id).await.expect_err("not theirs");
        let missing = get(&region, stranger, absent).await.expect_err("not there");
        assert_eq!(told(&foreign), told(&missing));
        assert_eq!(reason(&foreign), "CREDENTIAL_NOT_FOUND");
    }
    let status = get(&region, &mine, "x").await.expect_err("no id");
    assert_eq!(reason(&status), "CREDENTIAL_ID_INVALID");
}

#[tokio::test]
async fn lists_are_paged_and_kept_to_who_may_see() {
    let region = awarded().await;
    let teacher = caller(FRONT_RANGE, Role::Teacher, &[]);
    let all = list(&region, &teacher, "", 0, "").await.expect("all");
    assert_eq!((all.credentials.len(), all.next_page_token.as_str()), (2, ""));
    let first = list(&region, &teacher, "", 1, "").await.expect("a page");
    let second = list(&region, &teacher, "", 1, &first.next_page_token).await.expect("a page");
    assert_eq!([first.credentials, second.credentials].concat(), all.credentials);
    assert_eq!(second.next_page_token, "");

    let [s1, s2] = ["s1", "s2"].map(|key| learner(key).to_string());
    let guardian = caller(FRONT_RANGE, Role::Guardian, &[learner("s1")]);
    let theirs = list(&region, &guardian, &s1, 0, "").await.expect("their own");
    assert_eq!(theirs.credentials.len(), 1);
    let refused = list(&region, &guardian, &s2, 0, "").await.expect_err("another's");
    assert_eq!(reason(&refused), "LEARNER_NOT_IN_TOKEN");
    for caller in [&guardian, &caller(FRONT_RANGE, Role::Employer, &[])] {
        let refused = list(&region, caller, "", 0, "").await.expect_err("everybody's");
        assert_eq!(reason(&refused), "ROLE_REQUIRED");
    }
    let stranger = caller("other", Role::Teacher, &[]);
    for learner_id in ["", s1.as_str(), "00000000-0000-0000-0000-000000000000"] {
        let found = list(&region, &stranger, learner_id, 0, "").await.expect("an empty list");
        assert!(found.credentials.is_empty());
    }
    for (learner_id, token, expected) in
        [("x", "", "LEARNER_ID_INVALID"), ("", "%", "PAGE_TOKEN_INVALID")]
    {
        let refused = list(&region, &teacher, learner_id, 0, token).await.expect_err(expected);
        assert_eq!(reason(&refused), expected);
    }
}

#[tokio::test]
async fn verification_knows_the_tenants_own_credentials_alone() {
    let region = awarded().await;
    let compact = region.credentials_of(learner("s1")).await.remove(0).compact_jws;
    let verify = async |slug: &str| {
        let caller = caller(slug, Role::Employer, &[]);
        let request =
            wire::VerifyCredentialRequest { compact_jws: compact.clone(), ..Default::default() };
        region.api.verify_credential(by(&caller, request)).await.expect("a report").into_inner()
    };
    let ours = verify(FRONT_RANGE).await;
    assert!(ours.verified, "{ours:?}");
    let names: Vec<_> = ours.checks.iter().map(|check| check.name.as_str()).collect();
    let expected =
        ["form", "arithmetic", "key owner", "schema", "status", "time", "endorsements", "policy"];
    assert_eq!(names, expected);
    let theirs = verify("other").await;
    assert!(!theirs.verified);
    let passed = |name: &str| theirs.checks.iter().any(|check| check.name == name && check.passed);
    assert_eq!((passed("key owner"), passed("status"), passed("policy")), (false, false, false));
    assert_eq!(region.failed_check("not a token").await.as_deref(), Some("form"));
}

#[tokio::test]
async fn a_sound_signature_over_an_unknown_credential_fails_at_its_status() {
    let region = awarded().await;
    let issuer = region.issuer().await;
    let name =
        &issuer.keys.iter().find(|key| key.key_name.starts_with("p256")).expect("it").key_name;
    let secret = region.tenant_log().secret(&format!("credentials/keys/{name}")).await;
    let secret = secret.expect("it opens").expect("it is kept").try_into().expect("32 bytes");
    let key = SecretKey::p256(&secret).expect("a key");
    let compact = region.credentials_of(learner("s1")).await.remove(0).compact_jws;
    let mut payload = crate::badge::payload(&compact);
    for claim in ["id", "jti"] {
        payload[claim] = "urn:uuid:00000000-0000-8000-8000-000000000000".into();
    }
    let method = format!("did:web:localhost%3A7402:t:{FRONT_RANGE}#{name}-jwk");
    let forged = jws::sign(&key, &method, &payload).expect("JSON");
    assert_eq!(region.failed_check(&forged).await.as_deref(), Some("status"));
}

#[tokio::test]
async fn the_issuers_document_has_the_key_that_signs() {
    let region = awarded().await;
    let issuer = region.issuer().await;
    assert_eq!(issuer.did, format!("did:web:localhost%3A7402:t:{FRONT_RANGE}"));
    let document: Value = serde_json::from_str(&issuer.did_document).expect("JSON");
    let compact = region.credentials_of(learner("s1")).await.remove(0).compact_jws;
    let parsed = Compact::parse(&compact, &Limits::BADGE).expect("ours");
    let methods = document["verificationMethod"].as_array().expect("methods");
    let named = parsed.method.as_deref().expect("a kid");
    let method = methods.iter().find(|method| method["id"] == named).expect("it is listed");
    let key = PublicKey::from_jwk(&method["publicKeyJwk"]).expect("a key");
    assert_eq!(parsed.verify(&key), Ok(()));
    let set: Value = serde_json::from_str(&issuer.jwks).expect("JSON");
    let listed = set["keys"].as_array().expect("keys").iter().find(|key| key["kid"] == named);
    assert_eq!(listed.expect("it is in the set")["x"], method["publicKeyJwk"]["x"]);
}

#[tokio::test]
async fn a_tenant_without_a_name_has_no_issuer() {
    let region = Region::new();
    let anybody = caller(FRONT_RANGE, Role::Teacher, &[]);
    let refused = region.api.get_issuer(by(&anybody, wire::GetIssuerRequest {})).await;
    assert_eq!(reason(&refused.expect_err("no issuer")), "ISSUER_NOT_FOUND");
    let request = wire::VerifyCredentialRequest::default();
    let refused = region.api.verify_credential(by(&anybody, request)).await;
    assert_eq!(reason(&refused.expect_err("no issuer")), "ISSUER_NOT_FOUND");
}
