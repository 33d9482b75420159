//! Two people sign that something else is shown; the rule goes on, and both are there to see.

use northstar_bus::rebuild::{Options, rebuild};
use northstar_chassis::Role;
use northstar_kernel::{Shard, Timestamp};
use northstar_wire::mastery::v1 as wire;
use northstar_wire::mastery::v1::Standing;
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::region::{
    Region, competency, framework, held, instant, latest, learner, on, policy, seen,
};

/// 1 January 2200 and some days: later than the clock of whatever machine this runs on.
fn far(day: i64) -> Timestamp {
    Timestamp::from_micros(7_258_118_400_000_000 + day * 86_400_000_000)
}

/// "ana" is at level 2 by the rule.
async fn ready() -> Region {
    let region = Region::new().await;
    region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
    region.publish_policy(latest()).await;
    region.record("ana", "NS.INT.1", seen(1, 2, 2)).await;
    region.known("ana", "student").await;
    region
}

/// At mastery until the tenth day, set by "ada", to be confirmed by "ben".
fn request() -> wire::SetOverrideRequest {
    wire::SetOverrideRequest {
        request_id: "1".to_owned(),
        learner_id: learner("ana").to_string(),
        competency_id: competency("NS.INT.1").to_string(),
        says: Some(at_mastery()),
        reason: "Mastered at another school".to_owned(),
        second_signer: "ben".to_owned(),
        from: None,
        until: Some(instant(far(10))),
    }
}

fn at_mastery() -> wire::OverrideSays {
    wire::OverrideSays { standing: Standing::AtMastery.into(), ..Default::default() }
}

/// It is shown that the learner is at mastery, whatever the rule says.
pub(crate) async fn mastered(region: &Region, name: &str, code: &str) {
    let request = wire::SetOverrideRequest {
        request_id: format!("{name} {code}"),
        learner_id: learner(name).to_string(),
        competency_id: competency(code).to_string(),
        ..request()
    };
    confirmed(region, request).await;
}

async fn set(region: &Region, request: wire::SetOverrideRequest) -> String {
    let reply = region.teacher("ada").set_override(request).await.expect("it is set");
    reply.into_inner().override_id
}

async fn confirm(region: &Region, id: &str) {
    let request = wire::ConfirmOverrideRequest { override_id: id.to_owned() };
    region.teacher("ben").confirm_override(request).await.expect("it is confirmed");
    region.settled().await;
}

async fn confirmed(region: &Region, request: wire::SetOverrideRequest) -> String {
    let id = set(region, request).await;
    confirm(region, &id).await;
    id
}

async fn revoke(region: &Region, id: &str) {
    let request =
        wire::RevokeOverrideRequest { override_id: id.to_owned(), reason: "A mistake".to_owned() };
    region.teacher("cora").revoke_override(request).await.expect("it is taken back");
    region.settled().await;
}

async fn entry(region: &Region) -> wire::ProfileEntry {
    region.profile("ana").await.into_iter().next().expect("one competency")
}

/// Levels before and after each change, oldest first.
async fn moves(region: &Region) -> Vec<(u32, u32)> {
    let level = |mastery| held(mastery).1;
    let changes = region.changes().await;
    changes.iter().map(|it| (level(it.before.as_ref()), level(it.after.as_ref()))).collect()
}

