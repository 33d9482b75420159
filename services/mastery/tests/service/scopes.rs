//! Policies for a class, a school, a district: whose levels are read by which, and what moving does.

use northstar_bus::rebuild::{Options, rebuild};
use northstar_chassis::Role;
use northstar_eventlog::Document;
use northstar_kernel::{ClassId, EnrollmentId, OrganizationId, Shard, TenantId};
use northstar_mastery_domain::{Policy, Scope};
use northstar_wire::mastery::v1 as wire;
use northstar_wire::registry::v1 as roster;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::dry_run::dry_run;
use crate::region::{
    Region, competency, framework, held, instant, latest, learner, on, policy, seen,
};

const ROSTER: [&str; 5] = ["belonging", "class", "enrollment", "organization", "scoped"];

fn organization(name: &str) -> OrganizationId {
    OrganizationId::derive(TenantId::COMMONS, name)
}

fn class(name: &str) -> ClassId {
    ClassId::derive(TenantId::COMMONS, name)
}

/// A school or class as a policy's scope has it.
pub(crate) fn school(name: &str) -> String {
    Scope::Organization(organization(name)).to_string()
}

pub(crate) fn room(name: &str) -> String {
    Scope::Class(class(name)).to_string()
}

async fn put_organization(region: &Region, name: &str, above: &str) {
    let parent = (!above.is_empty()).then(|| organization(above).to_string());
    let id = organization(name);
    let event = roster::OrganizationChanged {
        organization_id: id.to_string(),
        parent_id: parent.unwrap_or_default(),
        ..Default::default()
    };
    region.roster("organization_changed", id.uuid(), &event).await;
}

async fn put_class(region: &Region, name: &str, school: &str) {
    let event = roster::ClassChanged {
        class_id: class(name).to_string(),
        organization_id: organization(school).to_string(),
        ..Default::default()
    };
    region.roster("class_changed", class(name).uuid(), &event).await;
}

async fn remove_class(region: &Region, name: &str) {
    let event = roster::ClassRemoved { class_id: class(name).to_string() };
    region.roster("class_removed", class(name).uuid(), &event).await;
}

/// A person of these organizations.
async fn put_person(region: &Region, name: &str, organizations: &[&str]) {
    let mut ids: Vec<_> = organizations.iter().map(|it| organization(it).to_string()).collect();
    ids.sort();
    let event = roster::PersonChanged {
        person_id: learner(name).to_string(),
        organization_ids: ids,
        ..Default::default()
    };
    region.roster("person_changed", learner(name).uuid(), &event).await;
}

/// One enrollment, which can be given to another person, class or role.
async fn enroll(region: &Region, key: &str, name: &str, room: &str, role: &str) {
    let id = EnrollmentId::derive(TenantId::COMMONS, key);
    let event = roster::EnrollmentChanged {
        enrollment_id: id.to_string(),
        class_id: class(room).to_string(),
        person_id: learner(name).to_string(),
        role: role.to_owned(),
        ..Default::default()
    };
    region.roster("enrollment_changed", id.uuid(), &event).await;
}

async fn leave(region: &Region, key: &str) {
    let id = EnrollmentId::derive(TenantId::COMMONS, key);
    let event = roster::EnrollmentRemoved { enrollment_id: id.to_string() };
    region.roster("enrollment_removed", id.uuid(), &event).await;
}

/// District North with the schools East and West; Ana is in algebra at East, Ben in biology at West,
/// Cleo at West in no class. Everybody was given 1, then 3: the latest is 3, the mean 2.
pub(crate) async fn town() -> Region {
    let region = Region::new().await;
    say(&region, "registry").await;
    region.publish_policy(latest()).await;
    say(&region, "evidence").await;
    region.settled().await;
    region
}

async fn say(region: &Region, log: &str) {
    match log {
        "registry" => {
            put_organization(region, "north", "").await;
            put_organization(region, "east", "north").await;
            put_organization(region, "west", "north").await;
            for (name, at) in [("ana", "east"), ("ben", "west"), ("cleo", "west")] {
                put_person(region, name, &[at]).await;
            }
            put_class(region, "algebra", "east").await;
            put_class(region, "biology", "west").await;
            enroll(region, "e1", "ana", "algebra", "student").await;
            enroll(region, "e2", "ben", "biology", "student").await;
            enroll(region, "e3", "cleo", "biology", "aide").await;
            region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
        }
        "moves" => {
            // Ben goes over to East, into algebra; Cleo becomes a student; biology is given up.
            enroll(region, "e2", "ben", "algebra", "student").await;
            put_person(region, "ben", &["east"]).await;
            enroll(region, "e3", "cleo", "biology", "student").await;
            put_class(region, "chemistry", "west").await;
            enroll(region, "e4", "cleo", "chemistry", "student").await;
            remove_class(region, "biology").await;
            leave(region, "e1").await;
            put_organization(region, "west", "").await;
        }
        "policies" => {
            for (scope, document) in [
                ("network".to_owned(), latest()),
                (school("north"), named("mean")),
                (room("algebra"), named("highest")),
                (room("chemistry"), named("median")),
            ] {
                region.published_before(&published(scope, &document)).await;
            }
        }
        _ => {
            for (number, name) in (1..).zip(["ana", "ben", "cleo"]) {
                region.record(name, "NS.INT.1", seen(2 * number, 2, 1)).await;
                region.record(name, "NS.INT.1", seen(2 * number + 1, 3, 3)).await;
            }
        }
    }
}

