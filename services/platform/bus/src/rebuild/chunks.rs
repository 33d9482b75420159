//! Events on their way to the workers, read ahead.

use std::io;

use northstar_eventlog::{Fault, Recorded};
use northstar_kernel::Position;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::AHEAD;
use super::shelf::{Filled, Shelf};
use crate::feed::Feed;

/// Events in order, some at a time; reading ends when nobody waits for them.
pub(super) type Chunks = mpsc::Receiver<Result<Vec<Recorded>, Fault>>;

/// The events of a feed from after `from` up to and at `to`, which must be there.
pub(super) fn of_feed(mut feed: Box<dyn Feed>, from: Position, to: Position) -> Chunks {
    let (sender, chunks) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let mut reached = from;
        while reached < to {
            let mut chunk = feed.next().await;
            if let Ok(events) = &mut chunk {
                events.truncate(events.partition_point(|event| event.position <= to));
                reached = events.last().map_or(to, |last| last.position);
            }
            let failed = chunk.is_err();
            if sender.send(chunk).await.is_err() || failed {
                return;
            }
        }
    });
    chunks
}

/// The events of a portion.
pub(super) fn of_portion(mut filled: Filled) -> Chunks {
    let (sender, chunks) = mpsc::channel(AHEAD);
    spawn_blocking(move || {
        while let Some(chunk) = filled.next().map_err(failed).transpose() {
            let last = chunk.is_err();
            if sender.blocking_send(chunk).is_err() || last {
                return;
            }
        }
    });
    chunks
}

/// Lays each event aside in its portion, all of them.
pub(super) async fn lay_aside(
    mut events: Chunks,
    portions: usize,
    portion: impl Fn(&Recorded) -> usize + Send + 'static,
) -> Result<Vec<Filled>, Fault> {
    let laying = spawn_blocking(move || {
        let mut shelf = Shelf::new(portions).map_err(failed)?;
        while let Some(chunk) = events.blocking_recv() {
            for event in &chunk? {
                shelf.lay(portion(event), event).map_err(failed)?;
            }
        }
        shelf.filled().map_err(failed)
    });
    laying.await.map_err(|error| Fault::lasting("laying events aside", error))?
}

/// There may be room another time.
fn failed(error: io::Error) -> Fault {
    Fault::passing("laying events aside in a temporary file", error)
}
