//! A credential lives: at a higher level, held, under review, revoked by a person or with its key,
//! and can always say why.

use northstar_chassis::Role;
use northstar_kernel::Timestamp;
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::CredentialStatus;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService as _;
use tonic::Status;
use tonic_types::StatusExt as _;

use crate::badge;
use crate::region::{FRONT_RANGE, Region, achievement, by, caller, evidence, learner, present};

const RES: &str = "responsibility";
const DAY: i64 = 86_400_000_000;

/// A region in which `s1` holds a credential at level 3.
async fn awarded() -> Region {
    let region = Region::running().await;
    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    region.mastery(learner("s1"), RES, 3, true).await;
    region.settled().await;
    region
}

async fn the_one(region: &Region) -> wire::Credential {
    let mut credentials = region.credentials_of(learner("s1")).await;
    assert_eq!(credentials.len(), 1, "{credentials:?}");
    credentials.remove(0)
}

fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

/// What `order` is told to do with the one credential, by an administrator.
async fn ordered(region: &Region, what: &str, why: &str) -> Result<bool, Status> {
    ordered_by(region, Role::NetworkAdmin, what, why).await
}

async fn ordered_by(region: &Region, role: Role, what: &str, why: &str) -> Result<bool, Status> {
    let credential_id = the_one(region).await.credential_id;
    let (caller, reason) = (caller(FRONT_RANGE, role, &[]), why.to_owned());
    let changed = match what {
        "hold" => {
            let request = by(&caller, wire::HoldCredentialRequest { credential_id, reason });
            region.api.hold_credential(request).await?.into_inner().changed
        }
        "release" => {
            let request = by(&caller, wire::ReleaseCredentialRequest { credential_id, reason });
            region.api.release_credential(request).await?.into_inner().changed
        }
        _ => {
            let request = by(&caller, wire::RevokeCredentialRequest { credential_id, reason });
            region.api.revoke_credential(request).await?.into_inner().changed
        }
    };
    region.settled().await;
    Ok(changed)
}

async fn window(region: &Region, days: u32) -> Result<bool, Status> {
    let admin = caller(FRONT_RANGE, Role::NetworkAdmin, &[]);
    let request = by(&admin, wire::SetReviewWindowRequest { days });
    let changed = region.api.set_review_window(request).await?.into_inner().changed;
    region.settled().await;
    Ok(changed)
}

async fn explained(region: &Region, role: Role) -> wire::ExplainCredentialResponse {
    let credential_id = region.credentials_of(learner("s1")).await.remove(0).credential_id;
    let caller = caller(FRONT_RANGE, role, &[learner("s1")]);
    let request = by(&caller, wire::ExplainCredentialRequest { credential_id });
    region.api.explain_credential(request).await.expect("it is there").into_inner()
}

fn steps(explained: &wire::ExplainCredentialResponse) -> Vec<&str> {
    explained.steps.iter().map(|step| step.what.as_str()).collect()
}

#[tokio::test]
async fn a_higher_level_is_another_edition_of_the_same_credential() {
    let region = awarded().await;
    let lower = the_one(&region).await;
    region.mastery(learner("s1"), RES, 4, true).await;
    region.settled().await;
    let higher = the_one(&region).await;
    assert_eq!((lower.level, higher.level), (3, 4));
    assert_eq!((&lower.credential_id, lower.place), (&higher.credential_id, higher.place));
    let [before, after] = [&lower, &higher].map(|one| badge::payload(&one.compact_jws));
    assert_eq!(before["id"], after["id"]);
    assert_eq!(before["credentialSubject"]["id"], after["credentialSubject"]["id"]);
    assert!(before["nbf"].as_i64() < after["nbf"].as_i64(), "the later one replaces");
    assert_eq!(
        steps(&explained(&region, Role::Teacher).await),
        ["credential_issued", "credential_superseded"]
    );
}

