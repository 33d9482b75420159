//! Creating tenants.

use northstar_chassis::status;
use northstar_eventlog::{Cause, Log};
use northstar_kernel::{TenantId, TenantScope};
use northstar_registry_domain::tenant::{Aggregate, Command};
use northstar_wire::registry::v1::{CreateTenantRequest, CreateTenantResponse};
use tonic::Status;

use crate::aggregate::{NotDone, execute};

/// Creates the tenant, or finds it. Its first event stands in its own part of the log.
pub(super) async fn create(
    log: &Log,
    cause: &Cause,
    request: CreateTenantRequest,
) -> Result<CreateTenantResponse, Status> {
    let tenant = TenantId::from_slug(&request.slug);
    let log = log.tenant(&named_by_an_operator(tenant));
    let command = Command::Create { slug: request.slug, name: request.name };
    match execute::<Aggregate>(&log, cause, tenant.uuid(), command).await {
        Ok(done) => {
            let created = !done.events.is_empty();
            Ok(CreateTenantResponse { tenant_id: tenant.to_string(), created })
        }
        Err(NotDone::Refused(refusal)) => Err(status::refused(&refusal)),
        Err(NotDone::Failed(error)) => Err(status::append_failed(error)),
    }
}

#[expect(clippy::disallowed_methods, reason = "only a platform operator comes here")]
fn named_by_an_operator(tenant: TenantId) -> TenantScope {
    TenantScope::assume(tenant)
}
