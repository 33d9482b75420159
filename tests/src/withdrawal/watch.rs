//! The status list as everybody fetches it, and when which edition was first there.

use std::time::Duration;

use northstar_eventlog::now;
use northstar_kernel::Timestamp;
use northstar_wire::credentials::v1::{GetStatusListRequest, GetStatusListResponse};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::calls::{Calls, answered};

/// How often it is fetched.
const LOOK: Duration = Duration::from_millis(10);

/// The latest edition of the only list.
pub(super) async fn fetch(calls: &Calls) -> anyhow::Result<GetStatusListResponse> {
    let request = (&calls.credentials, GetStatusListRequest { list: 0 });
    answered(request, |mut to, request| async move { to.get_status_list(request).await }).await
}

/// Fetches the list again and again until it is ended.
pub struct Watch {
    end: tokio::sync::oneshot::Sender<()>,
    watching: JoinHandle<anyhow::Result<Vec<(u64, Timestamp)>>>,
}

impl Watch {
    pub(super) fn start(calls: Calls) -> Self {
        let (end, mut ended) = tokio::sync::oneshot::channel();
        let watching = tokio::spawn(async move {
            let mut seen: Vec<(u64, Timestamp)> = Vec::new();
            while ended.try_recv().is_err() {
                let epoch = fetch(&calls).await?.epoch;
                if seen.last().is_none_or(|(last, _)| epoch > *last) {
                    seen.push((epoch, now()));
                }
                sleep(LOOK).await;
            }
            Ok(seen)
        });
        Self { end, watching }
    }

    /// The editions that were seen, and when each was seen first.
    ///
    /// # Errors
    /// When the list could not be fetched for a minute.
    pub async fn ended(self) -> anyhow::Result<Vec<(u64, Timestamp)>> {
        // If it has ended by itself, it says why.
        let _ended = self.end.send(());
        self.watching.await?
    }
}
