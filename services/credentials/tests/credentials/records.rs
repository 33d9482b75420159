//! A learner's record: the badges as they are, connected, partial or not, signed, and told why.

use std::collections::BTreeSet;

use northstar_chassis::Role;
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService as _;
use serde_json::{Value, json};
use tonic::Status;
use tonic_types::StatusExt as _;

use crate::region::{FRONT_RANGE, Region, achievement, by, caller, learner};
use crate::standards::schema_named;

/// A region in which `s1` holds three badges: two levels of one competency, and one of its part.
pub(crate) async fn learned() -> Region {
    let region = Region::running().await;
    for (key, name, level) in [("res-2", "res", 2), ("res-3", "res", 3), ("plan-3", "plan", 3)] {
        region.define(achievement(key, name, level)).await.expect("sound");
    }
    region.associates("plan", "isChildOf", "res").await;
    region.associates("plan", "isTranslationOf", "res").await;
    region.associates("plan", "precedes", "elsewhere").await;
    region.mastery(learner("s1"), "res", 3, true).await;
    region.mastery(learner("s1"), "plan", 3, true).await;
    region.settled().await;
    region
}

pub(crate) fn asked(credential_ids: Vec<String>) -> wire::AssembleRecordRequest {
    wire::AssembleRecordRequest {
        request_id: "application-7".into(),
        learner_id: learner("s1").to_string(),
        credential_ids,
        name: String::new(),
        purpose: "For an apprenticeship at the mill.".into(),
        consent: "Signed by her mother on the second of March.".into(),
    }
}

pub(crate) async fn assembled(
    region: &Region,
    request: wire::AssembleRecordRequest,
) -> Result<wire::AssembleRecordResponse, Status> {
    let teacher = caller(FRONT_RANGE, Role::Teacher, &[]);
    let answer = region.api.assemble_record(by(&teacher, request)).await?.into_inner();
    region.settled().await;
    Ok(answer)
}

pub(crate) async fn record(region: &Region, id: &str, token: bool) -> wire::GetRecordResponse {
    let guardian = caller(FRONT_RANGE, Role::Guardian, &[learner("s1")]);
    let request = wire::GetRecordRequest { record_id: id.into(), token };
    region.api.get_record(by(&guardian, request)).await.expect("it is there").into_inner()
}

fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

async fn checked(region: &Region, document: &str) -> wire::VerifyCredentialResponse {
    let employer = caller(FRONT_RANGE, Role::Employer, &[]);
    let request = wire::VerifyCredentialRequest { document: document.into(), ..Default::default() };
    region.api.verify_credential(by(&employer, request)).await.expect("a report").into_inner()
}

