//! Retired keys that nothing in use rests on any more are listed no longer.

use async_trait::async_trait;
use northstar_bus::Timed;
use northstar_credentials_domain::issuer_keys::{Command, IssuerKeys, Key, Stage};
use northstar_eventlog::{AppendError, Cause, Fault, TenantLog};
use northstar_kernel::{Decider as _, Timestamp};

use crate::keys;
use crate::projection::issuer::IssuerDocument;
use crate::projection::key_use::KeyUse;

const NAME: &str = "credentials.removal";

/// A key stays listed so long after it retired, whatever rests on it: a hundred days. Caches and
/// consumers that lag need far less; records of several credentials, which are not counted, end
/// within ninety days.
const LISTED_MICROS: i64 = 100 * 24 * 3_600 * 1_000_000;

/// Removes what is due.
pub(crate) struct Removal;

#[async_trait]
impl Timed for Removal {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn due(&self, log: &TenantLog, now: Timestamp) -> Result<usize, Fault> {
        let over = over(log, now).await?;
        if over.is_empty() { Ok(0) } else { remove(log, over).await }
    }

    async fn waiting(&self, log: &TenantLog, now: Timestamp) -> Result<u64, Fault> {
        Ok(over(log, now).await?.len() as u64)
    }
}

/// The removals that are due.
async fn over(log: &TenantLog, now: Timestamp) -> Result<Vec<Command>, Fault> {
    let known: Option<IssuerDocument> = log.document(IssuerDocument::KEY).await?;
    let ring = known.map(|known| known.ring).unwrap_or_default();
    let mut over = Vec::new();
    for key in ring.keys().iter().filter(|key| is_old(key, now)) {
        let used: Option<KeyUse> = log.document(key.name.as_bytes()).await?;
        if let Some(KeyUse { documents: live @ 0 }) = used {
            over.push(Command::Remove { name: key.name.clone(), live, at: now });
        }
    }
    Ok(over)
}

fn is_old(key: &Key, now: Timestamp) -> bool {
    key.stages().last().is_some_and(|(since, stage)| {
        let until = since.micros().saturating_add(LISTED_MICROS);
        *stage == Stage::Retired && until <= now.micros()
    })
}

async fn remove(log: &TenantLog, over: Vec<Command>) -> Result<usize, Fault> {
    let (mut ring, version) = keys::load(log).await?;
    let mut events = Vec::new();
    for command in over {
        let more = IssuerKeys::decide(&ring, command)
            .map_err(|refusal| Fault::lasting("removing a retired key", refusal))?;
        ring = more.iter().fold(ring, IssuerKeys::evolve);
        events.extend(more);
    }
    if events.is_empty() {
        return Ok(0);
    }
    let cause = Cause::clock(NAME, log.tenant().uuid(), &format!("{NAME}/{version:?}"));
    match keys::append(log, version, events, cause).await {
        Ok(()) => Ok(1),
        // Another replica, or a person, was faster; it is looked at again in a moment.
        Err(AppendError::WrongVersion(_)) => Ok(0),
        Err(AppendError::Fault(fault)) => Err(fault),
        Err(other) => Err(Fault::lasting("removing a retired key", other)),
    }
}
