//! Folds a consumer's documents again from the logs, beside the ones in use, and switches.
//!
//! The sources are folded one after the other up to where the live lane is; then the new generation
//! is put in use by a commit that fails if the lane has moved meanwhile, in which case what is new
//! is folded too. Nothing is appended, and readers see the old documents until the switch.

mod chunks;
mod portions;
mod shelf;
mod worker;

use std::sync::Arc;

use northstar_eventlog::{Fault, LaneError, LaneState, Recorded};
use northstar_kernel::{Position, Shard};
use tokio::task::JoinSet;

use self::chunks::Chunks;
use self::portions::Portions;
use self::worker::{Folded, Worker};
use crate::lane::Lane;
use crate::work::Written;
use crate::{Source, Work};

/// Bytes of documents kept in memory by all workers of a rebuild, roughly.
const KEPT_WEIGHT: usize = 128 << 20;
/// Chunks of a log read ahead.
const AHEAD: usize = 2;

/// Events of a source that are folded at once. The documents of so many events of evidence, some two
/// megabytes, are near at hand; those of a hundred times as many take twice as long to look up.
const AT_ONCE: u64 = 10_000;
/// Portions of a long source, at most: of each, something is kept in memory while it is laid aside.
const MOST_PORTIONS: u64 = 1_024;

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

/// The same with `at_once` events of a source that can be split folded at once, at least one. Before that
/// they are laid aside in temporary files, with some 200 bytes more than their payloads.
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

    /// In a source that can be split, events are laid aside by whose they are before they are folded:
    /// documents that come and go would cost many times as much as their events.
    async fn fold_source(&mut self, source: Source, to: Position) -> Result<(), Fault> {
        let from = self.reached.position(source.context);
        let mut workers = Workers::new();
        match source.split {
            None => {
                let events = self.read(source, from, to)?;
                workers.spawn(self.worker(source.context, 1).fold_all(events));
            }
            Some(split) => {
                let portions = Arc::new(self.lay_aside(source, split, from, to).await?);
                let count = self.options.workers;
                for _ in 0..count {
                    let worker = self.worker(source.context, count);
                    workers.spawn(worker.fold_portions(Arc::clone(&portions)));
                }
            }
        }
        self.finish(workers).await
    }

    fn read(&self, source: Source, from: Position, to: Position) -> Result<Chunks, Fault> {
        let feed = self.lane.feeds.open(source.context, self.shard, from)?;
        Ok(chunks::of_feed(feed, from, to))
    }

    /// Two stretches of the log are read at the same time, so that the database always has something to
    /// read while what it has read is laid aside.
    async fn lay_aside(
        &self,
        source: Source,
        split: fn(&Recorded) -> u64,
        from: Position,
        to: Position,
    ) -> Result<Portions, Fault> {
        let bounds = [from, Position(from.0.midpoint(to.0)), to];
        let stretches = bounds.windows(2).map(|bounds| self.read(source, bounds[0], bounds[1]));
        let stretches = stretches.collect::<Result<Vec<_>, _>>()?;
        let (events, least) = (to.0 - from.0, self.options.workers as u64);
        let count = events.div_ceil(self.at_once).clamp(least, MOST_PORTIONS);
        Portions::of(stretches, split, count as usize).await
    }

    /// Waits until all are done.
    async fn finish(&mut self, mut workers: Workers) -> Result<(), Fault> {
        let mut written = Written::new();
        while let Some(finished) = workers.join_next().await {
            let (report, ours) =
                finished.map_err(|error| Fault::lasting("folding in a worker", error))??;
            self.report.add(report);
            written.extend(ours);
        }
        self.written.push(Arc::new(written));
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
