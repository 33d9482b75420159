//! A source's events, laid aside by whose documents they touch, and taken by those who fold them.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use northstar_eventlog::{Fault, Recorded};
use tokio::task::spawn_blocking;

use super::chunks::Chunks;
use super::shelf::{Laid, Shelf};

/// Portions of events; no two touch the same document.
pub(super) struct Portions {
    /// One for each stretch of the log, in order.
    shelves: Vec<Shelf>,
    count: usize,
    taken: AtomicUsize,
}

impl Portions {
    /// Divides the events of stretches of a log, all of them, into `count` portions: `split` gives
    /// events that touch the same document the same number. The stretches are read side by side.
    pub(super) async fn of(
        stretches: Vec<Chunks>,
        split: fn(&Recorded) -> u64,
        count: usize,
    ) -> Result<Self, Fault> {
        let laying = |events| spawn_blocking(move || lay_aside(events, split, count));
        let laying: Vec<_> = stretches.into_iter().map(laying).collect();
        let mut shelves = Vec::new();
        for shelf in laying {
            let shelf =
                shelf.await.map_err(|error| Fault::lasting("laying events aside", error))?;
            shelves.push(shelf?);
        }
        Ok(Self { shelves, count, taken: AtomicUsize::new(0) })
    }

    /// A portion that nobody has taken yet; `None` if there is no other.
    ///
    /// # Errors
    /// When what was laid aside cannot be read.
    pub(super) async fn take(self: &Arc<Self>) -> Result<Option<Portion>, Fault> {
        let number = self.taken.fetch_add(1, Ordering::Relaxed);
        if number >= self.count {
            return Ok(None);
        }
        let portions = Arc::clone(self);
        let reading = spawn_blocking(move || {
            let shelves = portions.shelves.iter();
            shelves.map(|shelf| shelf.read(number)).collect::<io::Result<Vec<_>>>()
        });
        let read = reading.await.map_err(|error| Fault::lasting("reading a portion", error))?;
        Ok(Some(Portion(read.map_err(failed)?.into_iter())))
    }
}

fn lay_aside(
    mut events: Chunks,
    split: fn(&Recorded) -> u64,
    count: usize,
) -> Result<Shelf, Fault> {
    let mut shelf = Shelf::new(count).map_err(failed)?;
    while let Some(chunk) = events.blocking_recv() {
        for event in &chunk? {
            // As the numbers go up, so do the portions.
            let portion = (u128::from(split(event)) * count as u128) >> 64;
            shelf.lay(portion as usize, event).map_err(failed)?;
        }
    }
    Ok(shelf)
}

/// The events of one portion that are yet to be folded.
pub(super) struct Portion(std::vec::IntoIter<Laid>);

impl Portion {
    /// The next one, as the log has them; `None` at the end.
    ///
    /// # Errors
    /// When what was laid aside was changed.
    pub(super) fn next(&mut self) -> Result<Option<Recorded>, Fault> {
        while let Some(stretch) = self.0.as_mut_slice().first_mut() {
            if let Some(event) = stretch.next().map_err(failed)? {
                return Ok(Some(event));
            }
            self.0.next();
        }
        Ok(None)
    }
}

/// There may be room another time.
fn failed(error: io::Error) -> Fault {
    Fault::passing("laying events aside in a temporary file", error)
}
