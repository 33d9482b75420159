//! Who folds.

use northstar_eventlog::{Fault, LaneError, Recorded};

use super::Report;
use super::chunks::Chunks;
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
    /// Folds portion after portion. What it needs to know for all of them stays at hand.
    pub(super) async fn run(
        mut self,
        portions: impl IntoIterator<Item = Chunks>,
    ) -> Result<Folded, Fault> {
        for mut portion in portions {
            while let Some(events) = portion.recv().await {
                for event in &events? {
                    self.fold(event).await?;
                }
            }
            self.write().await?;
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
