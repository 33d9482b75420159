//! How a server takes leave.

use tokio::sync::watch;

/// How far the leave-taking has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// Not begun.
    Serving,
    /// No new calls; the old ones go on.
    Draining,
    /// The old ones are ended too.
    Ending,
}

pub(super) async fn reached(mut phase: watch::Receiver<Phase>, wanted: Phase) {
    // An error means that the server is gone, and every phase with it.
    let _ = phase.wait_for(|phase| *phase >= wanted).await;
}

/// How a drain ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drained {
    /// Every call came to its own end.
    InTime,
    /// The deadline came first and this many calls were answered `UNAVAILABLE`.
    Cut {
        /// How many were still in flight.
        calls: usize,
    },
}

/// Lets a handler notice that the server wants to stop.
///
/// A stream that would go on for ever should end itself then, with a status that tells its caller
/// to resume elsewhere; if it does not, it is ended at the deadline.
#[derive(Debug, Clone)]
pub struct Draining {
    phase: Option<watch::Receiver<Phase>>,
}

impl Draining {
    pub(super) fn new(phase: watch::Receiver<Phase>) -> Self {
        Self { phase: Some(phase) }
    }

    /// The drain of the server that serves `request`; one that never begins if there is none, as in
    /// a handler's own test.
    pub fn of<T>(request: &tonic::Request<T>) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or(Self { phase: None })
    }

    /// Waits until the server wants to stop.
    pub async fn begun(&self) {
        match &self.phase {
            Some(phase) => reached(phase.clone(), Phase::Draining).await,
            None => std::future::pending().await,
        }
    }
}
