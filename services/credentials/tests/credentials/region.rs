//! A region on the embedded footing: the logs this context reads and writes, and its consumer.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use northstar_bus::feed::{Feeds, LocalFeeds};
use northstar_bus::lane::Lane;
use northstar_bus::{Clockwork, Handler};
use northstar_chassis::auth::Grant;
use northstar_chassis::{Principal, Role};
use northstar_credentials::standard::did_web::Host;
use northstar_credentials::{Api, Config};
use northstar_eventlog::sqlite::Sqlite;
use northstar_eventlog::{Append, Cause, Log, MasterKey, NewEvent, Options, Stream, TenantLog};
use northstar_kernel::{
    CompetencyId, EvidenceId, ExpectedVersion, LearnerId, LevelId, Position, Shard, ShardCount,
    TenantId, TenantScope, Timestamp,
};
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService as _;
use northstar_wire::{mastery::v1 as mastery, registry::v1 as registry};
use prost::Message;
use serde_json::Value;
use tempfile::TempDir;
use tokio::task::JoinSet;
use tonic::{Request, Status};
use uuid::Uuid;

/// The consumer under test.
const CONSUMER: &str = "credentials.wallet";
const SHARD: Shard = Shard(0);

/// A tenant's slug; its id follows.
pub(crate) const FRONT_RANGE: &str = "front-range";

/// The logs and the service over them.
pub(crate) struct Region {
    folder: TempDir,
    registry: Log,
    mastery: Log,
    pub(crate) credentials: Log,
    pub(crate) api: Api,
    lanes: JoinSet<()>,
}

/// The proof that tests may act for a tenant: they made it.
#[expect(clippy::disallowed_methods, reason = "tests stand in for the token")]
pub(crate) fn scope(slug: &str) -> TenantScope {
    TenantScope::assume(TenantId::from_slug(slug))
}

/// A learner of the region.
pub(crate) fn learner(key: &str) -> LearnerId {
    LearnerId::derive(TenantId::from_slug(FRONT_RANGE), key)
}

/// A competency by its short name.
pub(crate) fn competency(name: &str) -> CompetencyId {
    CompetencyId::derive(TenantId::COMMONS, name)
}

/// The evidence that a learner's mastery of a competency rests on.
pub(crate) fn evidence(learner: LearnerId, name: &str) -> EvidenceId {
    EvidenceId::derive(TenantId::from_slug(FRONT_RANGE), &format!("{learner}/{name}"))
}

/// A caller of a tenant.
pub(crate) fn caller(slug: &str, role: Role, learners: &[LearnerId]) -> Principal {
    let grant = Grant {
        subject: "somebody".into(),
        tenant: Some(TenantId::from_slug(slug)),
        roles: [role].into(),
        learners: learners.iter().copied().collect(),
    };
    Principal::new(Arc::new(grant), Uuid::nil(), None)
}

/// A request by a caller.
pub(crate) fn by<T>(caller: &Principal, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.extensions_mut().insert(caller.clone());
    request
}

/// Something to earn in the competency `name`, at `level`.
pub(crate) fn achievement(key: &str, name: &str, level: u32) -> wire::Achievement {
    wire::Achievement {
        achievement_id: String::new(),
        key: key.into(),
        name: format!("{name}, level {level}"),
        description: "Shown in several places.".into(),
        criteria: format!("Mastery of {name} at level {level} or above."),
        alignment: Some(wire::Alignment {
            competency_id: competency(name).to_string(),
            code: "NS".into(),
            name: name.into(),
            uri: format!("https://frameworks.example/items/{name}"),
        }),
        required_level: level,
        ..Default::default()
    }
}

fn open(folder: &Path, context: &'static str) -> Log {
    let file = folder.join(format!("{context}.db"));
    let engine = Sqlite::open(&file).expect("a new file");
    let shards = ShardCount::new(1).expect("in range");
    Log::new(Arc::new(engine), Options { context, shards, master_key: MasterKey::new([7; 32]) })
}

impl Region {
    /// Empty logs, and nobody who handles their events yet.
    pub(crate) fn new() -> Self {
        Self::over(tempfile::tempdir().expect("a folder"))
    }

