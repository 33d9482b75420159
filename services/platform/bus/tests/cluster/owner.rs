//! A log's owner as a server: `ReadLog` alone, for a caller with the right token.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::{Stream, TryStreamExt as _};
use northstar_bus::{ClusterFeeds, Owners, feed::LocalFeeds, read_log};
use northstar_eventlog::Log;
use northstar_kernel::{Position, Shard};
use northstar_wire::platform::v1::log_service_server::{LogService, LogServiceServer};
use northstar_wire::platform::v1::{
    GetProgressRequest, GetProgressResponse, GetStateHashRequest, GetStateHashResponse,
    ReadLogRequest, ReadLogResponse, RebuildRequest, RebuildResponse,
};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};

use crate::stand::Stand;

type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

pub(crate) struct Owner {
    pub(crate) address: String,
    /// Events that were read from the log by others.
    pub(crate) events_read: Arc<AtomicU64>,
    server: JoinHandle<()>,
}

impl Owner {
    pub(crate) async fn of(log: &Log) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let events_read = Arc::new(AtomicU64::new(0));
        let service = ReadOnly { log: log.clone(), events_read: Arc::clone(&events_read) };
        let server = tonic::transport::Server::builder()
            .add_service(LogServiceServer::new(service).max_encoding_message_size(16 << 20))
            .serve_with_incoming(TcpListenerStream::new(listener));
        let server = tokio::spawn(async move { server.await.unwrap() });
        Self { address, events_read, server }
    }

    pub(crate) fn read(&self) -> u64 {
        self.events_read.load(Ordering::Relaxed)
    }

    /// Feeds as another service has them.
    pub(crate) fn feeds(&self, stand: &Stand) -> ClusterFeeds {
        self.feeds_with(stand, "good")
    }

    pub(crate) fn feeds_with(&self, stand: &Stand, token: &'static str) -> ClusterFeeds {
        let addresses = BTreeMap::from([("evidence".to_owned(), self.address.clone())]);
        let owners = Owners::new(&addresses, Arc::new(move || token.to_owned())).unwrap();
        ClusterFeeds::new(LocalFeeds::default(), stand.broker.clone(), owners)
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.server.abort();
    }
}

struct ReadOnly {
    log: Log,
    events_read: Arc<AtomicU64>,
}

#[tonic::async_trait]
impl LogService for ReadOnly {
    type ReadLogStream = Answers<ReadLogResponse>;
    type RebuildStream = Answers<RebuildResponse>;

    async fn read_log(
        &self,
        request: Request<ReadLogRequest>,
    ) -> Result<Response<Self::ReadLogStream>, Status> {
        if request.metadata().get("authorization").is_none_or(|token| token != "Bearer good") {
            return Err(Status::permission_denied("not a service"));
        }
        let asked = request.into_inner();
        let (shard, after) = (Shard(asked.shard as u16), Position(asked.after_position));
        let count = Arc::clone(&self.events_read);
        let pages = read_log::pages(self.log.clone(), shard, after, asked.limit)
            .inspect_ok(move |page| {
                count.fetch_add(page.events.len() as u64, Ordering::Relaxed);
            })
            .map_err(|fault| Status::unavailable(fault.to_string()));
        Ok(Response::new(Box::pin(pages)))
    }

    async fn get_progress(
        &self,
        _: Request<GetProgressRequest>,
    ) -> Result<Response<GetProgressResponse>, Status> {
        Err(Status::unimplemented("reads only"))
    }

    async fn get_state_hash(
        &self,
        _: Request<GetStateHashRequest>,
    ) -> Result<Response<GetStateHashResponse>, Status> {
        Err(Status::unimplemented("reads only"))
    }

    async fn rebuild(
        &self,
        _: Request<RebuildRequest>,
    ) -> Result<Response<Self::RebuildStream>, Status> {
        Err(Status::unimplemented("reads only"))
    }
}
