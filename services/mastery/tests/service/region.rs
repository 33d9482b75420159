//! A region for one test: three logs in a folder of their own, and the lane between them.

mod roster;

mod named;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use northstar_bus::Clockwork;
use northstar_bus::feed::LocalFeeds;
use northstar_bus::lane::Lane;
use northstar_chassis::Role;
use northstar_chassis::auth::{Grant, Principal};
use northstar_eventlog::engine::DocumentRange;
use northstar_eventlog::{Append, Cause, Document, Log, NewEvent, Recorded, Stream, TenantLog};
use northstar_kernel::{
    Digest, ExpectedVersion, LearnerId, PersonId, Sequence, Shard, TenantId, TenantScope, Timestamp,
};
use northstar_mastery::FollowPace;
use northstar_wire::mastery::v1::mastery_service_client::MasteryServiceClient;
use northstar_wire::{evidence, mastery, registry};
use prost::Message;
use tokio::task::JoinHandle;
use tonic::service::{Interceptor, Routes, interceptor::InterceptedService};
use tonic::{Request, Status};
use uuid::Uuid;

use crate::stand::Stand;

pub(crate) use named::{
    Seen, competency, evidence_id, framework, held, instant, latest, learner, on, policy, seen,
};

/// Puts a caller on each request, as the chassis does for a verified token.
#[derive(Clone)]
pub(crate) struct As(Principal);

impl Interceptor for As {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        request.extensions_mut().insert(self.0.clone());
        Ok(request)
    }
}

pub(crate) type Client = MasteryServiceClient<InterceptedService<Routes, As>>;

/// Long enough for whatever is awaited to have come, were it to come.
const PATIENCE: Duration = Duration::from_secs(30);
const PACE: FollowPace =
    FollowPace { keep_alive: Duration::from_millis(20), poll: Duration::from_millis(5) };
/// All tenants live in it.
const SHARD: Shard = Shard(0);

pub(crate) struct Region {
    pub(crate) mastery: Log,
    registry: Log,
    evidence: Log,
    /// Of `mastery.levels`.
    pub(crate) lane: Lane,
    /// Of `mastery.calibration`.
    pub(crate) calibration: Lane,
    clock: Clockwork,
    running: Option<JoinHandle<()>>,
    routes: Routes,
    tenant: TenantId,
    stand: Stand,
}

impl Region {
    /// A region where nothing has happened yet; evidence is handled from the start.
    pub(crate) async fn new() -> Self {
        Self::on(Stand::sqlite()).await
    }

    /// The same on an engine of one's choice.
    pub(crate) async fn on(stand: Stand) -> Self {
        let mut region = Self::asleep_on(stand);
        region.wake();
        region
    }

    /// The same, but nothing is handled until it is woken.
    pub(crate) fn asleep() -> Self {
        Self::asleep_on(Stand::sqlite())
    }

    fn asleep_on(stand: Stand) -> Self {
        let [registry, evidence, mastery] =
            ["registry", "evidence", "mastery"].map(|context| stand.log(context));
        let context = northstar_mastery::build_with(mastery.clone(), PACE);
        let mut handlers = context.handlers.into_iter();
        let mut handler = || handlers.next().expect("two consumers");
        let logs = [registry.clone(), evidence.clone(), mastery.clone()];
        let feeds = Arc::new(LocalFeeds::new(logs));
        let lane = Lane { handler: handler(), log: mastery.clone(), feeds };
        let calibration = Lane { handler: handler(), ..lane.clone() };
        let task = Arc::clone(context.timed.first().expect("one task"));
        let clock = Clockwork { task, log: mastery.clone() };
        let (routes, tenant) = (context.routes, TenantId::from_slug("front-range"));
        let running = None;
        Self {
            mastery,
            registry,
            evidence,
            lane,
            calibration,
            clock,
            running,
            routes,
            tenant,
            stand,
        }
    }

