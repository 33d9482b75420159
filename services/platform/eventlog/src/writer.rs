//! One writer a shard gathers.
//!
//! Whatever is asked while a commit is in flight rides in the next one: one statement, one sync.
//! A lone caller waits for nobody; where many ask, the next batch is sent before the last one's
//! callers are told, so that the store need not wait for them. The writer knows the heads it needs
//! in memory and gives dense places; the store's keys are the fence, so a wrong belief costs a
//! retry, never a wrong write.

mod batch;
mod heads;
mod inbox;
mod plan;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use northstar_kernel::{Position, Shard, TenantId};
use tokio::sync::{mpsc, oneshot, watch};

use crate::engine::{Engine, LaneCommit, Turn, WriteError};
use crate::recent::Recent;
use crate::{Append, AppendError, Appended, Fault, Recorded};

use batch::fail;
use heads::Heads;
use inbox::{Asked, Inbox};

/// Below so many callers a commit costs more than what they ask for: they had better share one with
/// those who are about to be answered. So many go at once, and the others ask again meanwhile.
const FEW: usize = 16;
/// How often a write is planned anew after another replica was faster.
const ATTEMPTS: u32 = 32;
/// How often it is without a turn of one's own: beside a busy replica, which has its next commit
/// ready before others have seen its last, luck alone would never be enough.
const UNTURNED: u32 = 3;

/// An append and whose it is.
pub(crate) struct TenantAppend {
    pub(crate) tenant: TenantId,
    pub(crate) append: Append,
}

/// Where a caller waits.
type Reply<T> = oneshot::Sender<T>;

/// What a shard's writer is asked.
pub(crate) enum Request {
    Append(Waiting),
    Lane(LaneStep),
}

/// A single append that waits for its commit.
pub(crate) struct Waiting {
    pub(crate) append: TenantAppend,
    pub(crate) reply: Reply<Result<Appended, AppendError>>,
}

/// A lane's step that waits for its commit.
pub(crate) struct LaneStep {
    pub(crate) appends: Vec<TenantAppend>,
    pub(crate) lane: LaneCommit,
    pub(crate) reply: Reply<Result<(), LaneError>>,
}

/// Why a lane's step was not committed.
#[derive(Debug, thiserror::Error)]
pub enum LaneError {
    /// The checkpoint is not where the lane last saw it: another replica has the lane.
    #[error("another replica has taken the lane over")]
    Fenced,
    /// A stream it appends to has moved; handle the events again.
    #[error("a stream has moved since it was read")]
    Conflict,
    /// The machinery failed; whether the step was committed is unknown.
    #[error(transparent)]
    Fault(#[from] Fault),
}

pub(crate) fn gone() -> Fault {
    Fault::passing("appending", "the shard's writer has ended")
}

/// The one task that writes a shard in this process.
pub(crate) struct ShardWriter {
    engine: Arc<dyn Engine>,
    heads: Heads,
    news: News,
}

/// Where a writer tells what it has committed.
pub(crate) struct News {
    pub(crate) head: watch::Sender<Position>,
    pub(crate) recent: Arc<Mutex<Recent>>,
}

impl ShardWriter {
    pub(crate) fn new(shard: Shard, engine: Arc<dyn Engine>, news: News) -> Self {
        Self { heads: Heads::new(shard, Arc::clone(&engine)), engine, news }
    }

    pub(crate) async fn run(mut self, requests: mpsc::Receiver<Request>) {
        let mut inbox = Inbox::new(requests);
        while let Some(asked) = inbox.next().await {
            match asked {
                Asked::Step(LaneStep { appends, lane, reply }) => {
                    drop(reply.send(self.commit_lane(appends, lane).await));
                }
                Asked::Appends(waiting) => {
                    self.commit_in_row(waiting, &mut inbox).await;
                    // Lets the callers that were just answered ask again before the next batch is closed.
                    tokio::task::yield_now().await;
                }
            }
        }
    }

    /// Writes what can be written of `waiting` and answers everybody.
    async fn commit(&mut self, mut waiting: Vec<Waiting>) {
        let mut turn = None;
        for attempt in 0..ATTEMPTS {
            if waiting.is_empty() {
                return;
            }
            if attempt == UNTURNED {
                turn = match self.turn().await {
                    Ok(turn) => Some(turn),
                    Err(fault) => return fail(waiting, fault),
                };
            }
            waiting = match self.attempt(waiting, turn.as_ref()).await {
                Ok(again) => again,
                Err((rest, fault)) => return fail(rest, fault),
            };
        }
        let fault = || Fault::passing("appending", "other replicas were faster too many times");
        waiting.into_iter().for_each(|one| drop(one.reply.send(Err(fault().into()))));
    }

    async fn commit_lane(
        &mut self,
        appends: Vec<TenantAppend>,
        lane: LaneCommit,
    ) -> Result<(), LaneError> {
        let mut turn = None;
        for attempt in 0..ATTEMPTS {
            if attempt == UNTURNED {
                turn = Some(self.turn().await?);
            }
            let planned = plan::plan_all(&mut self.heads, &appends).await;
            let rows = match planned {
                Ok(Some(rows)) => rows,
                Ok(None) => return Err(LaneError::Conflict),
                Err(fault) => {
                    self.distrust();
                    return Err(fault.into());
                }
            };
            let events: Vec<Recorded> = rows.iter().map(|row| row.event.clone()).collect();
            match self.engine.write(rows, Some(&lane), turn.as_ref()).await {
                Ok(()) => {
                    self.moved(events);
                    return Ok(());
                }
                Err(WriteError::Clash) => self.distrust(),
                Err(error) => {
                    self.distrust();
                    return Err(error.into());
                }
            }
        }
        Err(LaneError::Conflict)
    }

    async fn turn(&self) -> Result<Turn, Fault> {
        self.engine.turn(self.heads.shard()).await
    }

    /// Something was not as believed: the store alone knows what is.
    fn distrust(&mut self) {
        self.heads.distrust();
        self.recent().clear();
    }

    fn recent(&self) -> MutexGuard<'_, Recent> {
        self.news.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was planned is committed: `events` stand.
    fn moved(&mut self, events: Vec<Recorded>) {
        self.heads.settle();
        let Some(head) = events.last().map(|event| event.position) else { return };
        self.recent().push(events);
        self.news.head.send_if_modified(|known| {
            let newer = head > *known;
            *known = head.max(*known);
            newer
        });
    }
}
