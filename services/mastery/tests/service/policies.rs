//! Policies and scales: what publishing one does to what is held.

use northstar_chassis::Role;
use northstar_kernel::Digest;
use northstar_wire::mastery::v1 as wire;
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::region::{Region, framework, held, instant, latest, on, policy, seen};

fn mean() -> String {
    policy(r#""name":"mean""#, "")
}

fn always(document: String) -> wire::PublishPolicyRequest {
    wire::PublishPolicyRequest { document, ..Default::default() }
}

async fn publish(region: &Region, request: wire::PublishPolicyRequest) -> (String, bool) {
    let response = region.admin().publish_policy(request).await.expect("valid").into_inner();
    (response.policy_hash, response.published)
}

async fn refused(region: &Region, request: wire::PublishPolicyRequest) -> (String, Vec<String>) {
    let status = region.admin().publish_policy(request).await.expect_err("refused");
    assert_eq!(status.code(), Code::InvalidArgument);
    let details = status.get_error_details();
    let reason = details.error_info().map(|info| info.reason.clone()).unwrap_or_default();
    let fields = details.bad_request().map(|bad| bad.field_violations.clone()).unwrap_or_default();
    (reason, fields.into_iter().map(|violation| violation.field).collect())
}

/// Two learners and a bystander in a competency of another framework's policy.
async fn with_evidence() -> Region {
    let region = Region::new().await;
    region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
    region.publish_policy(latest()).await;
    for (number, learner, first, second) in [(1, "ana", 1, 3), (3, "ben", 2, 2)] {
        region.record(learner, "NS.INT.1", seen(number, 2, first)).await;
        region.record(learner, "NS.INT.1", seen(number + 1, 3, second)).await;
    }
    region.settled().await;
    region
}

#[tokio::test]
async fn a_policy_is_published_once_and_read_back_in_its_canonical_form() {
    let region = Region::new().await;
    let (hash, published) = publish(&region, always(latest())).await;
    assert!(published);
    // White space and the order of fields are nothing to a policy.
    let spaced = format!("\n {} ", latest().replace(':', " : "));
    assert_eq!(publish(&region, always(spaced)).await, (hash.clone(), false));
    let framework_id = framework().to_string();
    let request = wire::GetPolicyRequest { framework_id, ..Default::default() };
    let read = region.client(Role::Teacher, &[]).get_policy(request).await.expect("in force");
    let expected = format!(
        concat!(
            r#"{{"banked":false,"engine":1,"exceeds_milli":0,"excluded_roles":[],"#,
            r#""expires_after_days":0,"framework":"{}","mastery_milli":3000,"#,
            r#""method":{{"name":"latest"}},"minimum_assessors":1,"minimum_kinds":1,"#,
            r#""minimum_observations":1,"monotone":false,"name":"","order":"observed","#,
            r#""round_to_milli":1,"validated_only":false}}"#
        ),
        framework()
    );
    assert_eq!(hash, Digest::of(expected.as_bytes()).to_string());
    let considered = wire::PolicyConsidered {
        policy_hash: hash.clone(),
        scope: "network".to_owned(),
        holds: true,
        outcome: "holds".to_owned(),
        ..Default::default()
    };
    let expected = wire::GetPolicyResponse {
        document: expected,
        policy_hash: hash,
        effective_from: None,
        retroactive: false,
        scope: "network".to_owned(),
        considered: vec![considered],
    };
    assert_eq!(read.into_inner(), expected);
    assert_eq!(region.feed().await.len(), 1);
}

#[tokio::test]
async fn a_bad_policy_is_refused_with_every_flaw() {
    let region = Region::new().await;
    let bad = policy(r#""name":"guess""#, "").replace("3000", "0");
    let (reason, fields) = refused(&region, always(bad)).await;
    assert_eq!(reason, "POLICY_INVALID");
    assert_eq!(fields, ["policy.method", "policy.mastery_milli"]);
}

#[tokio::test]
async fn a_document_that_cannot_be_read_says_where() {
    let region = Region::new().await;
    let wrong = latest().replace(&framework().to_string(), "north-star").replace("3000", "3.5");
    let (reason, fields) = refused(&region, always(wrong)).await;
    assert_eq!(reason, "POLICY_DOCUMENT_INVALID");
    assert_eq!(fields, ["policy.framework", "policy.mastery_milli"]);
    let (reason, fields) = refused(&region, always(String::new())).await;
    assert_eq!((&*reason, &*fields), ("POLICY_DOCUMENT_INVALID", &["policy".to_owned()][..]));
}

#[tokio::test]
async fn an_instant_that_is_none_and_a_past_yet_to_come_are_refused() {
    let region = Region::new().await;
    let no_instant = prost_types::Timestamp { seconds: 0, nanos: -1 };
    let request =
        wire::PublishPolicyRequest { effective_from: Some(no_instant), ..always(latest()) };
    let (reason, fields) = refused(&region, request).await;
    assert_eq!((&*reason, &*fields), ("FIELD_INVALID", &["effective_from".to_owned()][..]));
    // The year 3000.
    let ahead = prost_types::Timestamp { seconds: 32_503_680_000, nanos: 0 };
    let request = wire::PublishPolicyRequest {
        effective_from: Some(ahead),
        retroactive: true,
        ..always(latest())
    };
    let (reason, fields) = refused(&region, request.clone()).await;
    assert_eq!((&*reason, &*fields), ("RETROACTIVE_AHEAD", &["effective_from".to_owned()][..]));
    let planned = wire::PublishPolicyRequest { retroactive: false, ..request };
    assert!(publish(&region, planned).await.1, "to plan ahead is allowed");
}

#[tokio::test]
async fn only_administrators_publish_policies() {
    let region = Region::new().await;
    let request = always(latest());
    for role in [Role::Teacher, Role::Learner, Role::Integrator, Role::Employer] {
        let status = region.client(role, &[]).publish_policy(request.clone()).await;
        assert_eq!(status.expect_err("not allowed").code(), Code::PermissionDenied);
    }
    assert!(region.client(Role::DistrictAdmin, &[]).publish_policy(request).await.is_ok());
}

#[tokio::test]
async fn another_policy_reads_all_evidence_anew_and_says_what_changed() {
    let region = with_evidence().await;
    let told = region.changes().await.len();
    region.publish_policy(mean()).await;
    region.settled().await;
    let changes = region.changes().await.split_off(told);
    // Ana's latest was 3, her mean is 2. Ben's is 2 by either, so nothing is said of him.
    let [ana] = &changes[..] else { panic!("one change, not {changes:?}") };
    let moved = (held(ana.before.as_ref()), held(ana.after.as_ref()));
    assert_eq!(moved, ((3_000, 3), (2_000, 2)));
    assert_eq!(ana.cause_evidence_id, "");
    let hashes: Vec<_> = [region.profile("ana").await, region.profile("ben").await]
        .iter()
        .flatten()
        .map(|entry| entry.policy_hash.clone())
        .collect();
    assert_eq!(hashes, [ana.policy_hash.clone(), ana.policy_hash.clone()]);
    let policy_event =
        region.feed().await.into_iter().rfind(|e| e.event_type == "policy_published");
    let change_event = region.feed().await.into_iter().next_back();
    assert_eq!(
        change_event.and_then(|event| event.causation_id),
        policy_event.map(|event| event.id.uuid())
    );
}

#[tokio::test]
async fn another_frameworks_policy_touches_nothing() {
    let region = with_evidence().await;
    let before = region.profile("ana").await;
    let other = "6b0a2f3e-0000-4000-8000-000000000001";
    region.publish_policy(mean().replace(&framework().to_string(), other)).await;
    region.settled().await;
    assert_eq!(region.profile("ana").await, before);
}

#[tokio::test]
async fn another_scale_reads_the_same_value_as_another_level() {
    let region = with_evidence().await;
    let told = region.changes().await.len();
    region.publish_competency("NS.INT.1", &[0, 1, 2, 3, 4]).await;
    region.settled().await;
    let changes = region.changes().await.split_off(told);
    let moved: Vec<_> = changes
        .iter()
        .map(|change| (held(change.before.as_ref()), held(change.after.as_ref())))
        .collect();
    assert_eq!(moved.len(), 2);
    assert!(moved.contains(&((3_000, 3), (3_000, 4))), "{moved:?}");
    assert!(moved.contains(&((2_000, 2), (2_000, 3))), "{moved:?}");
}

#[tokio::test]
async fn without_a_policy_nothing_is_held_and_the_profile_says_so() {
    let region = Region::new().await;
    region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
    region.record("ana", "NS.INT.1", seen(1, 2, 3)).await;
    region.settled().await;
    assert!(region.changes().await.is_empty());
    let profile = region.profile("ana").await;
    let reason = profile.first().map(|entry| entry.reason.as_str());
    assert_eq!(reason, Some("1 judgement, but no policy is published for the framework yet."));
}

/// Values and levels of a profile.
fn all_held(profile: &[wire::ProfileEntry]) -> Vec<(i64, u32)> {
    profile.iter().map(|entry| held(entry.mastery.as_ref())).collect()
}

#[tokio::test]
async fn a_policy_from_a_day_on_waits_for_a_judgement_of_that_day() {
    let region = with_evidence().await;
    let told = region.changes().await.len();
    let from =
        wire::PublishPolicyRequest { effective_from: Some(instant(on(4))), ..always(mean()) };
    publish(&region, from).await;
    region.settled().await;
    assert_eq!(region.changes().await.len(), told, "nothing was observed since");
    region.record("ana", "NS.INT.1", seen(9, 5, 2)).await;
    region.settled().await;
    // The mean of 1, 3 and 2; as of the day before, the latest: 3.
    assert_eq!(all_held(&region.profile("ana").await), [(2_000, 2)]);
    assert_eq!(all_held(&region.profile_as_of("ana", Some(on(4))).await), [(3_000, 3)]);
    assert_eq!(all_held(&region.profile_as_of("ana", Some(on(2))).await), [(1_000, 1)]);
    assert_eq!(all_held(&region.profile_as_of("ana", Some(on(1))).await), []);
    let last = region.changes().await.pop().expect("a change");
    assert_eq!((held(last.before.as_ref()), held(last.after.as_ref())), ((3_000, 3), (2_000, 2)));
}

#[tokio::test]
async fn a_retroactive_policy_reads_what_was_observed_before_it() {
    let region = with_evidence().await;
    let from = wire::PublishPolicyRequest {
        effective_from: Some(instant(on(4))),
        retroactive: true,
        ..always(mean())
    };
    publish(&region, from).await;
    region.settled().await;
    assert_eq!(all_held(&region.profile("ana").await), [(2_000, 2)]);
    assert_eq!(all_held(&region.profile_as_of("ana", Some(on(3))).await), [(3_000, 3)]);
}

#[tokio::test]
async fn policies_side_by_side_are_each_told_of_and_shown() {
    let region = with_evidence().await;
    let told = region.changes().await.len();
    region.publish_policy(policy(r#""name":"mean""#, r#","name":"trial""#)).await;
    region.settled().await;
    let changes = region.changes().await.split_off(told);
    assert_eq!(changes.len(), 2, "the main policy's levels stay: {changes:?}");
    assert!(changes.iter().all(|change| change.policy_name == "trial"));
    let profile = region.profile("ana").await;
    let names: Vec<_> = profile.iter().map(|entry| entry.policy_name.as_str()).collect();
    assert_eq!(names, ["", "trial"]);
    assert_eq!(all_held(&profile), [(3_000, 3), (2_000, 2)]);
}

#[tokio::test]
async fn what_is_expired_at_present_no_longer_counts_though_it_was_held() {
    let region = Region::new().await;
    region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
    // A hundred years, which is past when this test is; and a day, which is over.
    for (name, days) in [("", 36_500), ("soon", 1)] {
        let rest = format!(r#","name":"{name}","expires_after_days":{days}"#);
        region.publish_policy(policy(r#""name":"latest""#, &rest)).await;
    }
    region.record("ana", "NS.INT.1", seen(1, 2, 3)).await;
    region.settled().await;
    assert_eq!(region.changes().await.len(), 2, "both held when it was observed");
    let profile = region.profile_as_of("ana", Some(on(30))).await;
    assert_eq!(all_held(&profile), [(3_000, 3), (0, 0)]);
    let reason = profile.last().map(|entry| entry.reason.as_str()).unwrap_or_default();
    assert!(reason.ends_with("Expired after 1 day: 1 judgement."), "{reason}");
    let before = region.profile_as_of("ana", Some(on(2))).await;
    assert_eq!(all_held(&before), [(3_000, 3), (3_000, 3)]);
}
