//! What a shard's writer is asked, gathered for the next commit.

use tokio::sync::mpsc;

use super::{LaneStep, Request, Waiting};

/// Events in one commit, at most (one append may be larger).
const GATHER_EVENTS: usize = 4_096;
/// Bytes of payload in one commit, at most (one append may be larger).
const GATHER_BYTES: usize = 8 << 20;

/// The next thing to do.
pub(super) enum Asked {
    Appends(Vec<Waiting>),
    Step(LaneStep),
}

/// Requests in the order in which they came.
pub(super) struct Inbox {
    requests: mpsc::Receiver<Request>,
    /// Taken from the others, and the first of them.
    next: Option<Request>,
}

impl Inbox {
    pub(super) fn new(requests: mpsc::Receiver<Request>) -> Self {
        Self { requests, next: None }
    }

    /// How many have asked that were not gathered yet.
    pub(super) fn len(&self) -> usize {
        self.requests.len() + usize::from(self.next.is_some())
    }

    /// What to do next; `None` once nobody can ask any more.
    pub(super) async fn next(&mut self) -> Option<Asked> {
        if self.next.is_none() {
            self.next = Some(self.requests.recv().await?);
        }
        match self.next.take()? {
            Request::Lane(step) => Some(Asked::Step(step)),
            append => {
                self.next = Some(append);
                Some(Asked::Appends(self.gather()))
            }
        }
    }

    /// Appends that ride together: what was asked already, up to a lane's step or a commit's size.
    pub(super) fn gather(&mut self) -> Vec<Waiting> {
        let mut gathered = Vec::new();
        let (mut events, mut bytes) = (0, 0);
        while events < GATHER_EVENTS && bytes < GATHER_BYTES {
            match self.next.take().or_else(|| self.requests.try_recv().ok()) {
                None => break,
                Some(Request::Append(one)) => {
                    events += one.append.append.events.len();
                    bytes +=
                        one.append.append.events.iter().map(|e| e.payload.len()).sum::<usize>();
                    gathered.push(one);
                }
                step => {
                    self.next = step;
                    break;
                }
            }
        }
        gathered
    }
}
