//! How far a context has come for one tenant.

use std::sync::Arc;

use northstar_eventlog::engine::DocumentRange;
use northstar_eventlog::{Fault, Log, Shape as _, TenantLog, now};
use northstar_kernel::{Shard, TenantId, TenantScope};
use northstar_wire::platform::v1::{ConsumerProgress, GetProgressResponse, TimedProgress};

use crate::parked::Parked;
use crate::{Handler, Timed};

const PAGE: u32 = 1_000;

/// The heads of the tenant's log, how far each consumer is in each of its sources, and what each
/// task has not done yet of what is due by this machine's clock.
///
/// # Errors
/// When the store fails.
pub async fn of(
    log: &Log,
    handlers: &[Arc<dyn Handler>],
    tasks: &[Arc<dyn Timed>],
    scope: &TenantScope,
) -> Result<GetProgressResponse, Fault> {
    let shard = log.shards().shard_of(scope.tenant());
    // Before the heads: what a task appends after it was asked, they show.
    let timed = timed(&log.tenant(scope), tasks).await?;
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
        timed,
    })
}

async fn timed(log: &TenantLog, tasks: &[Arc<dyn Timed>]) -> Result<Vec<TimedProgress>, Fault> {
    let (mut timed, now) = (Vec::new(), now());
    for task in tasks {
        let waiting = task.waiting(log, now).await?;
        timed.push(TimedProgress { task: task.name().to_owned(), waiting });
    }
    Ok(timed)
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
