//! What a service does because time passes: a fold has no clock, so the passing of an instant that
//! matters is made an event.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use northstar_eventlog::{Fault, Log, TenantLog, now};
use northstar_kernel::{Shard, TenantScope, Timestamp};
use tokio::time::{MissedTickBehavior, interval};
use tracing::warn;

use crate::lane::chain;

/// How often it is looked what is due: an instant is told at most so much later than it passes.
const LOOK: Duration = Duration::from_secs(1);

/// Appends what is due.
#[async_trait]
pub trait Timed: Send + Sync + 'static {
    /// Its name, `<context>.<what>`, for the operator.
    fn name(&self) -> &'static str;

    /// Appends, to the tenant's log, what is due at `now` or earlier; returns how many appends it
    /// asked for. Two replicas may do it at the same time, and again what was done already, so each
    /// append must carry a request key.
    ///
    /// # Errors
    /// When the store fails; it is tried again.
    async fn due(&self, log: &TenantLog, now: Timestamp) -> Result<usize, Fault>;

    /// How many things are due at `now` or earlier, for the tenant, and not done yet: appended, and
    /// taken in by the consumers. At least so many, as a task may stop counting where it pauses; 0
    /// only if there is none. What the task cannot do now (for want of a key, say) is not counted.
    ///
    /// # Errors
    /// When the store fails.
    async fn waiting(&self, log: &TenantLog, now: Timestamp) -> Result<u64, Fault>;
}

/// One timed task over the log of its context.
#[derive(Clone)]
pub struct Clockwork {
    /// The task.
    pub task: Arc<dyn Timed>,
    /// Its context's log.
    pub log: Log,
}

impl Clockwork {
    /// Does what becomes due in a shard, by this machine's clock, for as long as it is not dropped.
    pub async fn run(self, shard: Shard) {
        let mut ticks = interval(LOOK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut failing = false;
        loop {
            ticks.tick().await;
            match self.until(shard, now()).await {
                Ok(_) => failing = false,
                Err(fault) => {
                    if !std::mem::replace(&mut failing, true) {
                        let (task, cause) = (self.task.name(), chain(&fault));
                        warn!(task, %shard, cause, "what is due could not be appended");
                    }
                }
            }
        }
    }

    /// Does what is due in a shard at `now`, once; returns how many appends that took. What follows
    /// from them may be due as well, once it was handled.
    ///
    /// # Errors
    /// When the store fails, or the task for one tenant: the first of these, after all were served.
    pub async fn until(&self, shard: Shard, now: Timestamp) -> Result<usize, Fault> {
        let (mut appends, mut failed) = (0, None);
        for tenant in self.log.tenants(shard).await? {
            #[expect(clippy::disallowed_methods, reason = "a tenant of this very log")]
            let scope = TenantScope::assume(tenant);
            match self.task.due(&self.log.tenant(&scope), now).await {
                Ok(more) => appends += more,
                Err(fault) => failed = failed.or(Some(fault)),
            }
        }
        failed.map_or(Ok(appends), Err)
    }
}
