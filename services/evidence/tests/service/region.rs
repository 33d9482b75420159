//! A small region: a registry log with two learners and some competencies, the evidence service over
//! a log of its own, and the lane that folds both.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use northstar_bus::feed::LocalFeeds;
use northstar_bus::lane::Lane;
use northstar_chassis::auth::Grant;
use northstar_chassis::{Principal, Role};
use northstar_eventlog::sqlite::Sqlite;
use northstar_eventlog::{Append, Cause, Log, MasterKey, NewEvent, Options, Stream};
use northstar_evidence::Api;
use northstar_evidence::projection::Views;
use northstar_kernel::{
    CompetencyId, CriterionId, EvidenceId, ExpectedVersion, FrameworkId, LearnerId, PersonId,
    RubricId, ShardCount, TenantId, TenantScope,
};
use northstar_wire::evidence::v1::evidence_item::Judgement;
use northstar_wire::evidence::v1::evidence_service_client::EvidenceServiceClient;
use northstar_wire::evidence::v1::evidence_service_server::EvidenceServiceServer;
use northstar_wire::evidence::v1::{EvidenceItem, RecordEvidenceRequest};
use northstar_wire::registry::v1 as registry;
use prost::Message;
use tempfile::TempDir;
use tonic::{Request, Status};
use tonic_types::StatusExt as _;
use uuid::Uuid;

pub(crate) type Client = EvidenceServiceClient<EvidenceServiceServer<Api>>;

/// What runs while a test does.
pub(crate) struct Region {
    folder: TempDir,
    pub(crate) registry: Log,
    pub(crate) evidence: Log,
    lane: Lane,
    running: tokio::task::JoinHandle<()>,
}

impl Drop for Region {
    fn drop(&mut self) {
        self.running.abort();
    }
}

pub(crate) fn tenant() -> TenantId {
    TenantId::from_slug("front-range")
}

#[expect(clippy::disallowed_methods, reason = "a test acts for its own tenant")]
pub(crate) fn scope() -> TenantScope {
    TenantScope::assume(tenant())
}

pub(crate) fn learner(name: &str) -> LearnerId {
    LearnerId::from(PersonId::derive(tenant(), name))
}

pub(crate) fn competency(name: &str) -> CompetencyId {
    CompetencyId::derive(tenant(), name)
}

pub(crate) fn criterion(name: &str) -> CriterionId {
    CriterionId::derive(tenant(), name)
}

pub(crate) fn framework() -> FrameworkId {
    FrameworkId::derive(tenant(), "ns")
}

pub(crate) fn evidence_id(request_id: &str) -> EvidenceId {
    EvidenceId::derive(tenant(), request_id)
}

/// Ana's resilience at level 3, seen by a teacher on 2025-08-25T08:46:00Z.
pub(crate) fn item() -> EvidenceItem {
    EvidenceItem {
        learner_id: learner("ana").to_string(),
        competency_id: competency("resilience").to_string(),
        judgement: Some(Judgement::Level(3)),
        kind: "classroom".to_owned(),
        assessor_id: PersonId::derive(tenant(), "t1").to_string(),
        assessor_role: "teacher".to_owned(),
        observed_at: Some(at(1_756_111_560)),
        ..EvidenceItem::default()
    }
}

pub(crate) fn at(seconds: i64) -> prost_types::Timestamp {
    prost_types::Timestamp { seconds, nanos: 0 }
}

pub(crate) fn level(level: u32) -> EvidenceItem {
    EvidenceItem { judgement: Some(Judgement::Level(level)), ..item() }
}

pub(crate) fn record(request_id: &str, item: EvidenceItem) -> RecordEvidenceRequest {
    RecordEvidenceRequest { request_id: request_id.to_owned(), item: Some(item) }
}

/// The reason a call was refused for.
pub(crate) fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

/// A caller of the tenant with a role; learners and guardians with the learners they may see.
pub(crate) fn caller(role: Role, learners: &[LearnerId]) -> Principal {
    caller_of(tenant(), role, learners)
}

pub(crate) fn caller_of(tenant: TenantId, role: Role, learners: &[LearnerId]) -> Principal {
    let grant = Grant {
        subject: "somebody".to_owned(),
        tenant: Some(tenant),
        roles: [role].into(),
        learners: learners.iter().copied().collect(),
    };
    Principal::new(Arc::new(grant), Uuid::nil(), None)
}

/// A call of a teacher.
pub(crate) fn teacher<T>(message: T) -> Request<T> {
    by(&caller(Role::Teacher, &[]), message)
}

pub(crate) fn by<T>(principal: &Principal, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.extensions_mut().insert(principal.clone());
    request
}