    pub(crate) fn wake(&mut self) {
        self.running.take().inspect(JoinHandle::abort);
        let (levels, calibration) = (self.lane.clone(), self.calibration.clone());
        self.running = Some(tokio::spawn(async {
            tokio::join!(levels.run(SHARD), calibration.run(SHARD));
        }));
    }

    /// From here on everything is done and asked for another tenant.
    pub(crate) fn move_to(&mut self, slug: &str) {
        self.tenant = TenantId::from_slug(slug);
    }

    pub(crate) fn client(&self, role: Role, learners: &[LearnerId]) -> Client {
        let caller = self.caller(&format!("a {role}"), role, learners);
        MasteryServiceClient::with_interceptor(self.routes.clone(), caller)
    }

    /// A teacher whom the token names so.
    pub(crate) fn teacher(&self, subject: &str) -> Client {
        let caller = self.caller(subject, Role::Teacher, &[]);
        MasteryServiceClient::with_interceptor(self.routes.clone(), caller)
    }

    /// The id of a person of this tenant.
    pub(crate) fn person(&self, subject: &str) -> String {
        PersonId::derive(self.tenant, subject).to_string()
    }

    fn caller(&self, subject: &str, role: Role, learners: &[LearnerId]) -> As {
        let grant = Grant {
            subject: subject.to_owned(),
            tenant: Some(self.tenant),
            roles: BTreeSet::from([role]),
            learners: learners.iter().copied().collect(),
        };
        As(Principal::new(Arc::new(grant), Uuid::from_u128(1), None))
    }

    pub(crate) fn admin(&self) -> Client {
        self.client(Role::NetworkAdmin, &[])
    }

    /// Time passes up to `now`: what is due then is told, and what follows from that, until there is
    /// nothing more.
    pub(crate) async fn pass(&self, now: Timestamp) {
        self.settled().await;
        while self.clock.until(SHARD, now).await.expect("the log takes it") > 0 {
            self.settled().await;
        }
    }

    /// The task of this replica, and that of another, which shares the database and nothing else.
    pub(crate) fn clocks(&self) -> [Clockwork; 2] {
        let task = Arc::clone(&self.clock.task);
        [self.clock.clone(), Clockwork { task, log: self.stand.log("mastery") }]
    }