#[tokio::test]
async fn a_review_keeps_it_until_its_end_and_returning_mastery_reinstates() {
    let region = awarded().await;
    assert!(window(&region, 14).await.expect("allowed"));
    assert!(!window(&region, 14).await.expect("so already"));
    region.mastery(learner("s1"), RES, 1, false).await;
    region.settled().await;
    let reviewed = the_one(&region).await;
    assert_eq!(reviewed.status(), CredentialStatus::Held);
    assert!(reviewed.review_until.is_some());
    assert_eq!(region.failed_check(&reviewed.compact_jws).await.as_deref(), Some("status"));

    region.mastery(learner("s1"), RES, 3, true).await;
    region.settled().await;
    let back = the_one(&region).await;
    assert_eq!((back.status(), back.review_until), (CredentialStatus::Issued, None));
    let later = Timestamp::from_micros(present().micros() + 30 * DAY);
    region.due_at(later).await;
    assert_eq!(the_one(&region).await.status(), CredentialStatus::Issued, "nothing is left due");
    let explained = explained(&region, Role::Teacher).await;
    assert_eq!(steps(&explained)[1..], ["credential_review_opened", "credential_reinstated"]);
}

#[tokio::test]
async fn a_review_that_is_over_ends_the_credential_once() {
    let region = awarded().await;
    window(&region, 14).await.expect("allowed");
    region.mastery(learner("s1"), RES, 1, false).await;
    region.settled().await;
    region.due_at(Timestamp::from_micros(present().micros() + 13 * DAY)).await;
    assert_eq!(the_one(&region).await.status(), CredentialStatus::Held);
    let over = Timestamp::from_micros(present().micros() + 15 * DAY);
    region.due_at(over).await;
    let ended = the_one(&region).await;
    assert_eq!(ended.status(), CredentialStatus::Revoked);
    assert_eq!(ended.revocation_reason, "mastery_withdrawn");
    region.due_at(over).await;
    let count = |name: &str, all: &[String]| all.iter().filter(|one| *one == name).count();
    assert_eq!(count("credential_revoked", &region.event_types().await), 1);

    region.mastery(learner("s1"), RES, 3, true).await;
    region.settled().await;
    assert_eq!(region.credentials_of(learner("s1")).await.len(), 2, "and is earned anew");
}

#[tokio::test]
async fn people_hold_release_and_revoke_and_say_why() {
    let region = awarded().await;
    assert!(ordered(&region, "hold", "A complaint came in.").await.expect("allowed"));
    assert!(!ordered(&region, "hold", "A complaint came in.").await.expect("held already"));
    assert_eq!(the_one(&region).await.status(), CredentialStatus::Held);
    region.mastery(learner("s1"), RES, 4, true).await;
    region.settled().await;
    assert_eq!(the_one(&region).await.level, 3, "what is held is not talked over");
    assert!(ordered(&region, "release", "It was settled.").await.expect("allowed"));
    let released = the_one(&region).await;
    assert_eq!((released.status(), released.level), (CredentialStatus::Issued, 4));

    assert!(ordered(&region, "revoke", "Another pupil's work.").await.expect("allowed"));
    let ended = the_one(&region).await;
    assert_eq!(ended.revocation_reason, "decided_by_person");
    let again = ordered(&region, "release", "Never mind.").await.expect_err("it ended");
    assert_eq!(reason(&again), "CREDENTIAL_SPENT");
    region.mastery(learner("s1"), RES, 5, true).await;
    region.settled().await;
    assert_eq!(the_one(&region).await, ended, "what a person ended is not issued anew");

    let told = explained(&region, Role::Teacher).await;
    let last = told.steps.last().expect("a step");
    assert_eq!((last.actor.as_str(), last.reason.as_str()), ("somebody", "Another pupil's work."));
    let told = explained(&region, Role::Learner).await;
    assert!(told.steps.iter().all(|step| step.actor.is_empty() && step.reason.is_empty()));
    let bytes = std::fs::read(region.folder().join("credentials.db")).expect("the log");
    let clear = b"Another pupil's work.";
    assert!(!bytes.windows(clear.len()).any(|window| window == clear), "words are sealed");
}

#[tokio::test]
async fn only_who_may_decides_and_a_reason_is_needed() {
    let region = awarded().await;
    for role in [Role::Teacher, Role::Learner, Role::Guardian, Role::Employer, Role::Service] {
        for what in ["hold", "release", "revoke"] {
            let refused = ordered_by(&region, role, what, "Because.").await;
            assert_eq!(reason(&refused.expect_err("forbidden")), "ROLE_REQUIRED", "{role:?}");
        }
    }
    let refused = ordered_by(&region, Role::Validator, "revoke", "Because.").await;
    assert_eq!(reason(&refused.expect_err("forbidden")), "ROLE_REQUIRED");
    let refused = ordered(&region, "hold", "  ").await.expect_err("no reason");
    assert_eq!(reason(&refused), "REASON_MISSING");
    let refused = ordered(&region, "hold", &"x".repeat(2_001)).await.expect_err("too long");
    assert_eq!(reason(&refused), "REASON_TOO_LONG");
    let refused = window(&region, 366).await.expect_err("too long");
    assert_eq!(reason(&refused), "REVIEW_TOO_LONG");
    assert_eq!(the_one(&region).await.status(), CredentialStatus::Issued);
}

