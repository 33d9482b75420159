//! Achievements earned by more than one competency at one level.

use std::collections::BTreeMap;
use std::fs;

use northstar_chassis::Role;
use northstar_kernel::LearnerId;
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::CredentialStatus;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService as _;
use northstar_wire::credentials::v1::rule::What;
use serde_json::Value;
use tonic::Status;

use crate::issuing::{id_of, issue, missing, reason};
use crate::region::{FRONT_RANGE, Region, achievement, by, caller, competency, learner};

fn rule(what: What) -> wire::Rule {
    wire::Rule { what: Some(what) }
}

/// Mastery of the competency at the level.
pub(crate) fn at(name: &str, level: u32) -> wire::Rule {
    let competency_id = competency(name).to_string();
    rule(What::Competency(wire::CompetencyRule { competency_id, level, by_role: Vec::new() }))
}

fn part(key: &str) -> wire::Rule {
    rule(What::AchievementId(id_of(key).to_string()))
}

fn fact(name: &str, at_least: u32) -> wire::Rule {
    rule(What::Fact(wire::FactRule { name: name.into(), at_least }))
}

/// So many of these; 0: all.
pub(crate) fn of(at_least: u32, parts: Vec<wire::Rule>) -> wire::Rule {
    rule(What::Parts(wire::PartsRule { at_least, parts }))
}

/// Standing at the competency, earned by the rule.
pub(crate) fn ruled(key: &str, name: &str, rule: wire::Rule) -> wire::Achievement {
    wire::Achievement { required_level: 0, rule: Some(rule), ..achievement(key, name, 1) }
}

/// What the learner has for the achievement that has not been revoked.
async fn held(region: &Region, learner: LearnerId, key: &str) -> Option<wire::Credential> {
    let all = region.credentials_of(learner).await;
    let id = id_of(key).to_string();
    all.into_iter().find(|it| it.achievement_id == id && it.revoked_at.is_none())
}

async fn status(region: &Region, key: &str) -> Option<CredentialStatus> {
    held(region, learner("s1"), key).await.map(|it| it.status())
}

async fn state(region: &Region, name: &str, times: u32) -> Result<bool, Status> {
    state_by(region, Role::Integrator, name, times).await
}

async fn state_by(region: &Region, role: Role, name: &str, times: u32) -> Result<bool, Status> {
    let (caller, learner_id) = (caller(FRONT_RANGE, role, &[]), learner("s1").to_string());
    let request = wire::StateFactRequest { learner_id, name: name.into(), times };
    let changed = region.api.state_fact(by(&caller, request)).await?.into_inner().changed;
    region.settled().await;
    Ok(changed)
}

#[tokio::test]
async fn two_of_three_competencies_earn_it_and_losing_one_ends_it() {
    let region = Region::running().await;
    let two = of(2, vec![at("a", 2), at("b", 2), at("c", 3)]);
    region.define(ruled("two", "a", two)).await.expect("sound");
    region.mastery(learner("s1"), "a", 3, true).await;
    region.settled().await;
    assert_eq!(status(&region, "two").await, None);
    let refused = issue(&region, Role::NetworkAdmin, learner("s1"), "two").await;
    assert_eq!(missing(&refused.expect_err("one is not two")).len(), 2, "b, or c");
    region.mastery(learner("s1"), "c", 3, true).await;
    region.settled().await;
    let earned = held(&region, learner("s1"), "two").await.expect("two of three");
    assert_eq!((earned.status(), earned.level), (CredentialStatus::Issued, 3), "the level of a");
    region.mastery(learner("s1"), "b", 2, true).await;
    region.mastery(learner("s1"), "c", 1, false).await;
    region.settled().await;
    assert_eq!(status(&region, "two").await, Some(CredentialStatus::Issued), "a and b carry it");
    region.mastery(learner("s1"), "b", 1, false).await;
    region.settled().await;
    assert_eq!(status(&region, "two").await, None, "a alone does not");
    let ended = region.credentials_of(learner("s1")).await.remove(0);
    assert_eq!(ended.revocation_reason, "mastery_withdrawn");
}

