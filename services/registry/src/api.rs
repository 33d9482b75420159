//! gRPC in. Every answer is about the caller's own tenant; what belongs to another looks absent.

mod frameworks;
mod learners;
mod refusal;
mod report;
mod roster;
mod tenants;

use northstar_chassis::{Principal, Role};
use northstar_eventlog::Log;
use northstar_wire::registry::v1::registry_service_server::RegistryService;
use northstar_wire::registry::v1::{
    CreateTenantRequest, CreateTenantResponse, GetFrameworkRequest, GetFrameworkResponse,
    GetLearnerRequest, GetLearnerResponse, ImportFrameworkRequest, ImportFrameworkResponse,
    ImportRosterRequest, ImportRosterResponse, ListFrameworksRequest, ListFrameworksResponse,
    ListLearnersRequest, ListLearnersResponse,
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};

use refusal::Refusal;

/// Who may bring in frameworks and rosters.
const IMPORTERS: [Role; 3] = [Role::PlatformOperator, Role::NetworkAdmin, Role::DistrictAdmin];

/// Who may read what says nothing of a person.
const READERS: [Role; 9] = [
    Role::PlatformOperator,
    Role::NetworkAdmin,
    Role::DistrictAdmin,
    Role::Teacher,
    Role::Validator,
    Role::Employer,
    Role::Learner,
    Role::Guardian,
    Role::Integrator,
];

/// Who may go through all learners of their tenant.
const LISTERS: [Role; 6] = [
    Role::PlatformOperator,
    Role::NetworkAdmin,
    Role::DistrictAdmin,
    Role::Teacher,
    Role::Validator,
    Role::Integrator,
];

/// The service over its log.
pub(crate) struct Api {
    log: Log,
}

impl Api {
    pub(crate) fn new(log: Log) -> Self {
        Self { log }
    }
}

#[tonic::async_trait]
impl RegistryService for Api {
    type ImportRosterStream = ReceiverStream<Result<ImportRosterResponse, Status>>;

    async fn create_tenant(
        &self,
        request: Request<CreateTenantRequest>,
    ) -> Result<Response<CreateTenantResponse>, Status> {
        let principal = Principal::of(&request)?;
        principal.require_for_all(Role::PlatformOperator)?;
        tenants::create(&self.log, &principal.cause(), request.into_inner())
            .await
            .map(Response::new)
    }

    async fn import_framework(
        &self,
        request: Request<Streaming<ImportFrameworkRequest>>,
    ) -> Result<Response<ImportFrameworkResponse>, Status> {
        let principal = Principal::of(&request)?;
        principal.require(&IMPORTERS)?;
        let log = self.log.tenant(&principal.scope()?);
        let (file, bytes) = frameworks::upload(request.into_inner()).await?;
        frameworks::import(&log, &principal.cause(), file, bytes).await.map(Response::new)
    }

    async fn import_roster(
        &self,
        request: Request<Streaming<ImportRosterRequest>>,
    ) -> Result<Response<Self::ImportRosterStream>, Status> {
        let principal = Principal::of(&request)?;
        principal.require(&IMPORTERS)?;
        let log = self.log.tenant(&principal.scope()?);
        let files = roster::upload(request.into_inner()).await?;
        Ok(Response::new(roster::import(log, principal.cause(), files)))
    }

    async fn list_frameworks(
        &self,
        request: Request<ListFrameworksRequest>,
    ) -> Result<Response<ListFrameworksResponse>, Status> {
        let principal = Principal::of(&request)?;
        principal.require(&READERS)?;
        let log = self.log.tenant(&principal.scope()?);
        frameworks::list(&log).await.map(Response::new)
    }

    async fn get_framework(
        &self,
        request: Request<GetFrameworkRequest>,
    ) -> Result<Response<GetFrameworkResponse>, Status> {
        let principal = Principal::of(&request)?;
        principal.require(&READERS)?;
        let log = self.log.tenant(&principal.scope()?);
        frameworks::get(&log, &request.get_ref().framework_id).await.map(Response::new)
    }

    async fn get_learner(
        &self,
        request: Request<GetLearnerRequest>,
    ) -> Result<Response<GetLearnerResponse>, Status> {
        let principal = Principal::of(&request)?;
        principal.require(&READERS)?;
        let log = self.log.tenant(&principal.scope()?);
        learners::get(&log, &principal, &request.get_ref().learner_id).await.map(Response::new)
    }

    async fn list_learners(
        &self,
        request: Request<ListLearnersRequest>,
    ) -> Result<Response<ListLearnersResponse>, Status> {
        let principal = Principal::of(&request)?;
        principal.require(&LISTERS)?;
        let log = self.log.tenant(&principal.scope()?);
        learners::list(&log, &principal, request.get_ref()).await.map(Response::new)
    }
}
