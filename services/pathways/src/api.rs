//! gRPC in: commands to the log, questions to the projections.

mod import;
mod rank;
mod regions;

use northstar_chassis::status;
use northstar_eventlog::Log;
use northstar_pathways_domain::ReferenceRefusal;
use northstar_wire::pathways::v1::pathways_service_server::PathwaysService;
use northstar_wire::pathways::v1::{
    ImportReferenceRequest, ImportReferenceResponse, ListRegionsRequest, ListRegionsResponse,
    RankOccupationsRequest, RankOccupationsResponse,
};
use tonic::{Request, Response, Status, Streaming};

use crate::projection::catalog::Catalogs;

/// The service.
pub(crate) struct Pathways {
    log: Log,
    catalogs: Catalogs,
}

impl Pathways {
    /// Over the context's log.
    pub(crate) fn new(log: Log) -> Self {
        Self { catalogs: Catalogs::new(&log), log }
    }
}

fn refused(refusal: ReferenceRefusal) -> Status {
    status::refused(&refusal)
}

#[tonic::async_trait]
impl PathwaysService for Pathways {
    async fn import_reference(
        &self,
        request: Request<Streaming<ImportReferenceRequest>>,
    ) -> Result<Response<ImportReferenceResponse>, Status> {
        self.import(request).await.map(Response::new)
    }

    async fn list_regions(
        &self,
        request: Request<ListRegionsRequest>,
    ) -> Result<Response<ListRegionsResponse>, Status> {
        self.regions(&request).await.map(Response::new)
    }

    async fn rank_occupations(
        &self,
        request: Request<RankOccupationsRequest>,
    ) -> Result<Response<RankOccupationsResponse>, Status> {
        self.rank(request).await.map(Response::new)
    }
}
