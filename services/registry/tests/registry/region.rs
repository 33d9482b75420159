//! A registry in a folder of its own, and callers of every kind.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use northstar_bus::feed::LocalFeeds;
use northstar_bus::lane::Lane;
use northstar_bus::{Context, state_hash};
use northstar_chassis::auth::Grant;
use northstar_chassis::{Principal, Role};
use northstar_eventlog::sqlite::Sqlite;
use northstar_eventlog::{Log, MasterKey, Options};
use northstar_kernel::{LearnerId, PersonId, Sequence, ShardCount, TenantId, TenantScope};
use northstar_wire::registry::v1::registry_service_client::RegistryServiceClient;
use northstar_wire::registry::v1::{
    ImportFrameworkRequest, ImportFrameworkResponse, ImportReport, ImportRosterRequest,
    ImportRosterResponse,
};
use tempfile::TempDir;
use tokio::task::JoinSet;
use tonic::service::Routes;
use tonic::service::interceptor::{InterceptedService, Interceptor};
use tonic::{Request, Status};

/// A registry with its lane running.
pub(crate) struct Region {
    folder: TempDir,
    pub(crate) log: Log,
    pub(crate) context: Context,
    _lanes: JoinSet<()>,
}

/// A caller, without a wire between.
pub(crate) type Caller = RegistryServiceClient<InterceptedService<Routes, As>>;

/// Puts a principal into each call, as a server does that has verified a token.
#[derive(Clone)]
pub(crate) struct As(Principal);

impl Interceptor for As {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        request.extensions_mut().insert(self.0.clone());
        Ok(request)
    }
}

/// The tenant most tests play in.
pub(crate) fn tenant() -> TenantId {
    TenantId::from_slug("front-range")
}

/// Another one.
pub(crate) fn other_tenant() -> TenantId {
    TenantId::from_slug("elsewhere")
}

/// The learner that a source id names.
pub(crate) fn learner(source_id: &str) -> LearnerId {
    PersonId::derive(tenant(), source_id).into()
}

#[expect(clippy::disallowed_methods, reason = "a test looks behind the wall")]
pub(crate) fn scope() -> TenantScope {
    TenantScope::assume(tenant())
}

impl Region {
    pub(crate) fn new() -> Self {
        Self::with_key([7; 32])
    }

    /// With a master key of its own, and so with other personal keys.
    pub(crate) fn with_key(key: [u8; 32]) -> Self {
        let folder = TempDir::new().expect("a folder");
        let engine = Sqlite::open(&folder.path().join("registry.db")).expect("a file");
        let options = Options {
            context: northstar_registry::NAME,
            shards: ShardCount::DEFAULT,
            master_key: MasterKey::new(key),
        };
        let log = Log::new(Arc::new(engine), options);
        let context = northstar_registry::build(log.clone());
        let mut lanes = JoinSet::new();
        for handler in &context.handlers {
            let feeds = Arc::new(LocalFeeds::new([log.clone()]));
            let lane = Lane { handler: Arc::clone(handler), log: log.clone(), feeds };
            lanes.spawn(lane.run(log.shards().shard_of(tenant())));
        }
        Self { folder, log, context, _lanes: lanes }
    }

    /// The folder everything is kept in.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A caller with these roles in a tenant, and a token that names these learners.
    pub(crate) fn caller(
        &self,
        tenant: Option<TenantId>,
        roles: &[Role],
        learners: &[LearnerId],
    ) -> Caller {
        let grant = Grant {
            subject: "somebody".to_owned(),
            tenant,
            roles: roles.iter().copied().collect(),
            learners: BTreeSet::from_iter(learners.iter().copied()),
        };
        let principal = Principal::new(Arc::new(grant), uuid::Uuid::nil(), None);
        let service = InterceptedService::new(self.context.routes.clone(), As(principal));
        RegistryServiceClient::new(service)
    }

    /// Somebody with one role in the tenant most tests play in.
    pub(crate) fn someone(&self, role: Role) -> Caller {
        self.caller(Some(tenant()), &[role], &[])
    }

