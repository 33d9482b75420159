//! Folds a consumer's documents again from the logs, beside the ones in use, and switches.
//!
//! The sources are folded one after the other up to where the live lane is; then the new generation
//! is put in use by a commit that fails if the lane has moved meanwhile, in which case what is new
//! is folded too. Nothing is appended, and readers see the old documents until the switch.

mod chunks;
mod shelf;
mod worker;

use std::sync::Arc;

use northstar_eventlog::{Fault, LaneError, LaneState, Recorded};
use northstar_kernel::{Position, Shard};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use self::chunks::Chunks;
use self::shelf::Filled;
use self::worker::{Folded, Worker};
use crate::lane::Lane;
use crate::work::Written;
use crate::{Source, Work};

/// Bytes of documents kept in memory by all workers of a rebuild, roughly.
const KEPT_WEIGHT: usize = 128 << 20;
/// Chunks read ahead of a worker.
const AHEAD: usize = 2;

/// Events of a source that are folded at once. The documents of so many events of evidence, some ten
/// megabytes, are near at hand; those of ten times as many take twice as long to look up.
const AT_ONCE: u64 = 40_000;
/// Files that are open at a time, at most.
const MOST_PORTIONS: u64 = 256;

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
    rebuild_in_portions(lane, shard, options, AT_ONCE).await
}

/// The same with `at_once` events of a source folded at once, at least one. Beyond that they are laid
/// aside in temporary files, with some 100 bytes more than their payloads.
///
/// # Errors
/// As of [`rebuild`], and when files cannot be written.
pub async fn rebuild_in_portions(
    lane: &Lane,
    shard: Shard,
    options: Options,
    at_once: u64,
) -> Result<Report, Fault> {
    let consumer = lane.handler.consumer();
    let mut seen = lane.log.lane(consumer, shard).await?;
    if seen.commits == 0 {
        return Ok(Report::default());
    }
    let mut rebuild = Rebuild {
        lane,
        shard,
        options: Options { workers: options.workers.clamp(1, 64), ..options },
        at_once: at_once.max(1),
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

/// Those who are at work.
type Workers = JoinSet<Result<Folded, Fault>>;

struct Rebuild<'a> {
    lane: &'a Lane,
    shard: Shard,
    options: Options,
    at_once: u64,
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

    /// In a source that can be split and is long, events of some are laid aside until those of others
    /// are folded: documents that come and go would cost many times as much as their events.
    async fn fold_source(&mut self, source: Source, to: Position) -> Result<(), Fault> {
        let from = self.reached.position(source.context);
        let feed = self.lane.feeds.open(source.context, self.shard, from)?;
        let (events, mut written) = (chunks::of_feed(feed, from, to), Written::new());
        let count = to.0 - from.0;
        match source.split {
            Some(split) if count > self.at_once => {
                let portions = count.div_ceil(self.at_once).min(MOST_PORTIONS);
                let portion = move |event: &Recorded| {
                    ((u128::from(split(event)) * u128::from(portions)) >> 64) as usize
                };
                let portions = chunks::lay_aside(events, portions as usize, portion).await?;
                self.fold_portions(source, portions, &mut written).await?;
            }
            _ => self.fold(source, events, &mut written).await?,
        }
        self.written.push(Arc::new(written));
        Ok(())
    }

    /// Folds these events of a source; what was written is added to `written`.
    async fn fold(
        &mut self,
        source: Source,
        events: Chunks,
        written: &mut Written,
    ) -> Result<(), Fault> {
        let count = if source.split.is_some() { self.options.workers } else { 1 };
        let mut workers = Workers::new();
        let mut inboxes = Vec::new();
        for _ in 0..count {
            let (inbox, events) = mpsc::channel(AHEAD);
            inboxes.push(inbox);
            workers.spawn(self.worker(source.context, count).run([events]));
        }
        deal(source, events, inboxes).await;
        self.finish(workers, written).await
    }

    /// Folds portions, each by one worker, in turn; what was written is added to `written`.
    async fn fold_portions(
        &mut self,
        source: Source,
        portions: Vec<Filled>,
        written: &mut Written,
    ) -> Result<(), Fault> {
        let count = self.options.workers;
        let mut shares: Vec<Vec<Filled>> = (0..count).map(|_| Vec::new()).collect();
        for (portion, whose) in portions.into_iter().zip((0..count).cycle()) {
            shares[whose].push(portion);
        }
        let mut workers = Workers::new();
        for share in shares {
            let share = share.into_iter().map(chunks::of_portion);
            workers.spawn(self.worker(source.context, count).run(share));
        }
        self.finish(workers, written).await
    }

    /// Waits until all are done.
    async fn finish(&mut self, mut workers: Workers, written: &mut Written) -> Result<(), Fault> {
        while let Some(finished) = workers.join_next().await {
            let (report, ours) =
                finished.map_err(|error| Fault::lasting("folding in a worker", error))??;
            self.report.add(report);
            written.extend(ours);
        }
        Ok(())
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
}

/// Deals events to the workers; if reading fails, that too.
async fn deal(
    source: Source,
    mut events: Chunks,
    inboxes: Vec<mpsc::Sender<Result<Vec<Recorded>, Fault>>>,
) {
    while let Some(chunk) = events.recv().await {
        let mut hands: Vec<Vec<Recorded>> = inboxes.iter().map(|_| Vec::new()).collect();
        match chunk {
            Ok(chunk) => {
                for event in chunk {
                    let whose =
                        source.split.map_or(0, |split| split(&event) as usize % hands.len());
                    hands[whose].push(event);
                }
            }
            // One worker that stops stops all.
            Err(fault) => {
                let _ = inboxes[0].send(Err(fault)).await;
                return;
            }
        }
        for (inbox, hand) in inboxes.iter().zip(hands) {
            if !hand.is_empty() && inbox.send(Ok(hand)).await.is_err() {
                // The worker has failed; its own error is the one to report.
                return;
            }
        }
    }
}
