//! Serves a log to other contexts: what `ReadLog` answers with.

use futures::Stream;
use futures::stream::try_unfold;
use northstar_eventlog::{Fault, Log, Recorded};
use northstar_kernel::{Position, Shard};
use northstar_wire::platform::v1::ReadLogResponse;

use crate::wire::to_wire;

/// Events read from the store at once.
const PAGE: u64 = 1_000;
/// Payload bytes in one response, at most, unless one event alone is larger.
const RESPONSE_BYTES: usize = 1 << 20;

/// The events of `shard` after a position that are there now, at most `limit` (0: all), in
/// responses of bounded size. Nothing is read before it is asked for.
///
/// # Errors
/// The stream ends with a fault when the store fails.
pub fn pages(
    log: Log,
    shard: Shard,
    after: Position,
    limit: u64,
) -> impl Stream<Item = Result<ReadLogResponse, Fault>> + Send + use<> {
    let limit = if limit == 0 { u64::MAX } else { limit };
    let reader = Reader { log, shard, after, left: limit, to: None, read: Vec::new().into_iter() };
    try_unfold(reader, |mut reader| async move {
        let response = reader.response().await?;
        Ok(response.map(|response| (response, reader)))
    })
}

struct Reader {
    log: Log,
    shard: Shard,
    after: Position,
    left: u64,
    /// The head when the reading began: what comes later is not ours.
    to: Option<Position>,
    read: std::vec::IntoIter<Recorded>,
}

impl Reader {
    async fn response(&mut self) -> Result<Option<ReadLogResponse>, Fault> {
        if self.read.as_slice().is_empty() {
            self.fill().await?;
        }
        let mut bytes = 0;
        let mut events = Vec::new();
        while let Some(next) = self.read.as_slice().first() {
            bytes += next.payload.len();
            if bytes > RESPONSE_BYTES && !events.is_empty() {
                break;
            }
            events.extend(self.read.next().as_ref().map(to_wire));
        }
        Ok((!events.is_empty()).then_some(ReadLogResponse { events }))
    }

    async fn fill(&mut self) -> Result<(), Fault> {
        let to = match self.to {
            Some(to) => to,
            None => *self.to.insert(self.log.head(self.shard).await?),
        };
        let there = to.0.saturating_sub(self.after.0);
        let limit = there.min(self.left).min(PAGE);
        if limit == 0 {
            return Ok(());
        }
        let events = self.log.scan(self.shard, self.after, limit as u32).await?;
        self.left -= events.len() as u64;
        self.after = events.last().map_or(self.after, |last| last.position);
        self.read = events.into_iter();
        Ok(())
    }
}
