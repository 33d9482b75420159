//! One consumer in one shard.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use northstar_eventlog::{Fault, LaneCommit, LaneError, LaneState, Log, Recorded};
use northstar_kernel::{Shard, TenantId};
use northstar_telemetry::metrics;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{Instrument as _, error, warn};

use crate::feed::Feeds;
use crate::parked::{self, Parked, ParkedStreams};
use crate::{HandleError, Handler, Work, spans};

/// Events handled before a commit, at most.
const BATCH_EVENTS: usize = 2_000;
/// How long events are handled before what comes of them is committed: whoever waits for the first of
/// them need not wait for the last one.
const BATCH_TIME: Duration = Duration::from_millis(200);
/// Events that are foreseen together.
const AHEAD: usize = 250;
/// How long a checkpoint may lag while nothing but the checkpoint would be written.
const LAZY_CHECKPOINT: Duration = Duration::from_millis(100);
/// How long documents may lag behind events that nobody is told of, so that many share a commit.
const LAZY_DOCUMENTS: Duration = Duration::from_millis(10);
const BACKOFF: Duration = Duration::from_millis(200);

/// A consumer, ready to run in any shard.
#[derive(Clone)]
pub struct Lane {
    /// The consumer.
    pub handler: Arc<dyn Handler>,
    /// Its context's log.
    pub log: Log,
    /// Where its events come from.
    pub feeds: Arc<dyn Feeds>,
}

