//! Who folds.

use std::sync::Arc;

use northstar_eventlog::{Fault, LaneError, Recorded};
use tokio::task::consume_budget;

use super::Report;
use super::chunks::Chunks;
use super::portions::Portions;
use crate::lane::{Lane, settle};
use crate::work::Written;
use crate::{HandleError, Work};

/// What a worker did, and the documents it has written.
pub(super) type Folded = (Report, Written);

/// Folds its share of a source.
pub(super) struct Worker {
    pub(super) lane: Lane,
    pub(super) source: &'static str,
    pub(super) work: Work,
    pub(super) batch_size: usize,
    pub(super) generation: u32,
    pub(super) since_write: usize,
    pub(super) report: Report,
}

impl Worker {
    /// Folds all that comes.
    pub(super) async fn fold_all(mut self, mut events: Chunks) -> Result<Folded, Fault> {
        while let Some(events) = events.recv().await {
            for event in &events? {
                self.fold(event).await?;
            }
        }
        self.write().await?;
        Ok((self.report, self.work.written()))
    }

    /// Folds portions for as long as there are any. No later one touches the documents of those before;
    /// what all of them are read by stays at hand.
    pub(super) async fn fold_portions(mut self, portions: Arc<Portions>) -> Result<Folded, Fault> {
        while let Some(mut portion) = portions.take().await? {
            while let Some(event) = portion.next()? {
                self.fold(&event).await?;
                // Nothing else here waits, and others are at work in this process.
                consume_budget().await;
            }
            self.write().await?;
            self.work.forget_written();
        }
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
