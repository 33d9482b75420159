//! Events of tenants.

use northstar_registry_domain::tenant::Event;
use northstar_wire::registry::v1 as wire;

use super::Encoded;
use super::fields::{id, message};

pub(super) fn encode(event: &Event) -> Encoded {
    let Event::Created { tenant, slug, name } = event;
    let created = wire::TenantCreated {
        tenant_id: tenant.to_string(),
        slug: slug.clone(),
        name: name.clone(),
    };
    Encoded::new("tenant_created", &created)
}

pub(super) fn created(payload: &[u8]) -> Result<Event, String> {
    let wire::TenantCreated { tenant_id, slug, name } = message(payload)?;
    Ok(Event::Created { tenant: id(&tenant_id)?, slug, name })
}