    /// Waits until the documents have caught up with the log.
    pub(crate) async fn settled(&self) {
        let shard = self.log.shards().shard_of(tenant());
        let head = self.log.head(shard).await.expect("a head");
        let handler = &self.context.handlers[0];
        let caught_up = async {
            let lane = || self.log.lane(handler.consumer(), shard);
            while lane().await.expect("a lane").position("registry") < head {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), caught_up).await.expect("caught up");
    }

    /// The hash of the tenant's state.
    pub(crate) async fn state_hash(&self) -> String {
        self.settled().await;
        let hash = state_hash::of(&self.log, &self.context.handlers, &scope()).await;
        hash.expect("a hash").hash.to_string()
    }

    /// Types of the tenant's events, in order.
    pub(crate) async fn event_types(&self) -> Vec<String> {
        let events = self.log.tenant(&scope()).feed(Sequence::START, 100_000).await;
        events.expect("events").iter().map(|event| event.event_type.to_string()).collect()
    }

    /// Imports a package, in two pieces.
    pub(crate) async fn import_package(&self, file: &str, bytes: &[u8]) -> ImportFrameworkResponse {
        let (first, second) = bytes.split_at(bytes.len() / 2);
        let piece = |chunk: &[u8]| ImportFrameworkRequest {
            file_name: file.to_owned(),
            chunk: chunk.to_vec(),
        };
        let pieces = [piece(first), piece(second)];
        let mut admin = self.someone(Role::NetworkAdmin);
        let response = admin.import_framework(tokio_stream::iter(pieces)).await;
        response.expect("an answer").into_inner()
    }

    /// Imports a set, and gives all that was said on the way; the last has the report.
    pub(crate) async fn import_set(&self, files: Set) -> Vec<ImportRosterResponse> {
        let mut admin = self.someone(Role::DistrictAdmin);
        let pieces = files.into_iter().flat_map(|(file_name, bytes)| {
            let piece = move |chunk: &[u8]| ImportRosterRequest {
                file_name: file_name.clone(),
                chunk: chunk.to_vec(),
            };
            bytes.chunks(1_000).map(piece).collect::<Vec<_>>()
        });
        let pieces: Vec<_> = pieces.collect();
        let response = admin.import_roster(tokio_stream::iter(pieces)).await;
        let mut stream = response.expect("a stream").into_inner();
        let mut said = Vec::new();
        while let Some(message) = stream.message().await.expect("a message") {
            said.push(message);
        }
        said
    }

    /// Imports a set, for its report.
    pub(crate) async fn report_of(&self, files: Set) -> ImportReport {
        let last = self.import_set(files).await.pop().expect("a last message");
        last.report.expect("a report")
    }
}

/// Files by name.
pub(crate) type Set = Vec<(String, Vec<u8>)>;

/// The files of a folder.
pub(crate) fn set(folder: &Path) -> Set {
    let file = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry.expect("an entry");
        let name = entry.file_name().into_string().expect("a plain name");
        (name, fs::read(entry.path()).expect("a file"))
    };
    let mut files: Set = fs::read_dir(folder).expect("a folder").map(file).collect();
    files.sort();
    files
}

/// An authored file or folder below `tests/`.
pub(crate) fn authored(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(path)
}

/// An authored package.
pub(crate) fn package(name: &str) -> Vec<u8> {
    fs::read(authored("case").join(name)).expect("an authored file")
}

/// An authored set.
pub(crate) fn roster(name: &str) -> Set {
    set(&authored("oneroster").join(name))
}

/// Kind, changed, unchanged, removed, refused.
pub(crate) fn counts(report: &ImportReport) -> Vec<(&str, u64, u64, u64, u64)> {
    let counts = report.counts.iter();
    counts.map(|c| (c.kind.as_str(), c.changed, c.unchanged, c.removed, c.refused)).collect()
}

/// File, line, field and reason.
pub(crate) fn problems(report: &ImportReport) -> Vec<(&str, u64, &str, &str)> {
    let problems = report.problems.iter();
    problems.map(|p| (p.file.as_str(), p.line, p.field.as_str(), p.reason.as_str())).collect()
}