    /// Waits until the lanes have handled all there is, their own events too.
    pub(crate) async fn settled(&self) {
        let settled = async {
            while self.is_behind(&self.lane).await || self.is_behind(&self.calibration).await {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, settled).await.expect("the lanes come to the heads");
    }

    async fn is_behind(&self, lane: &Lane) -> bool {
        let consumer = lane.handler.consumer();
        let state = self.mastery.lane(consumer, SHARD).await.expect("a checkpoint");
        let sources = lane.handler.sources();
        let mut behind = false;
        for log in [&self.registry, &self.evidence, &self.mastery] {
            if sources.iter().any(|source| source.context == log.context()) {
                let head = log.head(SHARD).await.expect("a head");
                behind |= state.position(log.context()) < head;
            }
        }
        behind
    }

    pub(crate) async fn publish_competency(&self, code: &str, scale: &[i64]) {
        let level = |(position, score)| registry::v1::Level {
            score_milli: score * 1_000,
            position,
            ..Default::default()
        };
        let event = registry::v1::CompetencyPublished {
            competency_id: competency(code).to_string(),
            framework_id: framework().to_string(),
            code: code.to_owned(),
            scale: (1..).zip(scale.iter().copied()).map(level).collect(),
            ..Default::default()
        };
        let stream = Stream::new("framework", framework().uuid());
        append(
            &self.registry,
            self.tenant,
            stream,
            "competency_published",
            event.encode_to_vec(),
            None,
        )
        .await;
    }

    /// The registry says something else of the framework.
    pub(crate) async fn registered(&self, event_type: &'static str, event: &impl Message) {
        let stream = Stream::new("framework", framework().uuid());
        append(&self.registry, self.tenant, stream, event_type, event.encode_to_vec(), None).await;
    }

    /// Rules that were accepted once, as the log has them; nothing need be known of the framework.
    pub(crate) async fn rollups_published(&self, document: String) {
        let event = mastery::v1::RollupsPublished {
            framework_id: framework().to_string(),
            rollups_hash: Digest::of(document.as_bytes()).to_string(),
            document,
        };
        let stream = Stream::new("rollup", framework().uuid());
        let bytes = event.encode_to_vec();
        append(&self.mastery, self.tenant, stream, "rollups_published", bytes, None).await;
    }

    /// Puts a policy in force, for all that was ever observed.
    pub(crate) async fn publish_policy(&self, document: String) {
        let request = mastery::v1::PublishPolicyRequest { document, ..Default::default() };
        self.admin().publish_policy(request).await.expect("a valid policy");
    }

    pub(crate) async fn record(&self, learner: &str, code: &str, seen: Seen) {
        let event = evidence::v1::EvidenceRecorded {
            evidence_id: evidence_id(seen.number).to_string(),
            observation: Some(seen.message(learner, code)),
        };
        self.evidence(seen.number, "evidence_recorded", &event, seen.day).await;
    }

    pub(crate) async fn correct(&self, learner: &str, code: &str, seen: Seen) {
        let event = evidence::v1::EvidenceCorrected {
            evidence_id: evidence_id(seen.number).to_string(),
            observation: Some(seen.message(learner, code)),
        };
        self.evidence(seen.number, "evidence_corrected", &event, seen.day).await;
    }

    pub(crate) async fn validate(&self, learner_name: &str, code: &str, number: u32) {
        let event = evidence::v1::EvidenceValidated {
            evidence_id: evidence_id(number).to_string(),
            learner_id: learner(learner_name).to_string(),
            competency_id: competency(code).to_string(),
            validator_id: "t2".to_owned(),
        };
        self.evidence(number, "evidence_validated", &event, 28).await;
    }

    pub(crate) async fn retract(&self, learner_name: &str, code: &str, number: u32) {
        let event = evidence::v1::EvidenceRetracted {
            evidence_id: evidence_id(number).to_string(),
            learner_id: learner(learner_name).to_string(),
            competency_id: competency(code).to_string(),
            reason: "duplicate".to_owned(),
        };
        self.evidence(number, "evidence_retracted", &event, 28).await;
    }

    /// Says something of a piece of evidence, observed on a day.
    pub(crate) async fn evidence(
        &self,
        number: u32,
        kind: &'static str,
        event: &impl Message,
        day: i64,
    ) {
        let stream = Stream::new("evidence", evidence_id(number).uuid());
        append(&self.evidence, self.tenant, stream, kind, event.encode_to_vec(), Some(on(day)))
            .await;
    }

    /// An evidence event that is no message at all.
    pub(crate) async fn garble(&self, number: u32) {
        let stream = Stream::new("evidence", evidence_id(number).uuid());
        let garbage = vec![0xff; 9];
        append(&self.evidence, self.tenant, stream, "evidence_recorded", garbage, None).await;
    }

    /// Stops handling, wherever it is.
    pub(crate) async fn kill(&mut self) {
        if let Some(running) = self.running.take() {
            running.abort();
            let _ = running.await;
        }
    }

    /// A client of another replica, which shares the database and nothing else.
    pub(crate) fn other_replica(&self) -> Client {
        let log = self.stand.log("mastery");
        let routes = northstar_mastery::build_with(log, PACE).routes;
        MasteryServiceClient::with_interceptor(
            routes,
            self.caller("another", Role::Integrator, &[]),
        )
    }

    /// The tenant's mastery events, as the log has them.
    pub(crate) async fn feed(&self) -> Vec<Recorded> {
        self.tenant_log().feed(Sequence::START, 10_000).await.expect("the feed")
    }

    /// The tenant's part of the context's log.
    pub(crate) fn tenant_log(&self) -> TenantLog {
        self.mastery.tenant(&scope(self.tenant))
    }

    /// Every change of mastery, oldest first.
    pub(crate) async fn changes(&self) -> Vec<mastery::v1::MasteryChanged> {
        let feed = self.feed().await;
        let changed = feed.iter().filter(|event| event.event_type == "mastery_changed");
        changed
            .map(|event| Message::decode(&event.payload[..]).expect("a change of mastery"))
            .collect()
    }

    /// Events of the evidence log, to compare causes with.
    pub(crate) async fn evidence_feed(&self) -> Vec<Recorded> {
        let log = self.evidence.tenant(&scope(self.tenant));
        log.feed(Sequence::START, 10_000).await.expect("the feed")
    }

    pub(crate) async fn profile(&self, name: &str) -> Vec<mastery::v1::ProfileEntry> {
        self.profile_as_of(name, None).await
    }

    /// Events of the registry's log.
    pub(crate) async fn registry_feed(&self) -> Vec<Recorded> {
        let log = self.registry.tenant(&scope(self.tenant));
        log.feed(Sequence::START, 10_000).await.expect("the feed")
    }

    /// Appends these to the evidence log, at once.
    pub(crate) async fn tell_evidence(&self, stream: Stream, events: Vec<NewEvent>) {
        append_all(&self.evidence, self.tenant, stream, events).await;
    }

    /// The profile as it was at an instant.
    pub(crate) async fn profile_as_of(
        &self,
        name: &str,
        at: Option<Timestamp>,
    ) -> Vec<mastery::v1::ProfileEntry> {
        self.profile_known(name, at, None).await
    }

    /// The profile as it was at an instant, by what was recorded until another.
    pub(crate) async fn profile_known(
        &self,
        name: &str,
        at: Option<Timestamp>,
        known: Option<Timestamp>,
    ) -> Vec<mastery::v1::ProfileEntry> {
        let request = mastery::v1::GetProfileRequest {
            learner_id: learner(name).to_string(),
            as_of: at.map(instant),
            known_at: known.map(instant),
        };
        let response = self.admin().get_profile(request).await.expect("a profile");
        response.into_inner().entries
    }

    /// Every document of the tenant that has a state: noun, key and state.
    pub(crate) async fn documents(&self) -> Vec<(&'static str, Vec<u8>, Vec<u8>)> {
        let all = self.documents_of(self.lane.handler.nouns()).await;
        let with_state = all.into_iter().filter(|(.., document)| !document.state.is_empty());
        with_state.map(|(noun, key, document)| (noun, key, document.state)).collect()
    }

    /// Every document of the tenant of these nouns, whole.
    pub(crate) async fn documents_of(
        &self,
        nouns: &[&'static str],
    ) -> Vec<(&'static str, Vec<u8>, Document)> {
        let mut all = Vec::new();
        for noun in nouns {
            let range = DocumentRange {
                tenant: self.tenant,
                noun,
                shard: SHARD,
                generation: None,
                prefix: &[],
                after: None,
                limit: 10_000,
            };
            let found = self.mastery.documents(range).await.expect("documents");
            all.extend(found.into_iter().map(|(key, document)| (*noun, key, document)));
        }
        all
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running.abort();
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a test is its own authority")]
fn scope(tenant: TenantId) -> TenantScope {
    TenantScope::assume(tenant)
}

async fn append(
    log: &Log,
    tenant: TenantId,
    stream: Stream,
    event_type: &'static str,
    payload: Vec<u8>,
    observed_at: Option<Timestamp>,
) {
    let payload = payload.into();
    let event = NewEvent { event_type, schema_version: 1, observed_at, key_id: None, payload };
    append_all(log, tenant, stream, vec![event]).await;
}

async fn append_all(log: &Log, tenant: TenantId, stream: Stream, events: Vec<NewEvent>) {
    let cause = Cause {
        actor: "importer".to_owned(),
        correlation_id: Uuid::from_u128(77),
        causation_id: None,
        traceparent: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned()),
    };
    let expected = ExpectedVersion::Any;
    let append = Append { stream, expected, events, request: None, cause };
    log.tenant(&scope(tenant)).append(append).await.expect("the log takes it");
}