#[tokio::test]
async fn it_is_shown_once_the_second_has_signed_and_the_rule_beside_it() {
    let region = ready().await;
    let id = set(&region, request()).await;
    region.settled().await;
    assert_eq!(
        (held(entry(&region).await.mastery.as_ref()), moves(&region).await.len()),
        ((2_000, 2), 1)
    );
    confirm(&region, &id).await;
    let entry = entry(&region).await;
    assert_eq!(held(entry.mastery.as_ref()), (3_000, 3), "the policy's threshold");
    assert_eq!(held(entry.by_rule.as_ref()), (2_000, 2));
    let shown = entry.overridden_by.expect("an override");
    assert_eq!((&shown.override_id, &shown.set_by), (&id, &region.person("ada")));
    assert_eq!(shown.second_signer, region.person("ben"));
    assert_eq!(shown.until, Some(instant(far(10))));
    assert_eq!(shown.reason, "Mastered at another school");
    assert!(entry.reason.starts_with("Shown by an override"), "{}", entry.reason);
    assert!(entry.reason.contains("By the rule: Latest of 1 judgement"), "{}", entry.reason);
    let change = region.changes().await.pop().expect("two");
    assert_eq!(
        (held(change.before.as_ref()), held(change.after.as_ref())),
        ((2_000, 2), (3_000, 3))
    );
    assert_eq!((change.override_id, held(change.by_rule.as_ref())), (id, (2_000, 2)));
    assert!(change.cause_evidence_id.is_empty());
}

#[tokio::test]
async fn what_was_known_before_it_was_signed_or_taken_back_leaves_that_out() {
    let region = ready().await;
    let before = region.feed().await.last().expect("events").recorded_at;
    let id = confirmed(&region, request()).await;
    let signed = region.feed().await.last().expect("events").recorded_at;
    revoke(&region, &id).await;
    let revoked = region.feed().await.last().expect("events").recorded_at;
    let (override_at, known) = (signed, [before, signed, revoked]);
    let mut shown = Vec::new();
    for known in known {
        let profile = region.profile_known("ana", Some(override_at), Some(known)).await;
        shown.push(held(profile[0].mastery.as_ref()).1);
    }
    assert_eq!(shown, [2, 3, 3], "as of then it had not been taken back yet");
    let profile = region.profile_known("ana", Some(revoked), Some(signed)).await;
    assert_eq!(held(profile[0].mastery.as_ref()).1, 3, "nobody knew yet that it was");
    assert_eq!(held(entry(&region).await.mastery.as_ref()).1, 2);
}