#[tokio::test]
async fn a_record_has_the_badges_as_they_are_and_verifies_with_each_of_them() {
    let region = learned().await;
    let record_id = assembled(&region, asked(vec![])).await.expect("a record").record;
    let record_id = record_id.expect("a record").record_id;
    let shown = record(&region, &record_id, false).await;
    let document: Value = serde_json::from_str(&shown.document).expect("JSON");
    let inside = document["credentialSubject"]["verifiableCredential"].as_array().expect("badges");
    let inside: BTreeSet<_> = inside.iter().map(ToString::to_string).collect();
    let badges = region.credentials_of(learner("s1")).await;
    let badges: BTreeSet<_> = badges.into_iter().map(|badge| badge.document).collect();
    assert_eq!(inside, badges, "byte for byte");
    assert_eq!(inside.len(), 3);
    assert_eq!(document["@context"][0], "https://www.w3.org/ns/credentials/v2");
    let second = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json";
    assert_eq!(document["@context"][1], second);
    assert_eq!(document["type"], json!(["VerifiableCredential", "ClrCredential"]));
    assert_eq!(document["partial"], false);
    assert_eq!(document["name"], "Comprehensive Learner Record");
    assert!(!shown.document.contains(&learner("s1").to_string()));

    let report = checked(&region, &shown.document).await;
    assert!(report.verified, "{report:?}");
    let places: Vec<_> = report.carried.iter().map(|one| one.place.as_str()).collect();
    assert_eq!(places.len(), 3);
    assert_eq!(places[2], "/credentialSubject/verifiableCredential/2");
    assert!(report.carried.iter().all(|one| one.verified && one.checks.len() == 8));
    let token = record(&region, &record_id, true).await.compact_jws;
    assert_eq!(region.failed_check(&token).await, None);

    let Some(schema) = schema_named("clr_v2p0_clrcredential_schema.json") else { return };
    for document in [document, crate::badge::payload(&token)] {
        let errors: Vec<_> = schema.iter_errors(&document).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}

#[tokio::test]
async fn associations_connect_what_is_in_the_record_alone() {
    let region = learned().await;
    let id = async |key: &str| {
        let admin = caller(FRONT_RANGE, Role::NetworkAdmin, &[]);
        let request = by(&admin, wire::ListAchievementsRequest {});
        let all = region.api.list_achievements(request).await.expect("a list").into_inner();
        let found = all.achievements.into_iter().find(|one| one.key == key).expect("it is there");
        format!("urn:uuid:{}", found.achievement_id)
    };
    let (low, high, part) = (id("res-2").await, id("res-3").await, id("plan-3").await);
    let of = |kind: &str, source: &str, target: &str| {
        json!({"type": "Association", "associationType": kind, "sourceId": source,
            "targetId": target})
        .to_string()
    };
    let whole = assembled(&region, asked(vec![])).await.expect("a record").record;
    let whole = record(&region, &whole.expect("a record").record_id, false).await;
    let document: Value = serde_json::from_str(&whole.document).expect("JSON");
    let found = document["credentialSubject"]["association"].as_array().expect("some").iter();
    let found: BTreeSet<_> = found.map(ToString::to_string).collect();
    let expected =
        [of("isChildOf", &part, &low), of("isChildOf", &part, &high), of("precedes", &low, &high)];
    assert_eq!(found, BTreeSet::from(expected));

    let badges = region.credentials_of(learner("s1")).await;
    let one = badges.iter().find(|badge| badge.achievement_name.contains("plan")).expect("one");
    let mut request = asked(vec![one.credential_id.clone()]);
    request.request_id = "another".into();
    let alone = assembled(&region, request).await.expect("a record").record.expect("a record");
    assert!(alone.partial, "there is more to tell");
    let alone = record(&region, &alone.record_id, false).await;
    let document: Value = serde_json::from_str(&alone.document).expect("JSON");
    assert_eq!(document["credentialSubject"].get("association"), None);
    assert_eq!(document["partial"], true);
}

#[tokio::test]
async fn a_badge_that_ends_later_fails_its_record_and_is_named() {
    let region = learned().await;
    let made = assembled(&region, asked(vec![])).await.expect("a record").record.expect("one");
    let document = record(&region, &made.record_id, false).await.document;
    region.mastery(learner("s1"), "plan", 1, false).await;
    region.settled().await;
    let report = checked(&region, &document).await;
    let failed: Vec<_> = report.checks.iter().filter(|check| !check.passed).collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].name, "endorsements");
    assert!(failed[0].detail.contains("status: revoked"), "{}", failed[0].detail);
    let ended: Vec<_> = report.carried.iter().filter(|one| !one.verified).collect();
    assert_eq!(ended.len(), 1);
    let status = ended[0].checks.iter().find(|check| check.name == "status").expect("a status");
    assert_eq!((status.passed, status.detail.as_str()), (false, "revoked"));

    let mut next = asked(vec![]);
    next.request_id = "next".into();
    let next = assembled(&region, next).await.expect("a record").record.expect("a record");
    assert_eq!(next.credential_ids.len(), 2);
    assert!(!next.partial, "what ended for good is nothing to tell");
    let tampered = document.replace("\"partial\":false", "\"partial\":true");
    let report = checked(&region, &tampered).await;
    assert!(!report.checks.iter().find(|check| check.name == "arithmetic").expect("it").passed);
}

