//! One writer a shard gathers.
//!
//! Whatever is asked while a commit is in flight rides in the next one: one statement, one sync.
//! A lone caller waits for nobody. The writer knows the heads it needs in memory and gives dense
//! places; the store's keys are the fence, so a wrong belief costs a retry, never a wrong write.

mod heads;
mod plan;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use northstar_kernel::{Position, Shard, TenantId};
use tokio::sync::{mpsc, oneshot, watch};

use crate::engine::{Engine, LaneCommit, Turn, WriteError};
use crate::recent::Recent;
use crate::{Append, AppendError, Appended, Fault, Recorded};

use heads::Heads;
use plan::{Plan, Planned};

/// Events in one commit, at most (one append may be larger).
const GATHER_EVENTS: usize = 4_096;
/// Bytes of payload in one commit, at most (one append may be larger).
const GATHER_BYTES: usize = 8 << 20;
/// Below so many callers a commit costs more than what they ask for, and they had better share the next
/// one. More of them had better take turns: some ask again while the others' commit is in flight.
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
    Append { append: TenantAppend, reply: Reply<Result<Appended, AppendError>> },
    Lane { appends: Vec<TenantAppend>, lane: Box<LaneCommit>, reply: Reply<Result<(), LaneError>> },
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

/// A single append that waits for its commit.
struct Waiting {
    append: TenantAppend,
    reply: Reply<Result<Appended, AppendError>>,
}

impl ShardWriter {
    pub(crate) fn new(shard: Shard, engine: Arc<dyn Engine>, news: News) -> Self {
        Self { heads: Heads::new(shard, Arc::clone(&engine)), engine, news }
    }

    pub(crate) async fn run(mut self, mut inbox: mpsc::Receiver<Request>) {
        while let Some(first) = inbox.recv().await {
            let mut gathered = Vec::new();
            let mut next = Some(first);
            let (mut events, mut bytes) = (0, 0);
            while let Some(request) = next {
                match request {
                    Request::Append { append, reply } => {
                        events += append.append.events.len();
                        bytes +=
                            append.append.events.iter().map(|e| e.payload.len()).sum::<usize>();
                        gathered.push(Waiting { append, reply });
                    }
                    Request::Lane { appends, lane, reply } => {
                        self.commit(std::mem::take(&mut gathered)).await;
                        drop(reply.send(self.commit_lane(appends, *lane).await));
                    }
                }
                let more = events < GATHER_EVENTS && bytes < GATHER_BYTES;
                next = if more { inbox.try_recv().ok() } else { None };
            }
            let few = gathered.len() < FEW;
            self.commit(gathered).await;
            if few {
                // Lets the callers that were just answered ask again before the next batch is closed.
                tokio::task::yield_now().await;
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

    /// One try; returns those that must be planned anew.
    async fn attempt(
        &mut self,
        waiting: Vec<Waiting>,
        turn: Option<&Turn>,
    ) -> Result<Vec<Waiting>, (Vec<Waiting>, Fault)> {
        let Plan { rows, planned } = match plan::plan(&mut self.heads, &waiting).await {
            Ok(plan) => plan,
            Err(fault) => {
                // Places may have been given already that will now never be written.
                self.distrust();
                return Err((waiting, fault));
            }
        };
        let events: Vec<Recorded> = rows.iter().map(|row| row.event.clone()).collect();
        let written = match rows.is_empty() {
            true => Ok(()),
            false => self.engine.write(rows, None, turn).await.map(|()| self.moved(events)),
        };
        match written {
            Ok(()) => Ok(answer(waiting, planned)),
            Err(WriteError::Clash | WriteError::Fenced) => {
                self.distrust();
                Ok(waiting)
            }
            Err(WriteError::Fault(fault)) => {
                self.distrust();
                Err((waiting, fault))
            }
        }
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

/// Answers everybody whose place is decided; returns the others.
fn answer(waiting: Vec<Waiting>, planned: Vec<Planned>) -> Vec<Waiting> {
    let mut again = Vec::new();
    for (one, planned) in waiting.into_iter().zip(planned) {
        match planned {
            Planned::At(appended) => drop(one.reply.send(Ok(appended))),
            Planned::Refused(error) => drop(one.reply.send(Err(error))),
            Planned::Later => again.push(one),
        }
    }
    again
}

/// A fault is everybody's: nobody knows whether the commit was made.
fn fail(waiting: Vec<Waiting>, fault: Fault) {
    let retryable = fault.retryable();
    let text = std::error::Error::source(&fault).map_or_else(String::new, ToString::to_string);
    for one in waiting {
        let fault = match retryable {
            true => Fault::passing("appending", text.clone()),
            false => Fault::lasting("appending", text.clone()),
        };
        drop(one.reply.send(Err(fault.into())));
    }
}