#[tokio::test]
async fn it_survives_evidence_policies_and_a_rebuild() {
    let region = ready().await;
    confirmed(&region, request()).await;
    region.record("ana", "NS.INT.1", seen(2, 3, 1)).await;
    region.publish_policy(policy(r#""name":"highest""#, "")).await;
    region.record("ana", "NS.INT.1", seen(3, 4, 1)).await;
    region.settled().await;
    let shown = entry(&region).await;
    assert_eq!(held(shown.mastery.as_ref()), (3_000, 3));
    assert_eq!(held(shown.by_rule.as_ref()), (2_000, 2), "the highest of 2, 1, 1");
    assert_eq!(moves(&region).await, [(0, 2), (2, 3)], "what is shown stays as it is");
    let documents = region.documents().await;
    for (workers, batch_size) in [(1, 1), (3, 0)] {
        let options = Options { workers, batch_size };
        rebuild(&region.lane, Shard(0), options).await.expect("a rebuild");
        assert_eq!(region.documents().await, documents);
        assert_eq!(entry(&region).await, shown);
    }
    region.record("ana", "NS.INT.1", seen(4, 5, 4)).await;
    region.settled().await;
    assert_eq!(held(entry(&region).await.by_rule.as_ref()), (4_000, 4));
}

#[tokio::test]
async fn it_begins_and_ends_with_time_and_each_is_told_once() {
    let region = ready().await;
    let says = wire::OverrideSays { level: 4, standing: Standing::Exceeds.into(), ..at_mastery() };
    let request =
        wire::SetOverrideRequest { says: Some(says), from: Some(instant(far(2))), ..request() };
    confirmed(&region, request).await;
    region.pass(far(1)).await;
    assert_eq!(moves(&region).await, [(0, 2)]);
    region.pass(far(2)).await;
    region.pass(far(9)).await;
    assert_eq!(moves(&region).await, [(0, 2), (2, 4)]);
    region.pass(far(10)).await;
    region.pass(far(20)).await;
    assert_eq!(moves(&region).await, [(0, 2), (2, 4), (4, 2)]);
    let changes = region.changes().await;
    assert!(changes[1].by_rule.is_some() && changes[2].override_id.is_empty());
    let feed = region.feed().await;
    let told = feed.iter().filter(|event| event.event_type == "mastery_changed");
    let told: Vec<_> = told.map(|event| event.observed_at).collect();
    assert_eq!(told, [on(2), far(2), far(10)]);
    // What was true at any instant is still to be had.
    for (day, level) in [(1, 2), (2, 4), (9, 4), (10, 2)] {
        let then = region.profile_as_of("ana", Some(far(day))).await;
        assert_eq!(held(then[0].mastery.as_ref()).1, level, "on day {day}");
    }
}

#[tokio::test]
async fn taken_back_the_rule_is_shown_again_and_the_derivation_says_what_comes() {
    let region = ready().await;
    let id = confirmed(&region, request()).await;
    let asked = wire::GetDerivationRequest {
        learner_id: learner("ana").to_string(),
        competency_id: competency("NS.INT.1").to_string(),
        ..Default::default()
    };
    let found = region.admin().get_derivation(asked.clone()).await.expect("one").into_inner();
    let shown = found.entry.expect("an entry");
    assert_eq!((held(shown.mastery.as_ref()).1, held(shown.by_rule.as_ref()).1), (3, 2));
    assert_eq!(found.next_change_at, Some(instant(far(10))));
    revoke(&region, &id).await;
    assert_eq!(moves(&region).await, [(0, 2), (2, 3), (3, 2)]);
    let found = region.admin().get_derivation(asked).await.expect("one").into_inner();
    let shown = found.entry.expect("an entry");
    assert_eq!((shown.by_rule, shown.overridden_by, found.next_change_at), (None, None, None));
    region.pass(far(20)).await;
    assert_eq!(moves(&region).await.len(), 3, "its end was taken off the list");
    let listed = list(&region, Role::Teacher).await;
    assert_eq!(listed[0].revoked_because, "A mistake");
    assert!(listed[0].revoked_at.is_some() && listed[0].confirmed_at.is_some());
}

async fn list(region: &Region, role: Role) -> Vec<wire::Override> {
    let request = wire::ListOverridesRequest {
        learner_id: learner("ana").to_string(),
        competency_id: String::new(),
    };
    let mut client = region.client(role, &[learner("ana")]);
    client.list_overrides(request).await.expect("a list").into_inner().overrides
}

#[tokio::test]
async fn it_needs_no_evidence_and_leaves_none_behind() {
    let region = ready().await;
    region.known("new", "student").await;
    let request = wire::SetOverrideRequest { learner_id: learner("new").to_string(), ..request() };
    confirmed(&region, request).await;
    let shown = region.profile("new").await;
    assert_eq!(held(shown[0].mastery.as_ref()), (3_000, 3));
    assert_eq!(shown[0].by_rule.map(|rule| rule.standing()), Some(Standing::Unspecified));
    assert!(shown[0].reason.ends_with("By the rule: Nothing was observed."), "{}", shown[0].reason);
    region.pass(far(10)).await;
    let change = region.changes().await.pop().expect("three");
    assert_eq!(change.learner_id, learner("new").to_string());
    assert_eq!(change.after.map(|after| after.standing()), Some(Standing::Unspecified));
    let documents = region.documents().await;
    rebuild(&region.lane, Shard(0), Options { workers: 2, batch_size: 1 }).await.expect("rebuilt");
    assert_eq!(region.documents().await, documents);
}

#[tokio::test]
async fn side_by_side_policies_go_on_showing_what_they_come_to() {
    let region = ready().await;
    region.publish_policy(policy(r#""name":"mean""#, r#","name":"trial""#)).await;
    confirmed(&region, request()).await;
    let profile = region.profile("ana").await;
    let levels: Vec<_> = profile.iter().map(|entry| held(entry.mastery.as_ref()).1).collect();
    assert_eq!(levels, [3, 2]);
    assert!(profile[1].overridden_by.is_none());
}

#[tokio::test]
async fn reasons_are_sealed_and_for_those_who_sign() {
    let region = ready().await;
    confirmed(&region, request()).await;
    assert_eq!(list(&region, Role::DistrictAdmin).await[0].reason, "Mastered at another school");
    for role in [Role::Guardian, Role::Learner, Role::Integrator] {
        let listed = list(&region, role).await;
        assert_eq!((listed.len(), listed[0].reason.as_str()), (1, ""));
        let asked = wire::GetProfileRequest {
            learner_id: learner("ana").to_string(),
            ..Default::default()
        };
        let mut client = region.client(role, &[learner("ana")]);
        let profile = client.get_profile(asked).await.expect("a profile").into_inner();
        let shown = profile.entries[0].overridden_by.clone().expect("an override");
        assert_eq!((shown.reason, shown.set_by), (String::new(), region.person("ada")));
    }
    let feed = region.feed().await;
    let told = feed.iter().find(|event| event.event_type == "override_set").expect("it was set");
    assert!(told.key_id.is_some());
    assert!(!told.payload.windows(8).any(|bytes| bytes == b"Mastered"));
}

#[tokio::test]
async fn the_same_again_changes_nothing_and_something_else_is_refused() {
    let region = ready().await;
    let id = set(&region, request()).await;
    let mut ada = region.teacher("ada");
    let again = ada.set_override(request()).await.expect("the same").into_inner();
    assert_eq!(again, wire::SetOverrideResponse { override_id: id.clone(), repeated: true });
    for other in [
        wire::SetOverrideRequest { until: Some(instant(far(11))), ..request() },
        wire::SetOverrideRequest { reason: "Another".to_owned(), ..request() },
        wire::SetOverrideRequest { second_signer: "cora".to_owned(), ..request() },
    ] {
        let status = ada.set_override(other).await.expect_err("something else");
        assert_eq!(status.code(), Code::AlreadyExists);
    }
    confirm(&region, &id).await;
    let request = wire::ConfirmOverrideRequest { override_id: id };
    let again = region.teacher("ben").confirm_override(request).await.expect("the same");
    assert!(again.into_inner().repeated);
}

#[tokio::test]
async fn who_may_sign() {
    let region = ready().await;
    let id = set(&region, request()).await;
    let confirm = || wire::ConfirmOverrideRequest { override_id: id.clone() };
    for signer in ["ada", "cora"] {
        let status = region.teacher(signer).confirm_override(confirm()).await.expect_err("not ben");
        assert_eq!(status.code(), Code::PermissionDenied, "{signer}: {status}");
    }
    let alone = wire::SetOverrideRequest {
        request_id: "2".to_owned(),
        second_signer: region.person("ada"),
        ..request()
    };
    let status = region.teacher("ada").set_override(alone).await.expect_err("alone");
    assert_eq!(status.code(), Code::InvalidArgument);
    for role in [Role::Learner, Role::Guardian, Role::Employer, Role::Integrator, Role::Service] {
        let mut client = region.client(role, &[learner("ana")]);
        let revoke =
            wire::RevokeOverrideRequest { override_id: id.clone(), reason: "no".to_owned() };
        let refusals = [
            client.set_override(request()).await.expect_err("no signer"),
            client.confirm_override(confirm()).await.expect_err("no signer"),
            client.revoke_override(revoke).await.expect_err("no signer"),
        ];
        assert!(refusals.iter().all(|status| status.code() == Code::PermissionDenied), "{role}");
    }
}

#[tokio::test]
async fn bad_requests_are_refused_with_the_field() {
    let region = ready().await;
    let says = |says| wire::SetOverrideRequest { says: Some(says), ..request() };
    for (field, code, request) in [
        (
            "request_id",
            Code::InvalidArgument,
            wire::SetOverrideRequest { request_id: String::new(), ..request() },
        ),
        (
            "learner_id",
            Code::InvalidArgument,
            wire::SetOverrideRequest { learner_id: "ana".to_owned(), ..request() },
        ),
        (
            "competency_id",
            Code::InvalidArgument,
            wire::SetOverrideRequest { competency_id: String::new(), ..request() },
        ),
        (
            "competency_id",
            Code::NotFound,
            wire::SetOverrideRequest { competency_id: framework().to_string(), ..request() },
        ),
        ("says", Code::InvalidArgument, wire::SetOverrideRequest { says: None, ..request() }),
        ("says.standing", Code::InvalidArgument, says(wire::OverrideSays::default())),
        (
            "says.level",
            Code::InvalidArgument,
            says(wire::OverrideSays { level: 5, ..at_mastery() }),
        ),
        (
            "says.level",
            Code::InvalidArgument,
            says(wire::OverrideSays { level: 3, value_milli: Some(3_000), ..at_mastery() }),
        ),
        (
            "says.value_milli",
            Code::InvalidArgument,
            says(wire::OverrideSays { value_milli: Some(-1), ..at_mastery() }),
        ),
        (
            "reason",
            Code::InvalidArgument,
            wire::SetOverrideRequest { reason: " ".to_owned(), ..request() },
        ),
        (
            "reason",
            Code::InvalidArgument,
            wire::SetOverrideRequest { reason: "x".repeat(2_001), ..request() },
        ),
        (
            "second_signer",
            Code::InvalidArgument,
            wire::SetOverrideRequest { second_signer: String::new(), ..request() },
        ),
        ("until", Code::InvalidArgument, wire::SetOverrideRequest { until: None, ..request() }),
        (
            "until",
            Code::InvalidArgument,
            wire::SetOverrideRequest { until: Some(instant(on(1))), ..request() },
        ),
    ] {
        let status = region.teacher("ada").set_override(request).await.expect_err(field);
        assert_eq!(status.code(), code, "{field}: {status}");
        let details = status.get_details_bad_request().expect("a field");
        assert_eq!(details.field_violations[0].field, field);
    }
    assert_eq!(region.feed().await.len(), 2, "nothing was written");
}

#[tokio::test]
async fn only_learners_of_the_roster_have_overrides() {
    let mut region = ready().await;
    region.known("tom", "teacher").await;
    region.known("left", "student").await;
    region.gone("left").await;
    let refusal = async |region: &Region, name: &str| {
        let request =
            wire::SetOverrideRequest { learner_id: learner(name).to_string(), ..request() };
        let status = region.teacher("ada").set_override(request).await.expect_err("no learner");
        let violations = status.get_details_bad_request().expect("a field").field_violations;
        assert_eq!((status.code(), &*violations[0].field), (Code::NotFound, "learner_id"));
        (status.message().to_owned(), status.details().to_vec())
    };
    let nobody = refusal(&region, "nobody").await;
    for name in ["tom", "left"] {
        assert_eq!(refusal(&region, name).await, nobody, "{name}");
    }
    assert_eq!(region.changes().await.len(), 1, "only what the evidence brought");
    region.move_to("south");
    region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
    region.settled().await;
    assert_eq!(refusal(&region, "ana").await, nobody, "a learner of another tenant");
}

#[tokio::test]
async fn a_foreign_override_looks_like_an_absent_one() {
    let mut region = ready().await;
    let id = confirmed(&region, request()).await;
    region.move_to("south");
    let mut answers = Vec::new();
    for override_id in [id, framework().to_string()] {
        let mut ben = region.teacher("ben");
        let confirm = wire::ConfirmOverrideRequest { override_id: override_id.clone() };
        let revoke = wire::RevokeOverrideRequest { override_id, reason: "no".to_owned() };
        let refusals = [
            ben.confirm_override(confirm).await.expect_err("not here"),
            ben.revoke_override(revoke).await.expect_err("not here"),
        ];
        assert!(refusals.iter().all(|status| status.code() == Code::NotFound));
        answers.push(refusals.map(|it| (it.message().to_owned(), it.details().to_vec())));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(list(&region, Role::Teacher).await, []);
}
