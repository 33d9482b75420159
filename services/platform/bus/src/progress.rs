//! How far a context has come for one tenant.

use std::sync::Arc;

use northstar_eventlog::engine::DocumentRange;
use northstar_eventlog::{Fault, Log, Shape as _};
use northstar_kernel::{Shard, TenantId, TenantScope};
use northstar_wire::platform::v1::{ConsumerProgress, GetProgressResponse};

use crate::Handler;
use crate::parked::Parked;

const PAGE: u32 = 1_000;

/// The heads of the tenant's log, and how far each consumer is in each of its sources.
///
/// # Errors
/// When the store fails.
pub async fn of(
    log: &Log,
    handlers: &[Arc<dyn Handler>],
    scope: &TenantScope,
) -> Result<GetProgressResponse, Fault> {
    let shard = log.shards().shard_of(scope.tenant());
    let mut consumers = Vec::new();
    for handler in handlers {
        let state = log.lane(handler.consumer(), shard).await?;
        for source in handler.sources() {
            let lane = format!("{}/{}/", handler.consumer(), source.context);
            consumers.push(ConsumerProgress {
                consumer: handler.consumer().to_owned(),
                source: source.context.to_owned(),
                position: state.position(source.context).0,
                parked: parked(log, shard, scope.tenant(), state.generation, &lane).await?,
            });
        }
    }
    Ok(GetProgressResponse {
        shard: u32::from(shard.0),
        head_position: log.head(shard).await?.0,
        head_sequence: log.tenant(scope).sequence().await?.0,
        consumers,
    })
}

/// How many of the tenant's events a lane has set aside.
async fn parked(
    log: &Log,
    shard: Shard,
    tenant: TenantId,
    generation: u32,
    lane: &str,
) -> Result<u64, Fault> {
    let mut count = 0;
    let mut after: Option<Vec<u8>> = None;
    loop {
        let range = DocumentRange {
            tenant,
            noun: Parked::NOUN,
            shard,
            generation: Some(generation),
            prefix: lane.as_bytes(),
            after: after.as_deref(),
            limit: PAGE,
        };
        let page = log.documents(range).await?;
        count += page.len() as u64;
        if page.len() < PAGE as usize {
            return Ok(count);
        }
        after = page.into_iter().next_back().map(|(key, _)| key);
    }
}