/// Those who had all of it before are awarded when it is defined, and no one else is looked at.
#[tokio::test]
async fn what_was_held_before_it_was_defined_counts() {
    let region = Region::running().await;
    for name in ["a", "b"] {
        region.mastery(learner("s1"), name, 2, true).await;
    }
    region.mastery(learner("s2"), "b", 2, true).await;
    region.define(ruled("both", "a", of(0, vec![at("a", 2), at("b", 2)]))).await.expect("sound");
    region.settled().await;
    assert!(held(&region, learner("s1"), "both").await.is_some());
    assert!(held(&region, learner("s2"), "both").await.is_none());
}

/// As in the educator badges: who leads needs more than who teaches.
#[tokio::test]
async fn the_level_depends_on_the_role_in_the_roster() {
    let region = Region::running().await;
    let (teacher, leader) = (learner("teacher"), learner("leader"));
    region.roster(teacher, &["teacher"]).await;
    region.roster(leader, &["administrator"]).await;
    let mut needs = at("coaching", 2);
    if let Some(What::Competency(needs)) = &mut needs.what {
        needs.by_role = vec![wire::RoleLevel { role: "administrator".into(), level: 4 }];
    }
    region.define(ruled("coach", "coaching", needs)).await.expect("sound");
    for person in [teacher, leader] {
        region.mastery(person, "coaching", 3, true).await;
    }
    region.settled().await;
    assert!(held(&region, teacher, "coach").await.is_some());
    assert!(held(&region, leader, "coach").await.is_none());
    region.roster(leader, &["teacher"]).await;
    region.settled().await;
    assert!(held(&region, leader, "coach").await.is_some(), "in another role it is enough");
    region.roster(leader, &["administrator"]).await;
    region.settled().await;
    assert!(held(&region, leader, "coach").await.is_some(), "only mastery that is lost ends it");
}

#[tokio::test]
async fn a_part_that_is_lost_holds_the_stack_and_one_that_is_back_releases_it() {
    let region = Region::running().await;
    region.define(achievement("part-a", "a", 2)).await.expect("sound");
    region.define(achievement("part-b", "b", 2)).await.expect("sound");
    let stack = of(0, vec![part("part-a"), part("part-b")]);
    region.define(ruled("stack", "whole", stack)).await.expect("sound");
    let top = of(0, vec![part("stack"), at("c", 1)]);
    region.define(ruled("top", "c", top)).await.expect("sound");
    for name in ["a", "b", "c"] {
        region.mastery(learner("s1"), name, 2, true).await;
    }
    region.settled().await;
    let stacked = held(&region, learner("s1"), "stack").await.expect("both parts are there");
    assert_eq!(stacked.level, 0, "it states no level");
    assert!(status(&region, "top").await.is_some());

    region.mastery(learner("s1"), "b", 1, false).await;
    region.settled().await;
    let suspended = held(&region, learner("s1"), "stack").await.expect("it is not revoked");
    assert_eq!((suspended.status(), suspended.suspended), (CredentialStatus::Held, true));
    assert_eq!(
        status(&region, "top").await,
        Some(CredentialStatus::Held),
        "and what it is part of"
    );
    assert_eq!(region.failed_check(&suspended.compact_jws).await.as_deref(), Some("status"));
    region.mastery(learner("s1"), "b", 2, true).await;
    region.settled().await;
    let back = held(&region, learner("s1"), "stack").await.expect("it is there");
    assert_eq!(
        (back.status(), &back.credential_id),
        (CredentialStatus::Issued, &stacked.credential_id)
    );
    assert_eq!(status(&region, "top").await, Some(CredentialStatus::Issued));
    let names = region.event_types().await;
    let count = |wanted: &str| names.iter().filter(|name| *name == wanted).count();
    assert_eq!((count("credential_suspended"), count("credential_resumed")), (2, 2));
}

