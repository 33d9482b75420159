//! A batch on its way: planned, written, answered.

use std::pin::Pin;
use std::sync::Arc;

use futures::future::{BoxFuture, FutureExt as _, MaybeDone, maybe_done};
use futures::poll;

use super::inbox::Inbox;
use super::plan::{self, Plan, Planned};
use super::{FEW, ShardWriter, Waiting, gone};
use crate::engine::{Engine, Row, Turn, WriteError};
use crate::{Fault, Recorded};

/// Appends that ride together, and what becomes of each if they are written.
struct Batch {
    waiting: Vec<Waiting>,
    planned: Vec<Planned>,
    events: Vec<Recorded>,
}

/// A batch on its way to the store.
struct Sent {
    batch: Batch,
    write: MaybeDone<BoxFuture<'static, Written>>,
}

type Written = Result<(), WriteError>;

impl ShardWriter {
    /// Commits `waiting`, and then what was asked meanwhile for as long as many ask. Each batch is
    /// planned when the one before it is committed, and sent before that one's callers are answered.
    pub(super) async fn commit_in_row(&mut self, waiting: Vec<Waiting>, inbox: &mut Inbox) {
        let mut next = self.send(waiting).await;
        while let Some(Sent { batch, mut write }) = next.take() {
            (&mut write).await;
            let written = Pin::new(&mut write).take_output();
            let written = written.unwrap_or_else(|| Err(gone().into()));
            if written.is_ok() && batch.is_decided() && inbox.len() >= FEW {
                next = self.send(inbox.gather()).await;
            }
            match self.settle(batch, written) {
                Ok(again) => self.commit(again).await,
                Err((rest, fault)) => fail(rest, fault),
            }
        }
    }

    /// Plans a batch and sends it; `None` if there is nothing to wait for.
    async fn send(&mut self, waiting: Vec<Waiting>) -> Option<Sent> {
        if waiting.is_empty() {
            return None;
        }
        match self.plan(waiting).await {
            Ok((batch, rows)) => {
                let engine = Arc::clone(&self.engine);
                let write = async move { write(engine.as_ref(), rows, None).await };
                let mut write = maybe_done(write.boxed());
                // The first poll is what sends it; it is waited for later.
                _ = poll!(&mut write);
                Some(Sent { batch, write })
            }
            Err((waiting, fault)) => {
                fail(waiting, fault);
                None
            }
        }
    }

    /// One try; returns those that must be planned anew.
    pub(super) async fn attempt(
        &mut self,
        waiting: Vec<Waiting>,
        turn: Option<&Turn>,
    ) -> Result<Vec<Waiting>, (Vec<Waiting>, Fault)> {
        let (batch, rows) = self.plan(waiting).await?;
        let written = write(self.engine.as_ref(), rows, turn).await;
        self.settle(batch, written)
    }

    /// Gives places to what can be written of `waiting`.
    async fn plan(
        &mut self,
        waiting: Vec<Waiting>,
    ) -> Result<(Batch, Vec<Row>), (Vec<Waiting>, Fault)> {
        match plan::plan(&mut self.heads, &waiting).await {
            Ok(Plan { rows, planned }) => {
                let events = rows.iter().map(|row| row.event.clone()).collect();
                Ok((Batch { waiting, planned, events }, rows))
            }
            Err(fault) => {
                // Places may have been given already that will now never be written.
                self.distrust();
                Err((waiting, fault))
            }
        }
    }

    /// Answers those whose place is decided by what became of the write; returns the others.
    fn settle(
        &mut self,
        batch: Batch,
        written: Written,
    ) -> Result<Vec<Waiting>, (Vec<Waiting>, Fault)> {
        let Batch { waiting, planned, events } = batch;
        match written {
            Ok(()) => {
                self.moved(events);
                Ok(answer(waiting, planned))
            }
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
}

impl Batch {
    /// Whether none of it must be planned anew once it is written.
    fn is_decided(&self) -> bool {
        !self.planned.iter().any(|one| matches!(one, Planned::Later))
    }
}

async fn write(engine: &dyn Engine, rows: Vec<Row>, turn: Option<&Turn>) -> Written {
    if rows.is_empty() { Ok(()) } else { engine.write(rows, None, turn).await }
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
pub(super) fn fail(waiting: Vec<Waiting>, fault: Fault) {
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