/// The scale 1 to 4.
pub(crate) fn levels() -> Vec<registry::Level> {
    let names = ["Beginning", "Developing", "Proficient", "Advanced"];
    let level = |(position, quality): (u32, &str)| registry::Level {
        quality: quality.to_owned(),
        score_milli: i64::from(position) * 1_000,
        position,
        ..registry::Level::default()
    };
    (1..).zip(names).map(level).collect()
}

pub(crate) fn open(folder: &Path, context: &'static str) -> Log {
    let engine = Sqlite::open(&folder.join(format!("{context}.db"))).expect("the store opens");
    let options =
        Options { context, shards: ShardCount::DEFAULT, master_key: MasterKey::new([7; 32]) };
    Log::new(Arc::new(engine), options)
}

impl Region {
    /// A region with Ana and Ben, and the competencies resilience and teamwork.
    pub(crate) async fn new() -> Self {
        let region = Self::empty();
        region.person("ana", &["student"]).await;
        region.person("ben", &["student"]).await;
        region.person("t1", &["teacher"]).await;
        region.competency("resilience", levels()).await;
        region.competency("teamwork", levels()).await;
        region.caught_up().await;
        region
    }

    /// A region of which nothing is known.
    pub(crate) fn empty() -> Self {
        let folder = TempDir::new().expect("a folder for the stores");
        let (registry, evidence) =
            (open(folder.path(), "registry"), open(folder.path(), "evidence"));
        let feeds = Arc::new(LocalFeeds::new([registry.clone(), evidence.clone()]));
        let lane = Lane { handler: Arc::new(Views), log: evidence.clone(), feeds };
        let running = tokio::spawn(lane.clone().run(evidence.shards().shard_of(tenant())));
        Self { folder, registry, evidence, lane, running }
    }

    /// A client of the service, without a network in between.
    pub(crate) fn client(&self) -> Client {
        EvidenceServiceClient::new(EvidenceServiceServer::new(Api::new(self.evidence.clone())))
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn lane(&self) -> &Lane {
        &self.lane
    }

    pub(crate) async fn person(&self, name: &str, roles: &[&str]) {
        let event = registry::PersonChanged {
            person_id: learner(name).to_string(),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            ..registry::PersonChanged::default()
        };
        self.publish(learner(name).uuid(), "person_changed", &event).await;
    }

    pub(crate) async fn competency(&self, name: &str, scale: Vec<registry::Level>) {
        let event = registry::CompetencyPublished {
            competency_id: competency(name).to_string(),
            framework_id: framework().to_string(),
            scale,
            ..registry::CompetencyPublished::default()
        };
        self.publish(framework().uuid(), "competency_published", &event).await;
    }

    /// A rubric with criteria, each with the competency it judges.
    pub(crate) async fn rubric(&self, name: &str, criteria: &[(&str, &str)]) {
        let criterion = |(name, judges): &(&str, &str)| registry::Criterion {
            criterion_id: criterion(name).to_string(),
            competency_id: competency(judges).to_string(),
            ..registry::Criterion::default()
        };
        let event = registry::RubricPublished {
            rubric_id: RubricId::derive(tenant(), name).to_string(),
            framework_id: framework().to_string(),
            criteria: criteria.iter().map(criterion).collect(),
            ..registry::RubricPublished::default()
        };
        self.publish(framework().uuid(), "rubric_published", &event).await;
    }

    pub(crate) async fn publish(
        &self,
        stream: Uuid,
        event_type: &'static str,
        event: &impl Message,
    ) {
        let event = NewEvent {
            event_type,
            schema_version: 1,
            observed_at: None,
            key_id: None,
            payload: event.encode_to_vec().into(),
        };
        let cause = Cause {
            actor: "test".to_owned(),
            correlation_id: Uuid::nil(),
            causation_id: None,
            traceparent: None,
        };
        let append = Append {
            stream: Stream::new("registry", stream),
            expected: ExpectedVersion::Any,
            events: vec![event],
            request: None,
            cause,
        };
        self.registry.tenant(&scope()).append(append).await.expect("the registry appends");
    }

    /// Waits until everything appended so far is folded.
    pub(crate) async fn caught_up(&self) {
        let shard = self.evidence.shards().shard_of(tenant());
        let registry = self.registry.head(shard).await.expect("readable");
        let evidence = self.evidence.head(shard).await.expect("readable");
        patiently("the lane is behind", || async {
            let lane = self.evidence.lane("evidence.views", shard).await.expect("readable");
            lane.position("registry") >= registry && lane.position("evidence") >= evidence
        })
        .await;
    }
}

/// Asks again and again, for a while that no healthy machine needs.
pub(crate) async fn patiently<F: Future<Output = bool>>(complaint: &str, ask: impl Fn() -> F) {
    for _ in 0..3_000 {
        if ask().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{complaint} after half a minute");
}