type Step = (&'static str, Vec<Recorded>);

impl Lane {
    /// Handles a shard's events for as long as it is not dropped. Whatever goes wrong, it starts
    /// over from the checkpoint.
    pub async fn run(self, shard: Shard) {
        let consumer = self.handler.consumer();
        loop {
            match self.run_once(shard).await {
                LaneError::Fenced => {
                    warn!(consumer, %shard, "another replica moved the checkpoint")
                }
                LaneError::Conflict => warn!(consumer, %shard, "a stream moved; handling again"),
                LaneError::Fault(fault) => {
                    error!(consumer, %shard, error = chain(&fault), "lane failed; starting over");
                    sleep(BACKOFF).await;
                }
            }
        }
    }

    /// Runs until something goes wrong.
    async fn run_once(&self, shard: Shard) -> LaneError {
        match self.start(shard).await {
            Ok((mut running, mut steps, _pumps)) => loop {
                if let Err(error) = running.step(&mut steps).await {
                    return error;
                }
            },
            Err(fault) => LaneError::Fault(fault),
        }
    }

    async fn start(
        &self,
        shard: Shard,
    ) -> Result<(Running, mpsc::Receiver<Step>, JoinSet<()>), Fault> {
        let consumer = self.handler.consumer();
        let state = self.log.lane(consumer, shard).await?;
        let parked = ParkedStreams::load(&self.log, consumer, shard, state.generation).await?;
        metrics::parked(consumer, shard.0, parked.count());
        let (sender, steps) = mpsc::channel(4);
        let mut pumps = JoinSet::new();
        for source in self.handler.sources() {
            let context = source.context;
            let mut feed = self.feeds.open(context, shard, state.position(context))?;
            let sender = sender.clone();
            pumps.spawn(async move {
                loop {
                    match feed.next().await {
                        Ok(events) => {
                            if sender.send((context, events)).await.is_err() {
                                return;
                            }
                        }
                        Err(fault) => {
                            warn!(source = context, %shard, error = chain(&fault), "feed failed");
                            sleep(BACKOFF).await;
                        }
                    }
                }
            });
        }
        let work = Work::live(self.log.clone(), shard, state.generation);
        let running = Running { lane: self.clone(), shard, state, work, parked, lazy_since: None };
        Ok((running, steps, pumps))
    }
}

/// A lane between two commits.
struct Running {
    lane: Lane,
    shard: Shard,
    state: LaneState,
    work: Work,
    parked: ParkedStreams,
    /// Since when something was handled that is not committed.
    lazy_since: Option<Instant>,
}

impl Running {
    /// Handles what there is and commits it.
    async fn step(&mut self, steps: &mut mpsc::Receiver<Step>) -> Result<(), LaneError> {
        let Some(first) = self.wait(steps).await else { return self.commit().await };
        let mut next = Some(first);
        let mut handled = 0;
        let mut begin = Instant::now();
        while let Some((source, events)) = next {
            for events in events.chunks(AHEAD) {
                if self.work.has_appends() && begin.elapsed() >= BATCH_TIME {
                    self.commit().await?;
                    begin = Instant::now();
                }
                self.handle_all(source, events).await?;
            }
            handled += events.len();
            let more = handled < BATCH_EVENTS && begin.elapsed() < BATCH_TIME;
            next = if more { steps.try_recv().ok() } else { None };
        }
        let since = *self.lazy_since.get_or_insert_with(Instant::now);
        if since.elapsed() >= self.patience() { self.commit().await } else { Ok(()) }
    }

    /// Handles some events that follow each other.
    async fn handle_all(
        &mut self,
        source: &'static str,
        events: &[Recorded],
    ) -> Result<(), LaneError> {
        self.foresee(source, events).await?;
        for event in events {
            self.handle(source, event).await?;
        }
        let consumer = self.lane.handler.consumer();
        if let Some(last) = events.last() {
            self.state.advance(source, last.position);
            metrics::lag(consumer, source, self.shard.0, last.age());
        }
        metrics::handled(consumer, events.len() as u64);
        Ok(())
    }

    /// Has the handler read together what each tenant's events will look for.
    async fn foresee(
        &mut self,
        source: &'static str,
        events: &[Recorded],
    ) -> Result<(), LaneError> {
        self.work.look_anew();
        let mut tenants: BTreeMap<TenantId, Vec<&Recorded>> = BTreeMap::new();
        for event in events {
            tenants.entry(event.tenant).or_default().push(event);
        }
        for (tenant, events) in tenants {
            self.work.foresee_for(tenant);
            match self.lane.handler.foresee(source, &events, &mut self.work).await {
                // One that makes no sense is parked when it is handled.
                Ok(()) | Err(HandleError::Malformed(_)) => {}
                Err(HandleError::Fault(fault)) => return Err(LaneError::Fault(fault)),
            }
        }
        Ok(())
    }

    /// How long what was handled may wait for its commit.
    fn patience(&self) -> Duration {
        match (self.work.is_dirty(), self.work.has_appends()) {
            (_, true) => Duration::ZERO,
            (true, false) => LAZY_DOCUMENTS,
            (false, false) => LAZY_CHECKPOINT,
        }
    }

    /// The next events, or `None` when a commit is due.
    async fn wait(&self, steps: &mut mpsc::Receiver<Step>) -> Option<Step> {
        match self.lazy_since {
            None => steps.recv().await,
            Some(since) => timeout_at(since + self.patience(), steps.recv()).await.ok().flatten(),
        }
    }

    async fn handle(&mut self, source: &'static str, event: &Recorded) -> Result<(), LaneError> {
        let consumer = self.lane.handler.consumer();
        self.work.begin(event);
        if self.parked.contains(consumer, source, event) {
            self.park(source, event, "an earlier event of its stream is parked".to_owned());
            return Ok(());
        }
        let span = spans::handling(consumer, event);
        let handled = self.lane.handler.handle(source, event, &mut self.work).instrument(span);
        match handled.await {
            Ok(()) => Ok(()),
            Err(HandleError::Fault(fault)) => Err(LaneError::Fault(fault)),
            Err(HandleError::Malformed(malformed)) => {
                self.park(source, event, malformed.to_string());
                Ok(())
            }
        }
    }

    fn park(&mut self, source: &'static str, event: &Recorded, why: String) {
        let consumer = self.lane.handler.consumer();
        error!(consumer, source, position = event.position.0, why, "event parked");
        self.parked.insert(consumer, source, event);
        metrics::parked(consumer, self.shard.0, self.parked.count());
        let parked = Parked { position: event.position, why };
        self.work.put(&parked::key(consumer, source, event), parked);
    }

    async fn commit(&mut self) -> Result<(), LaneError> {
        settle(self.lane.handler.as_ref(), &mut self.work).await?;
        let (appends, documents) = self.work.take();
        let commit = LaneCommit {
            consumer: self.lane.handler.consumer(),
            shard: self.shard,
            seen_commits: self.state.commits,
            next: self.state.clone(),
            documents,
        };
        self.lane.log.commit_lane(appends, commit).await?;
        self.state.commits += 1;
        self.lazy_since = None;
        if self.work.is_heavy() {
            self.work.forget();
        }
        Ok(())
    }
}

/// Settles every tenant's changed documents.
pub(crate) async fn settle(handler: &dyn Handler, work: &mut Work) -> Result<(), LaneError> {
    for tenant in work.unsettled_tenants() {
        work.settle_tenant(tenant);
        handler.settle(work).await.map_err(|error| match error {
            HandleError::Fault(fault) => LaneError::Fault(fault),
            HandleError::Malformed(malformed) => {
                LaneError::Fault(Fault::lasting("settling documents", malformed))
            }
        })?;
    }
    Ok(())
}

/// A fault with all its causes, for the operator.
pub(crate) fn chain(fault: &Fault) -> String {
    let mut text = fault.to_string();
    let mut cause = std::error::Error::source(fault);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
