//! What comes with time, made events: whatever the due list has up to now is told to the log.

use async_trait::async_trait;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use northstar_bus::Timed;
use northstar_eventlog::{Append, AppendError, Cause, Fault, Malformed, RequestKey, TenantLog};
use northstar_kernel::{Digest, ExpectedVersion, Timestamp};

use crate::codec::{Event, LevelDue};
use crate::projection::{Due, LevelKey};

const NAME: &str = "mastery.due";
/// Entries of the due list read at a time.
const PAGE: u32 = 500;
/// Appends in flight.
const TOGETHER: usize = 64;

/// Appends a `level_due` for each level whose instant has come.
///
/// The request key names level and instant, so that it is told once however many replicas do this,
/// and however often, until the consumer has taken it off the list.
pub(crate) struct DueList;

#[async_trait]
impl Timed for DueList {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn due(&self, log: &TenantLog, now: Timestamp) -> Result<usize, Fault> {
        let mut appends = 0;
        let mut after: Option<Vec<u8>> = None;
        loop {
            let due = listed(log, after.as_deref(), now).await?;
            let further = due.len() == PAGE as usize;
            after = due.last().map(|(at, key)| Due::key(*at, *key));
            appends += due.len();
            let telling = stream::iter(due).map(|(at, key)| tell(log, key, at));
            telling.buffer_unordered(TOGETHER).try_collect::<()>().await?;
            if !further {
                return Ok(appends);
            }
        }
    }

    async fn waiting(&self, log: &TenantLog, now: Timestamp) -> Result<u64, Fault> {
        Ok(listed(log, None, now).await?.len() as u64)
    }
}

/// What of the list's next page is due.
async fn listed(
    log: &TenantLog,
    after: Option<&[u8]>,
    now: Timestamp,
) -> Result<Vec<(Timestamp, LevelKey)>, Fault> {
    let page = log.documents::<Due>(&[], after, PAGE).await?;
    let keys = page.iter().map(|(key, _)| Due::read(key));
    let all = keys.collect::<Result<Vec<_>, Malformed>>();
    let all = all.map_err(|why| Fault::lasting("reading the due list", why))?;
    // They stand in the order of time.
    Ok(all.into_iter().take_while(|(at, _)| *at <= now).collect())
}

async fn tell(log: &TenantLog, key: LevelKey, at: Timestamp) -> Result<(), Fault> {
    let stream = key.stream();
    let id = format!("due/{stream}/{}", at.micros());
    let cause = Cause::clock(NAME, key.learner.uuid(), &id);
    let append = Append {
        stream,
        expected: ExpectedVersion::Any,
        events: vec![Event::LevelDue(LevelDue { key, at }).write(Some(at))],
        request: Some(RequestKey { content: Digest::of(id.as_bytes()), id }),
        cause,
    };
    match log.append(append).await {
        Ok(_) => Ok(()),
        Err(AppendError::Fault(fault)) => Err(fault),
        Err(other) => Err(Fault::lasting("telling what is due", other)),
    }
}
