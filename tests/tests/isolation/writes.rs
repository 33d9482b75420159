//! What a tenant may do with another's identifiers: exactly what it may with any, and to no other's
//! effect. Two tenants may hold the same framework, request ids and keys.

use northstar_kernel::{AchievementId, EvidenceId, PersonId};
use northstar_wire::credentials::v1::{
    Alignment, DefineAchievementRequest, DefineAchievementResponse, ListAchievementsRequest,
    ListAchievementsResponse, ListCredentialsRequest, ListCredentialsResponse,
};
use northstar_wire::evidence::v1::record_evidence_batch_request::Command;
use northstar_wire::evidence::v1::record_evidence_batch_response::Result as Outcome;
use northstar_wire::evidence::v1::{
    Accepted, EvidenceItem, RecordEvidenceBatchRequest, RecordEvidenceBatchResponse,
    RecordEvidenceRequest, RecordEvidenceResponse, RestateEvidenceRequest,
};
use northstar_wire::mastery::v1::{
    GetPolicyRequest, GetPolicyResponse, GetProfileRequest, GetProfileResponse,
    PublishPolicyResponse,
};
use northstar_wire::registry::v1::{
    GetFrameworkRequest, GetFrameworkResponse, GetLearnerRequest, GetLearnerResponse,
    ImportFrameworkResponse, ImportReport, ImportRosterResponse,
};

use crate::authored;
use crate::rpc::{CREDENTIALS, EVIDENCE, MASTERY, REGISTRY};
use crate::tenant::Names;
use crate::world::{Caller, World};

/// Two tenants; everything below is done in the first, with the second's identifiers.
struct Two {
    world: World,
    own: Names,
    foreign: Names,
}

impl Two {
    async fn found() -> Self {
        let world = World::start().await;
        let (own, foreign) = (world.found("aspen", 2).await, world.found("birch", 4).await);
        Self { world, own, foreign }
    }

    fn admin(&self) -> Caller<'_> {
        self.world.admin(&self.own)
    }

    fn theirs(&self) -> Caller<'_> {
        self.world.admin(&self.foreign)
    }
}

/// But for the place in the shard's log, which counts all tenants' events.
fn placeless(report: Option<ImportReport>) -> ImportReport {
    ImportReport { position: 0, ..report.unwrap() }
}

async fn import_roster(admin: &Caller<'_>, names: &Names) -> ImportReport {
    let answer = admin.ask_all((REGISTRY, "ImportRoster"), &authored::roster(names)).await;
    placeless(answer.all::<ImportRosterResponse>().pop().unwrap().report)
}

async fn import_framework(admin: &Caller<'_>, names: &Names, title: &str) -> ImportReport {
    let package = authored::framework(names, title);
    let answer = admin.ask((REGISTRY, "ImportFramework"), package).await;
    let imported: ImportFrameworkResponse = answer.only();
    assert_eq!(imported.framework_id, names.framework);
    placeless(imported.report)
}

async fn title_of(caller: &Caller<'_>, id: &str) -> String {
    let request = GetFrameworkRequest { framework_id: id.to_owned() };
    let found: GetFrameworkResponse = caller.ask((REGISTRY, "GetFramework"), request).await.only();
    found.framework.unwrap().title
}