#[tokio::test]
async fn a_hold_of_a_part_holds_the_stack_and_a_persons_own_hold_stays() {
    let region = Region::running().await;
    region.define(achievement("part-a", "a", 2)).await.expect("sound");
    region
        .define(ruled("stack", "a", of(0, vec![part("part-a"), at("a", 1)])))
        .await
        .expect("sound");
    region.mastery(learner("s1"), "a", 2, true).await;
    region.settled().await;
    let admin = caller(FRONT_RANGE, Role::NetworkAdmin, &[]);
    let credential_id = held(&region, learner("s1"), "part-a").await.expect("it").credential_id;
    let reason = || "Looked into.".to_owned();
    let hold =
        wire::HoldCredentialRequest { credential_id: credential_id.clone(), reason: reason() };
    region.api.hold_credential(by(&admin, hold)).await.expect("allowed");
    region.settled().await;
    let stacked = held(&region, learner("s1"), "stack").await.expect("it is not revoked");
    assert_eq!((stacked.held, stacked.suspended), (false, true));
    let hold =
        wire::HoldCredentialRequest { credential_id: stacked.credential_id, reason: reason() };
    region.api.hold_credential(by(&admin, hold)).await.expect("allowed");
    let release = wire::ReleaseCredentialRequest { credential_id, reason: reason() };
    region.api.release_credential(by(&admin, release)).await.expect("allowed");
    region.settled().await;
    let stacked = held(&region, learner("s1"), "stack").await.expect("it is not revoked");
    assert_eq!((stacked.status(), stacked.suspended), (CredentialStatus::Held, false));
}

#[tokio::test]
async fn facts_are_stated_and_taken_back() {
    let region = Region::running().await;
    let endorsed =
        of(0, vec![fact("credits", 8), of(2, vec![fact("x", 1), fact("y", 1), fact("z", 1)])]);
    region.define(ruled("diploma", "whole", endorsed)).await.expect("sound");
    for (name, times) in [("credits", 8), ("x", 1)] {
        assert!(state(&region, name, times).await.expect("allowed"));
        assert!(!state(&region, name, times).await.expect("allowed"), "it is known");
    }
    assert_eq!(status(&region, "diploma").await, None);
    state(&region, "z", 1).await.expect("allowed");
    assert_eq!(status(&region, "diploma").await, Some(CredentialStatus::Issued));
    state(&region, "credits", 7).await.expect("allowed");
    assert_eq!(status(&region, "diploma").await, Some(CredentialStatus::Held));
    state(&region, "credits", 9).await.expect("allowed");
    assert_eq!(status(&region, "diploma").await, Some(CredentialStatus::Issued));
    let refused = state(&region, "Credits!", 1).await.expect_err("no name");
    assert_eq!(reason(&refused), "FACT_INVALID");
    for role in [Role::Teacher, Role::Learner, Role::Employer] {
        let refused = state_by(&region, role, "credits", 1).await.expect_err("forbidden");
        assert_eq!(reason(&refused), "ROLE_REQUIRED");
    }
}

#[tokio::test]
async fn rules_that_nobody_could_meet_are_refused_by_path() {
    let region = Region::running().await;
    region.define(ruled("first", "a", at("a", 1))).await.expect("sound");
    region.define(ruled("second", "a", of(0, vec![part("first")]))).await.expect("sound");
    let nothing = wire::Rule { what: None };
    let cases = [
        (of(0, vec![at("a", 1), part("unknown")]), "is not defined"),
        (of(3, vec![at("a", 1), at("b", 1)]), "from 1 to 2"),
        (of(0, vec![at("a", 1), nothing]), "what is missing"),
        (at("a", 0), "from 1 to 100"),
        (at("b", 1), "the rule does not name"),
    ];
    for (rule, expected) in cases {
        let refused = region.define(ruled("third", "a", rule)).await.expect_err(expected);
        assert_eq!(reason(&refused), "ACHIEVEMENT_INVALID");
        assert!(missing(&refused).iter().any(|it| it.contains(expected)), "{refused:?}");
    }
    let round = ruled("first", "a", of(0, vec![part("second"), at("a", 1)]));
    let refused = region.define(round).await.expect_err("it requires itself");
    assert!(missing(&refused)[0].contains("itself"), "{refused:?}");
    let other = ruled("second", "a", at("a", 1));
    let refused = region.define(other).await.expect_err("terms stay");
    assert_eq!(reason(&refused), "ACHIEVEMENT_TERMS_FIXED");
}