fn named(method: &str) -> String {
    policy(&format!(r#""name":"{method}""#), "")
}

/// What publishing this document for that scope writes.
fn published(scope: String, document: &str) -> wire::PolicyPublished {
    let draft = northstar_mastery::standard::read_policy_document(document).expect("a document");
    let policy = Policy::new(&draft).expect("valid");
    let (document, policy_hash) = (policy.canonical(), policy.hash().to_string());
    wire::PolicyPublished { document, policy_hash, scope, ..Default::default() }
}

async fn publish(region: &Region, method: &str, scope: String) -> Result<String, Status> {
    let request =
        wire::PublishPolicyRequest { document: named(method), scope, ..Default::default() };
    let response = region.admin().publish_policy(request).await?;
    Ok(response.into_inner().policy_hash)
}

/// Value of what each of the three holds.
async fn values(region: &Region) -> [i64; 3] {
    let mut values = [0; 3];
    for (value, name) in values.iter_mut().zip(["ana", "ben", "cleo"]) {
        let profile = region.profile(name).await;
        *value = profile.first().map_or(0, |entry| held(entry.mastery.as_ref()).0);
    }
    values
}

/// Whose changes were told, and between which values, since `told`.
async fn told_since(region: &Region, told: usize) -> Vec<(String, i64, i64)> {
    let name = |id: &str| {
        let known = ["ana", "ben", "cleo"].into_iter().find(|it| learner(it).to_string() == id);
        known.expect("one of the three").to_owned()
    };
    let changes = region.changes().await.split_off(told);
    let mut told: Vec<_> = changes
        .iter()
        .map(|change| {
            let (before, after) = (held(change.before.as_ref()), held(change.after.as_ref()));
            (name(&change.learner_id), before.0, after.0)
        })
        .collect();
    told.sort();
    told
}

#[tokio::test]
async fn a_policy_rules_its_scope_alone_and_exactly_these_changes_are_told() {
    let region = town().await;
    assert_eq!(values(&region).await, [3_000; 3]);
    let mut told = region.changes().await.len();
    for (scope, expected, changed) in [
        // An aide of a class is not ruled as its students are.
        (room("biology"), [3_000, 2_000, 3_000], vec!["ben"]),
        (school("east"), [2_000, 2_000, 3_000], vec!["ana"]),
        (school("north"), [2_000, 2_000, 2_000], vec!["cleo"]),
    ] {
        let request = wire::PublishPolicyRequest {
            document: named("mean"),
            scope: scope.clone(),
            ..Default::default()
        };
        let tried = dry_run(&region, request).await.changes;
        publish(&region, "mean", scope).await.expect("the roster knows it");
        region.settled().await;
        assert_eq!(tried, region.changes().await.split_off(told), "as a dry run told");
        assert_eq!(values(&region).await, expected);
        let changes = told_since(&region, told).await;
        let expected: Vec<_> =
            changed.into_iter().map(|name| (name.to_owned(), 3_000, 2_000)).collect();
        assert_eq!(changes, expected);
        told += changes.len();
    }
}

#[tokio::test]
async fn the_more_specific_scope_counts_and_the_others_are_told_with_why() {
    let region = town().await;
    let hashes = [
        publish(&region, "highest", room("algebra")).await.expect("known"),
        publish(&region, "mean", school("east")).await.expect("known"),
        publish(&region, "median", school("north")).await.expect("known"),
    ];
    publish(&region, "mode", room("biology")).await.expect("known");
    region.settled().await;
    let request = wire::GetDerivationRequest {
        learner_id: learner("ana").to_string(),
        competency_id: competency("NS.INT.1").to_string(),
        ..Default::default()
    };
    let derivation = region.admin().get_derivation(request).await.expect("known").into_inner();
    let told = |it: &wire::PolicyConsidered| (it.scope.clone(), it.holds, it.outcome.clone());
    let gives_way = format!("gives way to that of {}", room("algebra"));
    let mut expected = vec![
        (room("algebra"), true, "holds".to_owned()),
        (school("east"), false, gives_way.clone()),
        (school("north"), false, gives_way.clone()),
        ("network".to_owned(), false, gives_way),
    ];
    assert_eq!(derivation.considered.iter().map(told).collect::<Vec<_>>(), expected);
    assert_eq!(derivation.considered[0].policy_hash, hashes[0]);
    let entry = derivation.entry.expect("an entry");
    assert_eq!(entry.policy_hash, hashes[0]);

    // The same without a level; policies for others are listed there, and said to be.
    let (framework_id, learner_id) = (framework().to_string(), learner("ana").to_string());
    let request = wire::GetPolicyRequest { framework_id, learner_id, ..Default::default() };
    let shown = region.admin().get_policy(request.clone()).await.expect("holds").into_inner();
    assert_eq!((shown.policy_hash, shown.scope), (hashes[0].clone(), room("algebra")));
    expected.push((room("biology"), false, "is for others".to_owned()));
    assert_eq!(shown.considered.iter().map(told).collect::<Vec<_>>(), expected);
    let whole = wire::GetPolicyRequest { learner_id: String::new(), ..request };
    let shown = region.admin().get_policy(whole).await.expect("holds").into_inner();
    assert_eq!(shown.scope, "network");
}

#[tokio::test]
async fn whoever_moves_is_read_by_the_new_path_and_nobody_else() {
    let region = town().await;
    publish(&region, "mean", school("east")).await.expect("known");
    region.settled().await;
    assert_eq!(values(&region).await, [2_000, 3_000, 3_000]);
    let moved = |name: &str, before, after| vec![(name.to_owned(), before, after)];
    let mut told = region.changes().await.len();
    for (step, expected, changed) in [
        (0, [2_000, 2_000, 3_000], moved("ben", 3_000, 2_000)),
        (1, [3_000, 2_000, 3_000], moved("ana", 2_000, 3_000)),
        (2, [3_000, 3_000, 3_000], moved("ben", 2_000, 3_000)),
        (3, [3_000, 3_000, 2_000], moved("cleo", 3_000, 2_000)),
        (4, [3_000, 2_000, 2_000], moved("ben", 3_000, 2_000)),
        (
            5,
            [3_000, 3_000, 3_000],
            vec![("ben".to_owned(), 2_000, 3_000), ("cleo".to_owned(), 2_000, 3_000)],
        ),
    ] {
        match step {
            0 => put_class(&region, "biology", "east").await,
            1 => {
                put_person(&region, "ana", &["west"]).await;
                leave(&region, "e1").await;
            }
            2 => remove_class(&region, "biology").await,
            3 => put_person(&region, "cleo", &["west", "east"]).await,
            4 => {
                put_organization(&region, "annex", "east").await;
                put_person(&region, "ben", &["annex"]).await;
            }
            _ => {
                let gone = roster::OrganizationRemoved {
                    organization_id: organization("east").to_string(),
                };
                region.roster("organization_removed", organization("east").uuid(), &gone).await;
            }
        }
        region.settled().await;
        assert_eq!(values(&region).await, expected, "step {step}");
        let changes = told_since(&region, told).await;
        assert_eq!(changes, changed, "step {step}");
        told += changes.len();
    }
}

#[tokio::test]
async fn a_school_given_to_another_district_is_read_by_its_policy() {
    let region = town().await;
    put_organization(&region, "south", "").await;
    region.settled().await;
    publish(&region, "mean", school("south")).await.expect("known");
    put_organization(&region, "west", "south").await;
    region.settled().await;
    assert_eq!(values(&region).await, [3_000, 2_000, 2_000]);
    // Said again it is no news.
    let told = region.changes().await.len();
    put_organization(&region, "west", "south").await;
    region.settled().await;
    assert_eq!(region.changes().await.len(), told);
}

#[tokio::test]
async fn a_retroactive_policy_for_others_moves_nobody() {
    let region = town().await;
    let from = wire::PublishPolicyRequest {
        document: named("mean"),
        effective_from: Some(instant(on(5))),
        ..Default::default()
    };
    region.admin().publish_policy(from.clone()).await.expect("valid");
    let retroactive = wire::PublishPolicyRequest {
        document: named("median"),
        scope: school("east"),
        retroactive: true,
        ..from
    };
    region.admin().publish_policy(retroactive).await.expect("valid");
    region.settled().await;
    // Ana's school has moved on; the others wait for a judgement of the fifth.
    assert_eq!(values(&region).await, [2_000, 3_000, 3_000]);
}

#[tokio::test]
async fn a_scope_that_the_roster_does_not_know_is_refused_by_name() {
    let mut region = town().await;
    let reason = async |region: &Region, scope: String| {
        let status = publish(region, "mean", scope).await.expect_err("refused");
        assert_eq!(status.code(), Code::InvalidArgument);
        let details = status.get_error_details();
        let fields = details.bad_request().map(|bad| bad.field_violations.clone());
        assert_eq!(fields.expect("a field")[0].field, "scope");
        let reason = details.error_info().map(|info| info.reason.clone()).unwrap_or_default();
        (reason, status.message().to_owned())
    };
    let (unknown, message) = reason(&region, school("nowhere")).await;
    assert_eq!(unknown, "ORGANIZATION_UNKNOWN");
    assert!(message.contains(&school("nowhere")), "{message}");
    assert_eq!(reason(&region, room("nothing")).await.0, "CLASS_UNKNOWN");
    assert_eq!(reason(&region, "school:east".to_owned()).await.0, "FIELD_INVALID");
    assert_eq!(reason(&region, "everybody".to_owned()).await.0, "FIELD_INVALID");
    remove_class(&region, "biology").await;
    region.settled().await;
    assert_eq!(reason(&region, room("biology")).await.0, "CLASS_UNKNOWN");
    // What another tenant's roster knows looks like what nobody knows.
    let here = reason(&region, room("algebra?")).await.0;
    region.move_to("elsewhere");
    assert_eq!(reason(&region, room("algebra")).await.0, here);
    assert_eq!(reason(&region, school("east")).await.0, "ORGANIZATION_UNKNOWN");
}

#[tokio::test]
async fn a_learner_asks_for_their_own_policy_and_no_others() {
    let region = town().await;
    let request = |name| wire::GetPolicyRequest {
        framework_id: framework().to_string(),
        learner_id: learner(name).to_string(),
        ..Default::default()
    };
    let mut ana = region.client(Role::Learner, &[learner("ana")]);
    assert!(ana.get_policy(request("ana")).await.is_ok());
    let refused = ana.get_policy(request("ben")).await.expect_err("not hers");
    assert_eq!(refused.code(), Code::PermissionDenied);
    let bad = wire::GetPolicyRequest { learner_id: "ana".to_owned(), ..request("ana") };
    assert_eq!(ana.get_policy(bad).await.expect_err("no UUID").code(), Code::InvalidArgument);
}

/// What a user calls the state, and who belongs where.
async fn everything(region: &Region) -> (Vec<State>, Vec<Whole>) {
    (region.documents().await, region.documents_of(&ROSTER).await)
}

type State = (&'static str, Vec<u8>, Vec<u8>);
type Whole = (&'static str, Vec<u8>, Document);

#[tokio::test]
async fn documents_are_the_same_however_the_logs_interleave_and_when_rebuilt() {
    let orders = [
        ["registry", "moves", "policies", "evidence"],
        ["registry", "policies", "moves", "evidence"],
        ["registry", "policies", "evidence", "moves"],
        ["registry", "evidence", "moves", "policies"],
        ["registry", "evidence", "policies", "moves"],
        ["policies", "evidence", "registry", "moves"],
        ["evidence", "policies", "registry", "moves"],
        ["policies", "registry", "evidence", "moves"],
    ];
    let mut first = None;
    for order in orders {
        let region = Region::new().await;
        for log in order {
            say(&region, log).await;
            region.settled().await;
        }
        let all = everything(&region).await;
        // Ana is left with her school, Ben in algebra, Cleo in chemistry at a school of its own.
        assert_eq!(values(&region).await, [2_000, 3_000, 2_000], "{order:?}");
        let told = region.feed().await;
        let options = Options { workers: 2, batch_size: 3 };
        rebuild(&region.lane, Shard(0), options).await.expect("a rebuild");
        assert_eq!(everything(&region).await, all, "{order:?} rebuilt");
        assert_eq!(region.feed().await, told, "a rebuild tells nobody");
        assert_eq!(*first.get_or_insert_with(|| all.clone()), all, "{order:?}");
    }
}

#[tokio::test]
async fn what_the_roster_says_is_not_state() {
    let region = Region::new().await;
    say(&region, "registry").await;
    region.settled().await;
    let nouns: Vec<_> = region.documents().await.into_iter().map(|(noun, ..)| noun).collect();
    assert_eq!(nouns, ["competency"]);
    let kept = region.documents_of(&ROSTER).await.len();
    assert_eq!(kept, 3 + 3 + 2 + 2, "organizations, people, classes, students' enrollments");
}
