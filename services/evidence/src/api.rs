//! gRPC in: from verified callers to commands, from documents to answers.

mod batch;
mod caller;
mod case;
mod commands;
mod content;
mod draft;
mod failure;
mod queries;
mod references;

use std::pin::Pin;
use std::sync::Arc;

use futures::Stream;
use northstar_eventlog::Log;
use northstar_wire::evidence::v1::evidence_service_server::EvidenceService;
use northstar_wire::evidence::v1::{
    CorrectEvidenceRequest, CorrectEvidenceResponse, GetEvidenceRequest, GetEvidenceResponse,
    ListEvidenceRequest, ListEvidenceResponse, RecordEvidenceBatchRequest,
    RecordEvidenceBatchResponse, RecordEvidenceRequest, RecordEvidenceResponse,
    RetractEvidenceRequest, RetractEvidenceResponse, ValidateEvidenceRequest,
    ValidateEvidenceResponse,
};
use tonic::{Request, Response, Status, Streaming};

use caller::Caller;
use commands::Commands;

type Answer<T> = Result<Response<T>, Status>;

/// `EvidenceService`, over the context's log.
#[derive(Clone)]
pub struct Api {
    log: Log,
    commands: Arc<Commands>,
}

impl Api {
    /// The service over `log`.
    pub fn new(log: Log) -> Self {
        Self { log, commands: Arc::new(Commands::default()) }
    }
}

#[tonic::async_trait]
impl EvidenceService for Api {
    type RecordEvidenceBatchStream =
        Pin<Box<dyn Stream<Item = Result<RecordEvidenceBatchResponse, Status>> + Send>>;

    async fn record_evidence(
        &self,
        request: Request<RecordEvidenceRequest>,
    ) -> Answer<RecordEvidenceResponse> {
        let caller = Caller::writing(&self.log, &request)?;
        let done = self.commands.record(&caller, request.into_inner()).await?;
        Ok(Response::new(RecordEvidenceResponse {
            evidence_id: done.evidence.to_string(),
            repeated: done.repeated,
            sequence: done.sequence.0,
        }))
    }

    async fn record_evidence_batch(
        &self,
        request: Request<Streaming<RecordEvidenceBatchRequest>>,
    ) -> Answer<Self::RecordEvidenceBatchStream> {
        let caller = Caller::writing(&self.log, &request)?;
        let replies = batch::start(Arc::clone(&self.commands), caller, request.into_inner());
        Ok(Response::new(Box::pin(replies)))
    }

    async fn correct_evidence(
        &self,
        request: Request<CorrectEvidenceRequest>,
    ) -> Answer<CorrectEvidenceResponse> {
        let caller = Caller::writing(&self.log, &request)?;
        let done = self.commands.correct(&caller, request.into_inner()).await?;
        Ok(Response::new(CorrectEvidenceResponse {
            evidence_id: done.evidence.to_string(),
            repeated: done.repeated,
            sequence: done.sequence.0,
        }))
    }

    async fn validate_evidence(
        &self,
        request: Request<ValidateEvidenceRequest>,
    ) -> Answer<ValidateEvidenceResponse> {
        let caller = Caller::validating(&self.log, &request)?;
        let done = self.commands.validate(&caller, request.into_inner()).await?;
        Ok(Response::new(ValidateEvidenceResponse {
            evidence_id: done.evidence.to_string(),
            repeated: done.repeated,
            sequence: done.sequence.0,
        }))
    }

    async fn retract_evidence(
        &self,
        request: Request<RetractEvidenceRequest>,
    ) -> Answer<RetractEvidenceResponse> {
        let caller = Caller::writing(&self.log, &request)?;
        let done = self.commands.retract(&caller, request.into_inner()).await?;
        Ok(Response::new(RetractEvidenceResponse {
            evidence_id: done.evidence.to_string(),
            repeated: done.repeated,
            sequence: done.sequence.0,
        }))
    }

    async fn get_evidence(
        &self,
        request: Request<GetEvidenceRequest>,
    ) -> Answer<GetEvidenceResponse> {
        let caller = Caller::reading(&self.log, &request)?;
        Ok(Response::new(queries::get(&caller, request.get_ref()).await?))
    }

    async fn list_evidence(
        &self,
        request: Request<ListEvidenceRequest>,
    ) -> Answer<ListEvidenceResponse> {
        let caller = Caller::reading(&self.log, &request)?;
        Ok(Response::new(queries::list(&caller, request.get_ref()).await?))
    }
}