/// The hash of the policy that holds.
async fn policy_of(caller: &Caller<'_>, id: &str) -> String {
    let request = GetPolicyRequest { framework_id: id.to_owned(), ..Default::default() };
    caller.ask((MASTERY, "GetPolicy"), request).await.only::<GetPolicyResponse>().policy_hash
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_roster_is_other_people_in_each_tenant() {
    let two = Two::found().await;
    let (admin, state) = (two.admin(), two.theirs().state().await);
    let unheard_of = import_roster(&admin, &Names::of("cedar")).await;
    assert_eq!((unheard_of.counts[1].changed, unheard_of.problems.len()), (3, 0));
    assert_eq!(import_roster(&admin, &two.foreign).await, unheard_of);
    admin.settled().await;

    let learner_id = PersonId::derive(two.own.tenant, "birch-ana").to_string();
    assert_ne!(learner_id, two.foreign.ana);
    let request = GetLearnerRequest { learner_id };
    let found: GetLearnerResponse = admin.ask((REGISTRY, "GetLearner"), request).await.only();
    assert_eq!(found.learner.unwrap().given_name, "Ana");
    assert_eq!(two.theirs().state().await, state);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tenants_hold_the_same_framework_each_in_its_own_way() {
    let two = Two::found().await;
    let (own, foreign, admin, theirs) = (&two.own, &two.foreign, two.admin(), two.theirs());
    let state = theirs.state().await;
    let unheard_of = import_framework(&admin, &Names::of("cedar"), "Ours").await;
    assert_eq!((unheard_of.counts[0].changed, unheard_of.problems.len()), (1, 0));
    assert_eq!(import_framework(&admin, foreign, "Ours").await, unheard_of);
    admin.settled().await;
    assert_eq!(title_of(&admin, &foreign.framework).await, "Ours");
    assert_eq!(title_of(&theirs, &foreign.framework).await, "Framework of birch");

    let before = policy_of(&theirs, &foreign.framework).await;
    let answer = admin.ask((MASTERY, "PublishPolicy"), foreign.policy_by("highest")).await;
    let ours: PublishPolicyResponse = answer.only();
    assert!(ours.published && ours.policy_hash != before);
    assert_eq!(policy_of(&admin, &foreign.framework).await, ours.policy_hash);
    assert_eq!(policy_of(&theirs, &foreign.framework).await, before);

    let item = EvidenceItem { learner_id: own.ana.clone(), ..foreign.item(1, 0) };
    let recorded = RecordEvidenceRequest { request_id: "shared".to_owned(), item: Some(item) };
    let answer = admin.ask((EVIDENCE, "RecordEvidence"), recorded).await;
    let evidence = answer.only::<RecordEvidenceResponse>().evidence_id;
    admin.settled().await;
    let request = GetProfileRequest { learner_id: own.ana.clone(), ..Default::default() };
    let profile: GetProfileResponse = admin.ask((MASTERY, "GetProfile"), request).await.only();
    let shared = profile.entries.iter().find(|it| it.framework_id == foreign.framework).unwrap();
    assert_eq!(shared.evidence_ids, [evidence], "theirs about the same competency does not count");
    assert_eq!(theirs.state().await, state);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_id_that_another_tenant_used_is_new() {
    let two = Two::found().await;
    let (own, admin, state) = (&two.own, two.admin(), two.theirs().state().await);
    let head = admin.progress("evidence").await.head_sequence;
    let id = |key: &str| EvidenceId::derive(own.tenant, key).to_string();
    let record = |key: &str| RecordEvidenceRequest {
        request_id: key.to_owned(),
        item: Some(own.item(1, 9)),
    };
    let answer = admin.ask((EVIDENCE, "RecordEvidence"), record("birch-ana-0")).await;
    let (evidence_id, sequence) = (id("birch-ana-0"), head + 1);
    let expected = RecordEvidenceResponse { evidence_id, repeated: false, sequence };
    assert_eq!(answer.only::<RecordEvidenceResponse>(), expected);

    let (source_key, item) = ("birch-ana-2".to_owned(), Some(own.item(1, 9)));
    let batch = [
        Command::Record(record("birch-ana-1")),
        Command::Restate(RestateEvidenceRequest { source_key, item }),
    ]
    .map(|command| RecordEvidenceBatchRequest { item_number: 1, command: Some(command) });
    for (request, (key, sequence)) in
        batch.into_iter().zip([("birch-ana-1", head + 2), ("birch-ana-2", head + 3)])
    {
        let answer = admin.ask((EVIDENCE, "RecordEvidenceBatch"), request).await;
        let accepted = Accepted { evidence_id: id(key), repeated: false, sequence };
        let result = Some(Outcome::Accepted(accepted));
        let expected = RecordEvidenceBatchResponse { item_number: 1, result };
        assert_eq!(answer.only::<RecordEvidenceBatchResponse>(), expected);
    }
    admin.settled().await;
    assert_eq!(two.theirs().state().await, state);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_another_tenant_gave_an_achievement_is_free() {
    let two = Two::found().await;
    let (own, foreign, admin) = (&two.own, &two.foreign, two.admin());
    let state = two.theirs().state().await;
    let mut wanted = own.achievement("birch-keeps");
    // About their competency, as any tenant may say: nothing of it is looked up.
    let competency_id = foreign.competency.clone();
    wanted.alignment = wanted.alignment.map(|it| Alignment { competency_id, ..it });
    let request = DefineAchievementRequest { achievement: Some(wanted) };
    let answer = admin.ask((CREDENTIALS, "DefineAchievement"), request).await;
    let achievement_id = AchievementId::derive(own.tenant, "birch-keeps").to_string();
    assert_ne!(achievement_id, foreign.achievement);
    let defined: DefineAchievementResponse = answer.only();
    assert_eq!((defined.achievement_id, defined.defined), (achievement_id, true));
    admin.settled().await;

    let listed: ListAchievementsResponse =
        admin.ask((CREDENTIALS, "ListAchievements"), ListAchievementsRequest {}).await.only();
    let keys: Vec<_> = listed.achievements.iter().map(|it| it.key.as_str()).collect();
    assert_eq!(keys, ["aspen-keeps", "birch-keeps"]);
    let held: ListCredentialsResponse =
        admin.ask((CREDENTIALS, "ListCredentials"), ListCredentialsRequest::default()).await.only();
    let learners: Vec<_> = held.credentials.iter().map(|it| it.learner_id.as_str()).collect();
    assert_eq!(learners.len(), 2);
    assert!(learners.iter().all(|it| [&own.ana, &own.ben].iter().any(|known| known == it)));
    assert_eq!(two.theirs().state().await, state);
}