#[tokio::test]
async fn why_this_badge_and_what_rests_on_this_evidence() {
    let region = awarded().await;
    let told = explained(&region, Role::Guardian).await;
    let [grounds] = &told.editions[..] else { panic!("one edition") };
    let counted = evidence(learner("s1"), RES).to_string();
    assert_eq!(grounds.evidence_ids, [counted.as_str()]);
    assert_eq!((grounds.policy_hash.as_str(), grounds.level), ("0a", 3));
    assert_eq!(grounds.criteria, "Mastery of responsibility at level 3 or above.");
    assert_eq!(told.steps[0].mastery_event_id, grounds.mastery_event_id);

    let teacher = caller(FRONT_RANGE, Role::Teacher, &[]);
    let ask = async |evidence_id: &str| {
        let request = wire::ListCredentialsByEvidenceRequest {
            evidence_id: evidence_id.into(),
            ..Default::default()
        };
        let answer = region.api.list_credentials_by_evidence(by(&teacher, request)).await;
        answer.map(|answer| answer.into_inner().credentials)
    };
    assert_eq!(ask(&counted).await.expect("a list"), [the_one(&region).await]);
    let other = evidence(learner("s2"), RES).to_string();
    assert!(ask(&other).await.expect("a list").is_empty());
    assert_eq!(reason(&ask("x").await.expect_err("no id")), "EVIDENCE_ID_INVALID");
}

#[tokio::test]
async fn what_a_compromised_key_signed_is_issued_anew_under_another_id() {
    let region = awarded().await;
    let admin = caller(FRONT_RANGE, Role::NetworkAdmin, &[]);
    let before = the_one(&region).await;
    let keys = region.issuer().await.keys;
    let request = by(&admin, wire::RotateIssuerKeyRequest::default());
    region.api.rotate_issuer_key(request).await.expect("allowed");
    let key_name = keys[0].key_name.clone();
    let request = wire::CompromiseIssuerKeyRequest { key_name: key_name.clone(), from: None };
    region.api.compromise_issuer_key(by(&admin, request)).await.expect("allowed");
    region.settled().await;
    let ended = the_one(&region).await;
    assert_eq!(ended.revocation_reason, "key_compromised", "and waits for a key that may sign");

    region.due_at(Timestamp::from_micros(present().micros() + 2 * DAY)).await;
    let mut after = region.credentials_of(learner("s1")).await;
    after.retain(|one| one.credential_id != before.credential_id);
    let [anew] = &after[..] else { panic!("one more, not {after:?}") };
    assert_eq!((anew.status(), anew.level), (CredentialStatus::Issued, 3));
    assert_ne!(anew.place, before.place);
    assert!(!anew.document.contains(&format!("#{key_name}\"")), "{}", anew.document);
    assert_eq!(region.failed_check(&anew.compact_jws).await, None);
}

#[tokio::test]
async fn more_credentials_than_one_step_takes_are_all_replaced() {
    let region = Region::running().await;
    let learners: Vec<_> = (0..1_050).map(|number| learner(&format!("s{number}"))).collect();
    let reached = learners.iter().map(|learner| region.mastery(*learner, RES, 3, true));
    futures::future::join_all(reached).await;
    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    region.settled().await;
    let admin = caller(FRONT_RANGE, Role::NetworkAdmin, &[]);
    let key_name = region.issuer().await.keys[1].key_name.clone();
    let request = wire::CompromiseIssuerKeyRequest { key_name, from: None };
    region.api.compromise_issuer_key(by(&admin, request)).await.expect("allowed");
    region.settled().await;
    for learner in learners {
        let credentials = region.credentials_of(learner).await;
        assert_eq!(credentials[0].revocation_reason, "key_compromised");
    }
    let names = region.event_types().await;
    let count = |wanted: &str| names.iter().filter(|name| *name == wanted).count();
    assert_eq!((count("credential_revoked"), count("credentials_replaced")), (1_050, 1));
}