#[tokio::test]
async fn definitions_come_back_as_they_were_sent_with_their_version() {
    let region = Region::running().await;
    let mut sent = ruled("whole", "a", of(2, vec![at("a", 1), at("b", 2), fact("hours", 40)]));
    sent.valid_days = 365;
    sent.further_alignments = achievement("x", "b", 1).alignment.into_iter().collect();
    assert!(region.define(sent.clone()).await.expect("sound"));
    sent.description = "In other words.".into();
    assert!(region.define(sent.clone()).await.expect("sound"));
    region.settled().await;
    let anybody = caller(FRONT_RANGE, Role::Learner, &[]);
    let request = by(&anybody, wire::ListAchievementsRequest {});
    let listed = region.api.list_achievements(request).await.expect("a list").into_inner();
    let achievement_id = id_of("whole").to_string();
    assert_eq!(listed.achievements, [wire::Achievement { achievement_id, version: 2, ..sent }]);
}

#[tokio::test]
async fn a_small_crowd_is_warned_of() {
    let region = Region::running().await;
    let admin = caller(FRONT_RANGE, Role::NetworkAdmin, &[]);
    let define = async || {
        let achievement = Some(achievement("res-3", "responsibility", 3));
        let request = wire::DefineAchievementRequest { achievement };
        let answer = region.api.define_achievement(by(&admin, request)).await.expect("sound");
        answer.into_inner().warnings
    };
    for number in 0..9 {
        region.roster(learner(&format!("s{number}")), &["student"]).await;
    }
    region.roster(learner("t"), &["teacher"]).await;
    region.settled().await;
    let warnings = define().await;
    assert_eq!(warnings[0].reason, "CROWD_SMALL");
    assert!(warnings[0].description.contains("9 students"), "{warnings:?}");
    region.roster(learner("s9"), &["student"]).await;
    region.settled().await;
    assert!(define().await.is_empty());
    region.roster(learner("s9"), &[]).await;
    region.settled().await;
    assert_eq!(define().await.len(), 1, "who left does not count");
}

/// A diploma endorsement among the shared data, as a rule.
fn endorsement(id: &str) -> Option<wire::Rule> {
    let file = northstar_testkit::shared_data()?;
    let file = file.join("data/frameworks/endorsement_and_accountability_rules.json");
    let text = fs::read_to_string(file).expect("the rules are among the shared data");
    let file: Value = serde_json::from_str(&text).expect("they are JSON");
    let rules = file["diploma_endorsements"].as_array().expect("a list");
    let found = rules.iter().find(|rule| rule["id"] == id).expect("it is there");
    Some(of(0, found["all_of"].as_array().expect("a list").iter().map(condition).collect()))
}

fn condition(value: &Value) -> wire::Rule {
    if let Some(name) = value.as_str() {
        return fact(name, 1);
    }
    let number = |value: &Value| value.as_u64().map_or(1, |number| number as u32);
    if let Some(parts) = value["of"].as_array() {
        return of(number(&value["count_min"]), parts.iter().map(condition).collect());
    }
    let object = value.as_object().expect("a condition");
    let (name, wanted) = object.iter().next().expect("one member");
    fact(name.trim_end_matches("_min"), number(wanted))
}

#[tokio::test]
async fn a_diploma_endorsement_is_a_rule_like_any() {
    let Some(rule) = endorsement("IN-core40-technical-honors") else { return };
    let region = Region::running().await;
    region.define(ruled("honors", "whole", rule)).await.expect("sound");
    let facts = BTreeMap::from([
        ("core40_academic", 1),
        ("career_technical_credits", 8),
        ("dual_credit_technical", 1),
        ("work_based_learning_experience", 1),
    ]);
    for (name, times) in facts {
        assert_eq!(status(&region, "honors").await, None);
        state(&region, name, times).await.expect("allowed");
    }
    assert_eq!(status(&region, "honors").await, Some(CredentialStatus::Issued));
}
