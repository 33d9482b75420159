//! Events on their way to the workers, read ahead.

use northstar_eventlog::{Fault, Recorded};
use northstar_kernel::Position;
use tokio::sync::mpsc;

use super::AHEAD;
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
