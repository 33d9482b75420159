//! What a service hands to the platform.

use std::sync::Arc;

use async_trait::async_trait;
use northstar_eventlog::{Fault, Malformed, Recorded};

use crate::{Timed, Work};

/// A log that a consumer reads, and how a rebuild may divide it.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// The context whose log it is.
    pub context: &'static str,
    /// Tells which documents an event touches, so that a rebuild can share the work; `None` if any
    /// event may touch any document. Numbers that are spread over all 64 bits, and go up as the keys
    /// of the documents do, make it quickest.
    pub split: Option<fn(&Recorded) -> u64>,
}

impl Source {
    /// A source whose events one worker must fold.
    pub const fn whole(context: &'static str) -> Self {
        Self { context, split: None }
    }

    /// A source whose events may be folded in parallel: two events that touch the same document
    /// give the same number.
    pub const fn split(context: &'static str, by: fn(&Recorded) -> u64) -> Self {
        Self { context, split: Some(by) }
    }
}

/// Why an event could not be handled.
#[derive(Debug, thiserror::Error)]
pub enum HandleError {
    /// The event makes no sense: its stream is parked, visibly, and the others go on.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The machinery failed: the event is tried again.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Answers events: folds them into documents, appends events of its own context, or both.
///
/// The final documents must not depend on how events of *different* sources interleave, nor on how
/// events are batched: a rebuild folds one source after the other, in the order of `sources`.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// Permanent name, `<context>.<what>`; the checkpoint is kept under it.
    fn consumer(&self) -> &'static str;

    /// The logs it reads.
    fn sources(&self) -> &'static [Source];

    /// The nouns of the documents it owns; none for one that only appends, which is never rebuilt.
    fn nouns(&self) -> &'static [&'static str];

    /// Called with events of one source and one tenant that are handled next, in their order: the
    /// place to read together what they will look for one by one. It only saves time, and what it
    /// does not foresee is read when it is asked for. Not called in a rebuild, which knows what it
    /// has written.
    ///
    /// # Errors
    /// When the store fails. Events that make no sense are passed over: they are told of when they
    /// are handled.
    async fn foresee(
        &self,
        _source: &'static str,
        _events: &[&Recorded],
        _work: &mut Work,
    ) -> Result<(), HandleError> {
        Ok(())
    }

    /// Handles one event of a source.
    ///
    /// # Errors
    /// See [`HandleError`].
    async fn handle(
        &self,
        source: &'static str,
        event: &Recorded,
        work: &mut Work,
    ) -> Result<(), HandleError>;

    /// Called for each tenant whose documents changed, before they are written: the place for
    /// what need be computed only once for many events.
    ///
    /// # Errors
    /// See [`HandleError`].
    async fn settle(&self, _work: &mut Work) -> Result<(), HandleError> {
        Ok(())
    }
}

/// A service, built: what it answers and what it handles.
pub struct Context {
    /// The context's name.
    pub name: &'static str,
    /// Its gRPC services.
    pub routes: tonic::service::Routes,
    /// Its consumers.
    pub handlers: Vec<Arc<dyn Handler>>,
    /// What it does because time passes.
    pub timed: Vec<Arc<dyn Timed>>,
}
