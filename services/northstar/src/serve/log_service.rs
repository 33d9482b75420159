//! What every context offers to the others and to operators: its log, its progress, its state.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;

use futures::{Stream, StreamExt as _};
use northstar_bus::lane::Lane;
use northstar_bus::rebuild::{Options, rebuild};
use northstar_bus::{Handler, Timed, progress, read_log, state_hash};
use northstar_chassis::{Principal, Role, status};
use northstar_eventlog::Log;
use northstar_kernel::{Position, Shard, TenantScope};
use northstar_wire::platform::v1::log_service_server::{LogService, LogServiceServer};
use northstar_wire::platform::v1::{
    GetProgressRequest, GetProgressResponse, GetStateHashRequest, GetStateHashResponse,
    ReadLogRequest, ReadLogResponse, RebuildRequest, RebuildResponse,
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::service::Routes;
use tonic::{Request, Response, Status};

/// A context that this process has.
pub(super) struct Hosted {
    pub(super) log: Log,
    pub(super) lanes: Vec<Lane>,
    pub(super) timed: Vec<Arc<dyn Timed>>,
}

impl Hosted {
    fn handlers(&self) -> Vec<Arc<dyn Handler>> {
        self.lanes.iter().map(|lane| Arc::clone(&lane.handler)).collect()
    }
}

/// The log service of all contexts of this process.
pub(super) fn routes(hosted: BTreeMap<&'static str, Hosted>) -> Routes {
    Routes::new(LogServiceServer::new(Logs { hosted: Arc::new(hosted) }))
}

struct Logs {
    hosted: Arc<BTreeMap<&'static str, Hosted>>,
}

/// A server stream, whatever it is made of.
type Replies<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

impl Logs {
    fn find(&self, context: &str) -> Result<&Hosted, Status> {
        self.hosted.get(context).ok_or_else(|| {
            status::refused(&Refusal::NotServed { here: self.hosted.keys().copied().collect() })
        })
    }
}

/// Why the log service says no.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("the context is not served here; served are: {}", here.join(", "))]
    NotServed { here: Vec<&'static str> },
    #[error("there is no such shard; there are {count}, from 0")]
    NoShard { count: u16 },
    #[error("workers must be 1 to 64 and batch_size at most 100000")]
    OutOfBounds,
}

impl northstar_kernel::Refusal for Refusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::NotServed { .. } => "CONTEXT_NOT_SERVED",
            Self::NoShard { .. } => "NO_SUCH_SHARD",
            Self::OutOfBounds => "FIELD_OUT_OF_BOUNDS",
        }
    }

    fn kind(&self) -> northstar_kernel::Kind {
        match self {
            Self::NotServed { .. } => northstar_kernel::Kind::NotFound,
            Self::NoShard { .. } | Self::OutOfBounds => northstar_kernel::Kind::Invalid,
        }
    }
}

/// Whoever acts for the platform and for no tenant sees what belongs to all.
fn scope(principal: &Principal) -> Result<TenantScope, Status> {
    match principal.require(&[Role::PlatformOperator]) {
        Ok(()) if principal.tenant().is_none() => Ok(TenantScope::COMMONS),
        _ => principal.scope(),
    }
}

#[tonic::async_trait]
impl LogService for Logs {
    type ReadLogStream = Replies<ReadLogResponse>;
    type RebuildStream = Replies<RebuildResponse>;

    async fn read_log(
        &self,
        request: Request<ReadLogRequest>,
    ) -> Result<Response<Self::ReadLogStream>, Status> {
        Principal::of(&request)?.require_for_all(Role::Service)?;
        let request = request.into_inner();
        let log = self.find(&request.context)?.log.clone();
        let count = log.shards().get();
        let shard = u16::try_from(request.shard).ok().filter(|shard| *shard < count);
        let shard = shard.ok_or_else(|| status::refused(&Refusal::NoShard { count }))?;
        let after = Position(request.after_position);
        let pages = read_log::pages(log, Shard(shard), after, request.limit);
        Ok(Response::new(Box::pin(pages.map(|page| page.map_err(status::fault)))))
    }

    async fn get_progress(
        &self,
        request: Request<GetProgressRequest>,
    ) -> Result<Response<GetProgressResponse>, Status> {
        let scope = scope(&Principal::of(&request)?)?;
        let hosted = self.find(&request.get_ref().context)?;
        let (handlers, tasks) = (hosted.handlers(), &hosted.timed);
        let progress = progress::of(&hosted.log, &handlers, tasks, &scope).await;
        Ok(Response::new(progress.map_err(status::fault)?))
    }

    async fn get_state_hash(
        &self,
        request: Request<GetStateHashRequest>,
    ) -> Result<Response<GetStateHashResponse>, Status> {
        let scope = scope(&Principal::of(&request)?)?;
        let hosted = self.find(&request.get_ref().context)?;
        let hash = state_hash::of(&hosted.log, &hosted.handlers(), &scope).await;
        let hash = hash.map_err(status::fault)?;
        Ok(Response::new(GetStateHashResponse {
            head_sequence: hash.head.0,
            state_hash: hash.hash.to_string(),
            documents: hash.documents,
        }))
    }

    async fn rebuild(
        &self,
        request: Request<RebuildRequest>,
    ) -> Result<Response<Self::RebuildStream>, Status> {
        // It folds every tenant's events and tells how many there are.
        Principal::of(&request)?.require_for_all(Role::PlatformOperator)?;
        let request = request.into_inner();
        if !(1..=64).contains(&request.workers) || request.batch_size > 100_000 {
            return Err(status::refused(&Refusal::OutOfBounds));
        }
        let hosted = self.find(&request.context)?;
        let options =
            Options { workers: request.workers as usize, batch_size: request.batch_size as usize };
        let (replies, answers) = mpsc::channel(4);
        tokio::spawn(rebuild_all(hosted.log.clone(), hosted.lanes.clone(), options, replies));
        Ok(Response::new(Box::pin(ReceiverStream::new(answers))))
    }
}

/// Every consumer's documents, shard by shard. Goes on when the caller has hung up: half a rebuild
/// helps nobody.
async fn rebuild_all(
    log: Log,
    lanes: Vec<Lane>,
    options: Options,
    replies: mpsc::Sender<Result<RebuildResponse, Status>>,
) {
    let mut sum = RebuildResponse::default();
    let lanes = lanes.iter().filter(|lane| !lane.handler.nouns().is_empty());
    for (lane, shard) in lanes.flat_map(|lane| log.shards().all().map(move |shard| (lane, shard))) {
        match rebuild(lane, shard, options).await {
            Ok(report) => {
                sum.events += report.events;
                sum.documents += report.documents;
                let _ = replies.send(Ok(sum)).await;
            }
            Err(fault) => {
                let _ = replies.send(Err(status::fault(fault))).await;
                return;
            }
        }
    }
    let _ = replies.send(Ok(RebuildResponse { done: true, ..sum })).await;
}
