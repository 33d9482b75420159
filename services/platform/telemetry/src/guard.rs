//! Delivering what is still waiting when the process ends.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use opentelemetry_sdk::metrics::SdkMeterProvider;

use crate::export::Collector;

/// How long a dropped guard tries to deliver.
const PATIENCE: Duration = Duration::from_secs(5);

/// Telemetry could not be delivered in full at the end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unflushed {
    /// The collector took longer than allowed.
    #[error("the collector did not take the last telemetry within {0:?}")]
    Deadline(Duration),
    /// The collector refused, or could not be reached.
    #[error("the last telemetry was lost: {0}")]
    Lost(String),
}

/// Keeps telemetry running; flushes and ends it when dropped.
pub struct Guard {
    collector: Option<Collector>,
    meters: SdkMeterProvider,
}

impl Guard {
    pub(crate) fn new(collector: Option<Collector>, meters: SdkMeterProvider) -> Self {
        Self { collector, meters }
    }

    /// Delivers what is waiting and ends telemetry, in at most `deadline`.
    ///
    /// It blocks the thread it is called on; in async code call it through `spawn_blocking`, as the
    /// last thing of all.
    ///
    /// # Errors
    ///
    /// [`Unflushed`] when something was not delivered; the process may end all the same.
    pub fn finish(mut self, deadline: Duration) -> Result<(), Unflushed> {
        self.end(deadline)
    }

    fn end(&mut self, deadline: Duration) -> Result<(), Unflushed> {
        let Some(Collector { runtime, tracers, loggers, .. }) = self.collector.take() else {
            return Ok(());
        };
        let meters = self.meters.clone();
        let (sender, done) = mpsc::channel();
        // The exporters' own time limits do not bound a shutdown, so it runs where it can be left.
        thread::spawn(move || {
            let results = [tracers.shutdown(), meters.shutdown(), loggers.shutdown()];
            let lost = results.into_iter().find_map(Result::err);
            // Nobody listens any more once the deadline has passed.
            let _ = sender.send(lost.map(|error| error.to_string()));
        });
        let outcome = match done.recv_timeout(deadline) {
            Ok(None) => Ok(()),
            Ok(Some(error)) => Err(Unflushed::Lost(error)),
            Err(RecvTimeoutError::Timeout) => Err(Unflushed::Deadline(deadline)),
            Err(RecvTimeoutError::Disconnected) => {
                Err(Unflushed::Lost("the shutdown failed".to_owned()))
            }
        };
        drop(runtime);
        outcome
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Err(error) = self.end(PATIENCE) {
            tracing::warn!(%error, "telemetry");
        }
    }
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guard").field("exporting", &self.collector.is_some()).finish()
    }
}
