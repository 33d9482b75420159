//! One call, one answer, and a service that does nothing before it answers.

use std::net::SocketAddr;
use std::sync::Arc;

use futures::stream::Empty as NoReplies;
use northstar_wire::evidence::v1::evidence_service_client::EvidenceServiceClient;
use northstar_wire::evidence::v1::evidence_service_server::{
    EvidenceService, EvidenceServiceServer,
};
use northstar_wire::evidence::v1::{
    CorrectEvidenceRequest, CorrectEvidenceResponse, GetEvidenceRequest, GetEvidenceResponse,
    ListEvidenceRequest, ListEvidenceResponse, RecordEvidenceBatchRequest,
    RecordEvidenceBatchResponse, RecordEvidenceRequest, RecordEvidenceResponse,
    RetractEvidenceRequest, RetractEvidenceResponse, ValidateEvidenceRequest,
    ValidateEvidenceResponse,
};
use tokio::task::JoinHandle;
use tonic::service::Routes;
use tonic::transport::server::{Server, TcpIncoming};
use tonic::{Request, Response, Status, Streaming};

use crate::rate::{CALLERS, next_number, rate};
use crate::request::request;
use northstar_tests::measure::command::Pace;
use northstar_tests::measure::served::{Bearer, connect};

/// Connections that the callers share; one alone is a bottleneck of its own.
const CONNECTIONS: usize = 4;

/// Calls of `RecordEvidence` a second.
pub(crate) async fn unary(address: SocketAddr, bearer: &Bearer, pace: Pace) -> anyhow::Result<f64> {
    let mut clients = Vec::new();
    for _ in 0..CONNECTIONS {
        let channel = connect(address).await?;
        clients.push(EvidenceServiceClient::with_interceptor(channel, bearer.clone()));
    }
    let clients = Arc::new(clients);
    rate(CALLERS, pace.sample, move |caller| {
        let mut client = clients[caller % CONNECTIONS].clone();
        async move { Ok(client.record_evidence(request(next_number())).await.map(drop)?) }
    })
    .await
}

/// The service whose handler is empty, to be put behind a server.
pub(crate) fn empty_routes() -> Routes {
    Routes::new(EvidenceServiceServer::new(Empty))
}

/// The same on a server as tonic makes it: no tokens, no layers, TCP_NODELAY.
pub(crate) struct Bare {
    pub(crate) address: SocketAddr,
    server: JoinHandle<Result<(), tonic::transport::Error>>,
}

impl Bare {
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let incoming = TcpIncoming::bind("127.0.0.1:0".parse()?)?.with_nodelay(Some(true));
        let address = incoming.local_addr()?;
        let service = EvidenceServiceServer::new(Empty);
        let serving = Server::builder().add_service(service).serve_with_incoming(incoming);
        Ok(Self { address, server: tokio::spawn(serving) })
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        self.server.abort();
    }
}

struct Empty;

type Answer<T> = Result<Response<T>, Status>;

fn not_measured<T>() -> Answer<T> {
    Err(Status::unimplemented("only RecordEvidence is measured"))
}

#[tonic::async_trait]
impl EvidenceService for Empty {
    type RecordEvidenceBatchStream = NoReplies<Result<RecordEvidenceBatchResponse, Status>>;

    async fn record_evidence(
        &self,
        _: Request<RecordEvidenceRequest>,
    ) -> Answer<RecordEvidenceResponse> {
        Ok(Response::new(RecordEvidenceResponse::default()))
    }

    async fn record_evidence_batch(
        &self,
        _: Request<Streaming<RecordEvidenceBatchRequest>>,
    ) -> Answer<Self::RecordEvidenceBatchStream> {
        not_measured()
    }

    async fn correct_evidence(
        &self,
        _: Request<CorrectEvidenceRequest>,
    ) -> Answer<CorrectEvidenceResponse> {
        not_measured()
    }

    async fn retract_evidence(
        &self,
        _: Request<RetractEvidenceRequest>,
    ) -> Answer<RetractEvidenceResponse> {
        not_measured()
    }

    async fn validate_evidence(
        &self,
        _: Request<ValidateEvidenceRequest>,
    ) -> Answer<ValidateEvidenceResponse> {
        not_measured()
    }

    async fn get_evidence(&self, _: Request<GetEvidenceRequest>) -> Answer<GetEvidenceResponse> {
        not_measured()
    }

    async fn list_evidence(&self, _: Request<ListEvidenceRequest>) -> Answer<ListEvidenceResponse> {
        not_measured()
    }
}