#[tokio::test]
async fn the_same_request_is_the_same_record_and_says_who_asked_and_why() {
    let region = learned().await;
    let first = assembled(&region, asked(vec![])).await.expect("a record");
    let second = assembled(&region, asked(vec![])).await.expect("a record");
    assert!(!first.repeated && second.repeated);
    assert_eq!(first.record, second.record);
    let mut other = asked(vec![]);
    other.purpose = "For something else.".into();
    let refused = assembled(&region, other).await.expect_err("another request");
    assert_eq!(reason(&refused), "REQUEST_ID_REUSED");

    let about = first.record.expect("a record");
    let shown = record(&region, &about.record_id, false).await;
    assert_eq!(shown.purpose, "For an apprenticeship at the mill.");
    assert_eq!(shown.consent, "Signed by her mother on the second of March.");
    assert_eq!(about.requested_by, "somebody");
    let (from, until) = (about.valid_from.expect("it"), about.valid_until.expect("it"));
    assert_eq!(until.seconds - from.seconds, 90 * 86_400);
    let bytes = std::fs::read(region.folder().join("credentials.db")).expect("the log");
    let clear = b"For an apprenticeship";
    assert!(!bytes.windows(clear.len()).any(|window| window == clear), "words are sealed");
    let learner_id = learner("s1").to_string();
    let list = wire::ListRecordsRequest { learner_id, ..Default::default() };
    let herself = caller(FRONT_RANGE, Role::Learner, &[learner("s1")]);
    let list = region.api.list_records(by(&herself, list)).await.expect("a list").into_inner();
    assert_eq!(list.records, [about]);
}

#[tokio::test]
async fn bad_requests_are_refused_with_what_to_do() {
    let region = learned().await;
    let badge = region.credentials_of(learner("s1")).await.remove(0).credential_id;
    let other = learner("s2").to_string();
    type Spoil = Box<dyn Fn(&mut wire::AssembleRecordRequest)>;
    let cases: [(&str, Spoil); 8] = [
        ("REQUEST_ID_INVALID", Box::new(|r| r.request_id.clear())),
        ("LEARNER_ID_INVALID", Box::new(|r| r.learner_id = "x".into())),
        ("WORDS_MISSING", Box::new(|r| r.purpose = "  ".into())),
        ("WORDS_MISSING", Box::new(|r| r.consent.clear())),
        ("WORDS_TOO_LONG", Box::new(|r| r.purpose = "x".repeat(2_001))),
        ("CREDENTIAL_ID_INVALID", Box::new(|r| r.credential_ids = vec!["x".into()])),
        ("RECORD_NAME_INVALID", Box::new(|r| r.name = "a\u{7}".into())),
        ("RECORD_EMPTY", Box::new(move |r| r.learner_id = other.clone())),
    ];
    for (expected, spoil) in cases {
        let mut request = asked(vec![]);
        spoil(&mut request);
        let refused = assembled(&region, request).await.expect_err(expected);
        assert_eq!(reason(&refused), expected, "{}", refused.message());
    }
    let hold = wire::HoldCredentialRequest { credential_id: badge.clone(), reason: "So.".into() };
    let admin = caller(FRONT_RANGE, Role::NetworkAdmin, &[]);
    region.api.hold_credential(by(&admin, hold)).await.expect("held");
    region.settled().await;
    let refused = assembled(&region, asked(vec![badge])).await.expect_err("it is held");
    assert_eq!(reason(&refused), "CREDENTIAL_NOT_SHOWN");
    let rest = assembled(&region, asked(vec![])).await.expect("a record").record.expect("one");
    assert_eq!((rest.credential_ids.len(), rest.partial), (2, true), "what is held is not told");
}

#[tokio::test]
async fn only_whoever_stands_for_the_learner_asks_and_sees() {
    let region = learned().await;
    for role in [Role::Employer, Role::Validator, Role::Integrator, Role::Service] {
        let request = by(&caller(FRONT_RANGE, role, &[]), asked(vec![]));
        let refused = region.api.assemble_record(request).await.expect_err("forbidden");
        assert_eq!(reason(&refused), "ROLE_REQUIRED", "{role:?}");
    }
    let stranger = caller(FRONT_RANGE, Role::Guardian, &[learner("s2")]);
    let refused = region.api.assemble_record(by(&stranger, asked(vec![]))).await;
    assert_eq!(reason(&refused.expect_err("forbidden")), "LEARNER_NOT_IN_TOKEN");
    let made = assembled(&region, asked(vec![])).await.expect("a record").record.expect("one");
    let get = |record_id: String| wire::GetRecordRequest { record_id, token: false };
    let foreign = region.api.get_record(by(&stranger, get(made.record_id))).await;
    let absent = region.api.get_record(by(&stranger, get(learner("x").to_string()))).await;
    let told = |status: Status| (status.code(), status.message().to_owned(), reason(&status));
    let (foreign, absent) = (told(foreign.expect_err("no")), told(absent.expect_err("no")));
    assert_eq!(foreign, absent);
    assert_eq!(absent.2, "RECORD_NOT_FOUND");
}