    /// The same region with nothing left of this context but its log and its secrets, and nobody
    /// who handles events yet.
    pub(crate) fn emptied(mut self) -> Self {
        self.lanes.abort_all();
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().expect("a folder"));
        drop(self);
        let file = rusqlite::Connection::open(folder.path().join("credentials.db"));
        let file = file.expect("the file");
        file.execute_batch("delete from documents; delete from generations; delete from lanes;")
            .expect("they are emptied");
        Self::over(folder)
    }

    fn over(folder: TempDir) -> Self {
        let credentials = open(folder.path(), "credentials");
        Self {
            registry: open(folder.path(), "registry"),
            mastery: open(folder.path(), "mastery"),
            api: Api::new(credentials.clone(), Host::default()),
            credentials,
            folder,
            lanes: JoinSet::new(),
        }
    }

    /// A region with a named tenant, whose events are handled.
    pub(crate) async fn running() -> Self {
        let mut region = Self::new();
        region.name(FRONT_RANGE).await;
        region.start();
        region
    }

    /// Where the files are.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The consumer, as the service builds it.
    pub(crate) fn handler(&self) -> Arc<dyn Handler> {
        self.handler_by(Config::default())
    }

    /// The consumer of a deployment that decided so.
    pub(crate) fn handler_by(&self, config: Config) -> Arc<dyn Handler> {
        let context = northstar_credentials::build(self.credentials.clone(), config);
        let [handler] = &context.handlers[..] else { panic!("one consumer") };
        assert_eq!(handler.consumer(), CONSUMER);
        Arc::clone(handler)
    }

    /// From here on the consumer handles events.
    pub(crate) fn start(&mut self) {
        self.run(self.handler());
    }

    /// From here on `handler` handles events.
    pub(crate) fn run(&mut self, handler: Arc<dyn Handler>) {
        let lane = Lane { handler, ..self.lane() };
        self.lanes.spawn(lane.run(SHARD));
    }

    /// The consumer with its log and its sources.
    pub(crate) fn lane(&self) -> Lane {
        let logs = [&self.registry, &self.mastery, &self.credentials].map(Clone::clone);
        let feeds: Arc<dyn Feeds> = Arc::new(LocalFeeds::new(logs));
        Lane { handler: self.handler(), log: self.credentials.clone(), feeds }
    }

    /// Waits until the consumer has handled everything, what it appended itself included.
    pub(crate) async fn settled(&self) {
        self.settled_for(CONSUMER).await;
    }

    /// The same for another consumer.
    pub(crate) async fn settled_for(&self, consumer: &str) {
        let settled = async {
            while !self.is_settled(consumer).await {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), settled).await.expect("it settles");
    }

    async fn is_settled(&self, consumer: &str) -> bool {
        let lane = self.credentials.lane(consumer, SHARD).await.expect("a lane");
        for log in [&self.registry, &self.mastery, &self.credentials] {
            let head = log.head(SHARD).await.expect("a head");
            if head > Position::START && lane.position(log.context()) < head {
                return false;
            }
        }
        true
    }

    /// The registry names the tenant.
    pub(crate) async fn name(&self, slug: &str) {
        let tenant_id = TenantId::from_slug(slug);
        let created = registry::TenantCreated {
            tenant_id: tenant_id.to_string(),
            slug: slug.into(),
            name: format!("The {slug} network"),
        };
        let stream = Stream::new("tenant", tenant_id.uuid());
        append(&self.registry.tenant(&scope(slug)), stream, "tenant_created", &created).await;
    }

    /// The registry says something else.
    pub(crate) async fn registered(&self, event_type: &'static str, event: &impl Message) {
        let stream = Stream::new("registered", TenantId::from_slug(FRONT_RANGE).uuid());
        append(&self.registry.tenant(&scope(FRONT_RANGE)), stream, event_type, event).await;
    }

    /// The registry has a learner, and a competency with four levels and this URI.
    pub(crate) async fn knows(&self, learner: LearnerId, name: &str) {
        let person_id = learner.to_string();
        let roles = vec!["student".to_owned()];
        let person = registry::PersonChanged { person_id, roles, ..Default::default() };
        self.registered("person_changed", &person).await;
        let level = |position: u32| registry::Level {
            position,
            score_milli: i64::from(position) * 1_000,
            ..Default::default()
        };
        let published = registry::CompetencyPublished {
            competency_id: competency(name).to_string(),
            framework_id: Uuid::nil().to_string(),
            uri: format!("https://frameworks.example/items/{name}"),
            scale: (1..=4).map(level).collect(),
            ..Default::default()
        };
        self.registered("competency_published", &published).await;
    }

    /// The registry has an association between two competencies.
    pub(crate) async fn associates(&self, origin: &str, kind: &str, destination: &str) {
        let id = CompetencyId::derive(TenantId::COMMONS, &format!("{origin}/{kind}/{destination}"));
        let published = registry::AssociationPublished {
            association_id: id.to_string(),
            framework_id: Uuid::nil().to_string(),
            kind: kind.into(),
            origin_id: competency(origin).to_string(),
            destination_id: competency(destination).to_string(),
            sequence_number: 0,
        };
        self.registered("association_published", &published).await;
    }

    /// A learner's mastery becomes `level`, at mastery or not.
    pub(crate) async fn mastery(&self, learner: LearnerId, name: &str, level: u32, at: bool) {
        self.mastery_by("", learner, name, (level, at)).await;
    }

    /// The same by the policy of that name, of several side by side.
    pub(crate) async fn mastery_by(
        &self,
        policy_name: &str,
        learner: LearnerId,
        name: &str,
        (level, at): (u32, bool),
    ) {
        let standing = match (at, level) {
            (true, _) => mastery::Standing::AtMastery,
            (false, 0) => mastery::Standing::NotEnoughEvidence,
            (false, _) => mastery::Standing::BelowMastery,
        };
        let value_milli = i64::from(level) * 1_000;
        let changed = mastery::MasteryChanged {
            learner_id: learner.to_string(),
            competency_id: competency(name).to_string(),
            policy_name: policy_name.to_owned(),
            after: Some(mastery::Mastery {
                standing: standing.into(),
                value_milli,
                level,
                provisional: false,
            }),
            policy_hash: "0a".into(),
            evidence_ids: vec![evidence(learner, name).to_string()],
            ..Default::default()
        };
        let stream = Stream::new("mastery", learner.uuid());
        append(&self.mastery.tenant(&scope(FRONT_RANGE)), stream, "mastery_changed", &changed)
            .await;
    }

    /// The roster has somebody in these roles; with none, they leave it.
    pub(crate) async fn roster(&self, person: LearnerId, roles: &[&str]) {
        let stream = Stream::new("person", person.uuid());
        let log = self.registry.tenant(&scope(FRONT_RANGE));
        let person_id = person.to_string();
        if roles.is_empty() {
            let removed = registry::PersonRemoved { person_id };
            return append(&log, stream, "person_removed", &removed).await;
        }
        let roles = roles.iter().map(|role| (*role).to_owned()).collect();
        let changed = registry::PersonChanged { person_id, roles, ..Default::default() };
        append(&log, stream, "person_changed", &changed).await;
    }

    /// The registry publishes a competency with these rungs.
    pub(crate) async fn scale(&self, name: &str, rungs: &[&str]) {
        let level = |(place, quality): (usize, &&str)| registry::Level {
            level_id: LevelId::derive(TenantId::COMMONS, &format!("{name}/{quality}")).to_string(),
            quality: (*quality).to_owned(),
            score_milli: 1_000 * (place as i64 + 1),
            position: place as u32 + 1,
            description: format!("{quality}, as it looks."),
        };
        let published = registry::CompetencyPublished {
            competency_id: competency(name).to_string(),
            framework_id: Uuid::nil().to_string(),
            scale: rungs.iter().enumerate().map(level).collect(),
            ..Default::default()
        };
        let stream = Stream::new("framework", competency(name).uuid());
        let log = self.registry.tenant(&scope(FRONT_RANGE));
        append(&log, stream, "competency_published", &published).await;
    }

    /// Something in the mastery log that makes no sense.
    pub(crate) async fn nonsense(&self) {
        let stream = Stream::new("mastery", Uuid::nil());
        let log = self.mastery.tenant(&scope(FRONT_RANGE));
        append(&log, stream, "mastery_changed", &mastery::MasteryChanged::default()).await;
    }

    /// The tenant defines something to earn; true if that was news.
    pub(crate) async fn define(&self, achievement: wire::Achievement) -> Result<bool, Status> {
        let admin = caller(FRONT_RANGE, Role::NetworkAdmin, &[]);
        let request = wire::DefineAchievementRequest { achievement: Some(achievement) };
        let response = self.api.define_achievement(by(&admin, request)).await?;
        Ok(response.into_inner().defined)
    }

    /// All of a learner's credentials, in the order of their issue.
    pub(crate) async fn credentials_of(&self, learner: LearnerId) -> Vec<wire::Credential> {
        let teacher = caller(FRONT_RANGE, Role::Teacher, &[]);
        let request =
            wire::ListCredentialsRequest { learner_id: learner.to_string(), ..Default::default() };
        let response = self.api.list_credentials(by(&teacher, request)).await.expect("a list");
        let mut credentials = response.into_inner().credentials;
        credentials.sort_by_key(|one| one.issued_at.map(|at| (at.seconds, at.nanos)));
        credentials
    }

    /// What verification by somebody of the tenant says: the failed check, if one failed.
    pub(crate) async fn failed_check(&self, compact_jws: &str) -> Option<String> {
        let compact_jws = compact_jws.into();
        self.failed(wire::VerifyCredentialRequest { compact_jws, ..Default::default() }).await
    }

    /// The same of a document with its proof inside.
    pub(crate) async fn failed_check_of(&self, document: &Value) -> Option<String> {
        let document = document.to_string();
        self.failed(wire::VerifyCredentialRequest { document, ..Default::default() }).await
    }

    async fn failed(&self, request: wire::VerifyCredentialRequest) -> Option<String> {
        let employer = caller(FRONT_RANGE, Role::Employer, &[]);
        let response = self.api.verify_credential(by(&employer, request)).await.expect("a report");
        let report = response.into_inner();
        let failed = report.checks.into_iter().find(|check| !check.passed).map(|check| check.name);
        assert_eq!(report.verified, failed.is_none());
        failed
    }

    /// The tenant as issuer.
    pub(crate) async fn issuer(&self) -> wire::GetIssuerResponse {
        let anybody = caller(FRONT_RANGE, Role::Learner, &[]);
        let request = by(&anybody, wire::GetIssuerRequest {});
        self.api.get_issuer(request).await.expect("an issuer").into_inner()
    }

    /// Does what is due at that moment, and waits until it is handled.
    pub(crate) async fn due_at(&self, now: Timestamp) -> usize {
        let context = northstar_credentials::build(self.credentials.clone(), Config::default());
        let mut appends = 0;
        for task in context.timed {
            let clockwork = Clockwork { task, log: self.credentials.clone() };
            appends += clockwork.until(SHARD, now).await.expect("it is done");
        }
        self.settled().await;
        appends
    }

    /// The tasks that have something left to do at that moment, and how much.
    pub(crate) async fn waiting_at(&self, now: Timestamp) -> Vec<(&'static str, u64)> {
        let context = northstar_credentials::build(self.credentials.clone(), Config::default());
        let mut waiting = Vec::new();
        for task in context.timed {
            let left = task.waiting(&self.tenant_log(), now).await.expect("the store answers");
            waiting.push((task.name(), left));
        }
        waiting.retain(|(_, left)| *left > 0);
        waiting
    }

    /// Names of the events in the context's log, in order.
    pub(crate) async fn event_types(&self) -> Vec<String> {
        let events = self.credentials.scan(SHARD, Position::START, 10_000).await.expect("events");
        events.iter().map(|event| event.event_type.to_string()).collect()
    }

    /// The tenant's part of the context's log.
    pub(crate) fn tenant_log(&self) -> TenantLog {
        self.credentials.tenant(&scope(FRONT_RANGE))
    }
}

async fn append(log: &TenantLog, stream: Stream, event_type: &'static str, event: &impl Message) {
    let payload = event.encode_to_vec().into();
    let event =
        NewEvent { event_type, schema_version: 1, observed_at: None, key_id: None, payload };
    let cause = Cause {
        actor: "test".into(),
        correlation_id: Uuid::nil(),
        causation_id: None,
        traceparent: None,
    };
    let expected = ExpectedVersion::Any;
    let append = Append { stream, expected, events: vec![event], request: None, cause };
    log.append(append).await.expect("it is appended");
}

/// The present by this machine's clock.
pub(crate) fn present() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let micros = since.expect("after 1970").as_micros();
    Timestamp::from_micros(i64::try_from(micros).expect("before 294,000"))
}
