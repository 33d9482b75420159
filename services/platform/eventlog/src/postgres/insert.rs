//! The statements that make the log longer.

use northstar_kernel::Shard;
use sqlx::PgConnection;

use super::rows::signed;
use crate::engine::Row;

const ONE: &str = include_str!("../../sql/postgres/insert_event.sql");
const SEVERAL: &str = include_str!("../../sql/postgres/insert_events.sql");

/// Inserts events by one statement, which is its own transaction unless there is one already, and
/// then names `tenants` for what is left of it. Somebody's turn at the shard `wait_for` is waited for.
pub(super) async fn insert(
    connection: &mut PgConnection,
    tenants: &str,
    rows: &[Row],
    wait_for: Option<Shard>,
) -> sqlx::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut query = sqlx::query(if rows.len() == 1 { ONE } else { SEVERAL }).bind(tenants);
    macro_rules! bind {
        ($row:ident => $value:expr) => {
            query = match rows {
                [$row] => query.bind($value),
                _ => query.bind(rows.iter().map(|$row| $value).collect::<Vec<_>>()),
            }
        };
    }
    bind!(row => row.event.shard.0.cast_signed());
    bind!(row => signed(row.event.position.0));
    bind!(row => row.event.tenant.uuid());
    bind!(row => signed(row.event.sequence.0));
    bind!(row => row.event.id.uuid());
    bind!(row => &*row.event.stream);
    bind!(row => signed(row.event.version.0));
    bind!(row => &*row.event.event_type);
    bind!(row => row.event.schema_version.cast_signed());
    bind!(row => row.event.observed_at.micros());
    bind!(row => row.event.recorded_at.micros());
    bind!(row => &*row.event.actor);
    bind!(row => row.event.correlation_id);
    bind!(row => row.event.causation_id);
    bind!(row => &*row.event.traceparent);
    bind!(row => row.event.key_id);
    bind!(row => &*row.event.payload);
    bind!(row => row.request.as_ref().map(|request| request.id.as_str()));
    bind!(row => row.request.as_ref().map(|request| request.content.0.as_slice()));
    bind!(row => row.append_len.cast_signed());
    let query = query.bind(wait_for.map(|shard| i32::from(shard.0)));
    let inserted = query.execute(connection).await?;
    // An insert that the wall has thinned out would lose events without a word.
    match usize::try_from(inserted.rows_affected()) {
        Ok(count) if count == rows.len() => Ok(()),
        _ => Err(sqlx::Error::Protocol("fewer events were inserted than were sent".to_owned())),
    }
}
