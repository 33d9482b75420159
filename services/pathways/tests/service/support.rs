//! A pathways service as `dev` runs it: SQLite, its own lanes, callers with roles.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use northstar_bus::feed::LocalFeeds;
use northstar_bus::lane::Lane;
use northstar_chassis::auth::Grant;
use northstar_chassis::{Principal, Role};
use northstar_eventlog::sqlite::Sqlite;
use northstar_eventlog::{Append, Cause, Log, MasterKey, NewEvent, Options, Stream};
use northstar_kernel::{CompetencyId, ExpectedVersion, LearnerId, Shard, ShardCount, TenantId};
use northstar_wire::mastery::v1::{Mastery, MasteryChanged, Standing};
use northstar_wire::pathways::v1::pathways_service_client::PathwaysServiceClient;
use northstar_wire::pathways::v1::{ImportReferenceRequest, ImportReferenceResponse};
use prost::Message as _;
use tempfile::TempDir;
use tokio::task::JoinSet;
use tonic::service::Routes;
use tonic::{Request, Status};
use uuid::Uuid;

/// Long enough for any machine; a lane that has not caught up by then never will.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running service; everything stops when it is dropped.
pub(crate) struct Service {
    pub(crate) log: Log,
    mastery: Log,
    routes: Routes,
    _lanes: JoinSet<()>,
    _folder: TempDir,
}

impl Service {
    /// Starts with empty logs in one shard.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let open = |context: &'static str| {
            let engine = Sqlite::open(&folder.path().join(context)).expect("a store");
            let shards = ShardCount::new(1).expect("a count");
            Log::new(
                Arc::new(engine),
                Options { context, shards, master_key: MasterKey::new([7; 32]) },
            )
        };
        let (log, mastery) = (open("pathways"), open("mastery"));
        let context = northstar_pathways::build(log.clone());
        let feeds = Arc::new(LocalFeeds::new([log.clone(), mastery.clone()]));
        let mut lanes = JoinSet::new();
        for handler in context.handlers {
            let feeds = Arc::clone(&feeds) as Arc<_>;
            lanes.spawn(Lane { handler, log: log.clone(), feeds }.run(Shard(0)));
        }
        Self { log, mastery, routes: context.routes, _lanes: lanes, _folder: folder }
    }

    /// A client over the service's own routes, without a network between.
    pub(crate) fn client(&self) -> PathwaysServiceClient<Routes> {
        PathwaysServiceClient::new(self.routes.clone())
    }

    /// Imports tables as `caller` would send them, in small pieces.
    pub(crate) async fn import(
        &self,
        caller: Principal,
        tables: &[(&str, &str)],
    ) -> Result<ImportReferenceResponse, Status> {
        let piece = |name: &str, chunk: &[u8]| ImportReferenceRequest {
            file_name: name.to_owned(),
            chunk: chunk.to_vec(),
        };
        let pieces: Vec<_> = tables
            .iter()
            .flat_map(|(name, text)| text.as_bytes().chunks(1_000).map(|chunk| piece(name, chunk)))
            .collect();
        let request = by(caller, tokio_stream::iter(pieces));
        self.client().import_reference(request).await.map(tonic::Response::into_inner)
    }

    /// Says in mastery's log that a learner of `tenant` holds a rung; `None` takes it back.
    pub(crate) async fn master(
        &self,
        tenant: &str,
        learner: LearnerId,
        competency: CompetencyId,
        rung: Option<u32>,
    ) {
        let standing = if rung.is_some() { Standing::AtMastery } else { Standing::Unspecified };
        let level = rung.unwrap_or_default();
        let message = MasteryChanged {
            learner_id: learner.to_string(),
            competency_id: competency.to_string(),
            after: Some(Mastery { standing: standing.into(), level, ..Mastery::default() }),
            ..MasteryChanged::default()
        };
        let event = NewEvent {
            event_type: "mastery_changed",
            schema_version: 1,
            observed_at: None,
            key_id: None,
            payload: Bytes::from(message.encode_to_vec()),
        };
        let name = Uuid::new_v5(&learner.uuid(), competency.as_bytes());
        let append = Append {
            stream: Stream::new("mastery", name),
            expected: ExpectedVersion::Any,
            events: vec![event],
            request: None,
            cause: Cause {
                actor: "test".into(),
                correlation_id: Uuid::nil(),
                causation_id: None,
                traceparent: None,
            },
        };
        let scope = caller(Some(tenant), &[Role::Service], &[]).scope().expect("a tenant");
        self.mastery.tenant(&scope).append(append).await.expect("appended");
    }

    /// Waits until both lanes have handled everything that is in the logs now.
    pub(crate) async fn settled(&self) {
        for (consumer, source) in
            [("pathways.reference", &self.log), ("pathways.profile", &self.mastery)]
        {
            let head = source.head(Shard(0)).await.expect("a head");
            let caught_up = async {
                while self
                    .log
                    .lane(consumer, Shard(0))
                    .await
                    .expect("a lane")
                    .position(source.context())
                    < head
                {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            tokio::time::timeout(PATIENCE, caught_up).await.expect("the lane catches up");
        }
    }
}

/// A caller whose token says so much.
pub(crate) fn caller(tenant: Option<&str>, roles: &[Role], learners: &[LearnerId]) -> Principal {
    let grant = Grant {
        subject: "somebody".into(),
        tenant: tenant.map(TenantId::from_slug),
        roles: roles.iter().copied().collect(),
        learners: learners.iter().copied().collect::<BTreeSet<_>>(),
    };
    Principal::new(Arc::new(grant), Uuid::nil(), None)
}

/// The platform's operator.
pub(crate) fn operator() -> Principal {
    caller(None, &[Role::PlatformOperator], &[])
}

/// A teacher of a tenant.
pub(crate) fn teacher(tenant: &str) -> Principal {
    caller(Some(tenant), &[Role::Teacher], &[])
}

/// A request that was verified to come from `caller`.
pub(crate) fn by<T>(caller: Principal, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.extensions_mut().insert(caller);
    request
}

/// The reason inside a refusal.
pub(crate) fn reason(status: &Status) -> String {
    use tonic_types::StatusExt as _;
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}
