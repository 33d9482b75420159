//! Many streams in one read.

use northstar_kernel::TenantId;

use super::Postgres;
use super::rows::recorded;
use crate::Recorded;

const STREAMS: &str = include_str!("../../sql/postgres/streams.sql");

/// All events of these streams, each stream's in order.
pub(super) async fn streams(
    engine: &Postgres,
    tenant: TenantId,
    streams: &[String],
) -> sqlx::Result<Vec<Recorded>> {
    let mut transaction = engine.of_tenants([tenant]).await?;
    let rows =
        sqlx::query(STREAMS).bind(tenant.uuid()).bind(streams).fetch_all(&mut *transaction).await?;
    rows.iter().map(recorded).collect()
}
