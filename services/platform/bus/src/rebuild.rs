//! Folds a consumer's documents again from the logs, beside the ones in use, and switches.
//!
//! The sources are folded one after the other up to where the live lane is; then the new generation
//! is put in use by a commit that fails if the lane has moved meanwhile, in which case what is new
//! is folded too. Nothing is appended, and readers see the old documents until the switch.

use std::sync::Arc;

use northstar_eventlog::{Fault, LaneError, LaneState, Recorded};
use northstar_kernel::{Position, Shard};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::lane::{Lane, settle};
use crate::work::Written;
use crate::{HandleError, Source, Work};

/// Bytes of documents kept in memory by all workers of a rebuild, roughly.
const KEPT_WEIGHT: usize = 128 << 20;
/// Chunks read ahead of a worker.
const AHEAD: usize = 2;

/// How to rebuild.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Workers that fold in parallel where a source can be split.
    pub workers: usize,
    /// Events between two writes; 0: as many as memory allows.
    pub batch_size: usize,
}

/// What a rebuild came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Report {
    /// Events folded.
    pub events: u64,
    /// Documents written, each time they were.
    pub documents: u64,
    /// Events that make no sense and were left out.
    pub malformed: u64,
}

impl Report {
    fn add(&mut self, other: Self) {
        self.events += other.events;
        self.documents += other.documents;
        self.malformed += other.malformed;
    }
}

/// Rebuilds one shard of a lane's consumer.
///
/// # Errors
/// When a log cannot be read or documents cannot be written; the generation in use is untouched.
pub async fn rebuild(lane: &Lane, shard: Shard, options: Options) -> Result<Report, Fault> {
    let consumer = lane.handler.consumer();
    let mut seen = lane.log.lane(consumer, shard).await?;
    if seen.commits == 0 {
        return Ok(Report::default());
    }
    let mut rebuild = Rebuild {
        lane,
        shard,
        options: Options { workers: options.workers.clamp(1, 64), ..options },
        generation: fresh_generation(seen.generation),
        reached: LaneState::default(),
        written: Vec::new(),
        report: Report::default(),
    };
    loop {
        rebuild.fold_to(&seen).await?;
        let nouns = lane.handler.nouns();
        let switched =
            lane.log.switch(consumer, shard, seen.commits, rebuild.generation, nouns).await;
        match switched {
            Ok(()) => return Ok(rebuild.report),
            Err(LaneError::Fault(fault)) => return Err(fault),
            Err(LaneError::Fenced | LaneError::Conflict) => {
                let generation = seen.generation;
                seen = lane.log.lane(consumer, shard).await?;
                if seen.generation != generation {
                    return Err(Fault::passing("rebuilding", "another rebuild was faster"));
                }
            }
        }
    }
}

/// A number of this rebuild's own, so that two at the same time cannot mix their documents: the
/// first to switch wins, and removes what the other has written.
fn fresh_generation(current: u32) -> u32 {
    loop {
        let generation = rand::random::<u32>() >> 1;
        if generation != current {
            return generation;
        }
    }
}

struct Rebuild<'a> {
    lane: &'a Lane,
    shard: Shard,
    options: Options,
    generation: u32,
    reached: LaneState,
    /// What earlier phases have written, which later ones must look for in the store.
    written: Vec<Arc<Written>>,
    report: Report,
}

impl Rebuild<'_> {
    async fn fold_to(&mut self, target: &LaneState) -> Result<(), Fault> {
        for source in self.lane.handler.sources() {
            let to = target.position(source.context);
            if self.reached.position(source.context) < to {
                self.fold_source(*source, to).await?;
                self.reached.advance(source.context, to);
            }
        }
        Ok(())
    }

    async fn fold_source(&mut self, source: Source, to: Position) -> Result<(), Fault> {
        let count = if source.split.is_some() { self.options.workers } else { 1 };
        let mut workers = JoinSet::new();
        let mut inboxes = Vec::new();
        for _ in 0..count {
            let (inbox, events) = mpsc::channel(AHEAD);
            inboxes.push(inbox);
            workers.spawn(self.worker(source.context, count).run(events));
        }
        let read = self.deal(source, to, inboxes).await;
        while let Some(finished) = workers.join_next().await {
            let (report, written) =
                finished.map_err(|error| Fault::lasting("folding in a worker", error))??;
            self.report.add(report);
            self.written.push(Arc::new(written));
        }
        read
    }

    fn worker(&self, source: &'static str, count: usize) -> Worker {
        let (log, before) = (self.lane.log.clone(), self.written.clone());
        let kept = KEPT_WEIGHT / count;
        Worker {
            lane: self.lane.clone(),
            source,
            work: Work::rebuild(log, self.shard, self.generation, before, kept),
            batch_size: self.options.batch_size,
            generation: self.generation,
            since_write: 0,
            report: Report::default(),
        }
    }

    /// Reads the source up to `to` and deals its events to the workers.
    async fn deal(
        &self,
        source: Source,
        to: Position,
        inboxes: Vec<mpsc::Sender<Vec<Recorded>>>,
    ) -> Result<(), Fault> {
        let mut reached = self.reached.position(source.context);
        let mut feed = self.lane.feeds.open(source.context, self.shard, reached)?;
        while reached < to {
            let mut hands: Vec<Vec<Recorded>> = inboxes.iter().map(|_| Vec::new()).collect();
            for event in feed.next().await? {
                if event.position > to {
                    break;
                }
                reached = event.position;
                let whose = source.split.map_or(0, |split| split(&event) as usize % hands.len());
                hands[whose].push(event);
            }
            for (inbox, hand) in inboxes.iter().zip(hands) {
                if !hand.is_empty() && inbox.send(hand).await.is_err() {
                    // The worker has failed; its own error is the one to report.
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// Folds its share of a source.
struct Worker {
    lane: Lane,
    source: &'static str,
    work: Work,
    batch_size: usize,
    generation: u32,
    since_write: usize,
    report: Report,
}

impl Worker {
    async fn run(
        mut self,
        mut inbox: mpsc::Receiver<Vec<Recorded>>,
    ) -> Result<(Report, Written), Fault> {
        while let Some(events) = inbox.recv().await {
            for event in &events {
                self.fold(event).await?;
            }
        }
        self.write().await?;
        Ok((self.report, self.work.written()))
    }

    async fn fold(&mut self, event: &Recorded) -> Result<(), Fault> {
        self.work.begin(event);
        match self.lane.handler.handle(self.source, event, &mut self.work).await {
            Ok(()) => {}
            Err(HandleError::Malformed(_)) => self.report.malformed += 1,
            Err(HandleError::Fault(fault)) => return Err(fault),
        }
        self.report.events += 1;
        self.since_write += 1;
        let full = self.batch_size > 0 && self.since_write >= self.batch_size;
        if full || self.work.is_heavy() { self.write().await } else { Ok(()) }
    }

    async fn write(&mut self) -> Result<(), Fault> {
        self.since_write = 0;
        settle(self.lane.handler.as_ref(), &mut self.work).await.map_err(|error| match error {
            LaneError::Fault(fault) => fault,
            other => Fault::lasting("settling documents", other),
        })?;
        let (_, puts) = self.work.take();
        self.report.documents += puts.len() as u64;
        if !puts.is_empty() {
            self.lane.log.put_documents(self.generation, puts).await?;
        }
        if self.work.is_heavy() {
            self.work.forget();
        }
        Ok(())
    }
}
