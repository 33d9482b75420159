//! Keys follow one another because time passes: the next one is published when the one in use has
//! signed for long enough, and signs a day later.

use std::sync::Arc;

use async_trait::async_trait;
use northstar_bus::Timed;
use northstar_credentials_domain::issuer_keys::{Command, IssuerKeys, Turn};
use northstar_eventlog::{AppendError, Cause, Fault, TenantLog};
use northstar_kernel::{Decider as _, Timestamp};

use crate::keys;
use crate::projection::issuer::IssuerDocument;
use crate::secrets::Vault;

const NAME: &str = "credentials.keys";

/// Takes the turns that are due.
pub(crate) struct Rotation {
    /// Where private keys are.
    pub(crate) vault: Arc<Vault>,
    /// How long a key signs, in microseconds.
    pub(crate) life_micros: i64,
}

#[async_trait]
impl Timed for Rotation {
    fn name(&self) -> &'static str {
        NAME
    }

    /// What the projection has tells whether to look at all; what the log has decides.
    async fn due(&self, log: &TenantLog, now: Timestamp) -> Result<usize, Fault> {
        if self.waiting(log, now).await? > 0 { self.turn(log, now).await } else { Ok(0) }
    }

    async fn waiting(&self, log: &TenantLog, now: Timestamp) -> Result<u64, Fault> {
        let known: Option<IssuerDocument> = log.document(IssuerDocument::KEY).await?;
        Ok(known.map_or(0, |known| known.ring.turns(now, self.life_micros).len() as u64))
    }
}

impl Rotation {
    async fn turn(&self, log: &TenantLog, now: Timestamp) -> Result<usize, Fault> {
        let (before, version) = keys::load(log).await?;
        let (mut ring, mut events) = (before.clone(), Vec::new());
        for turn in before.turns(now, self.life_micros) {
            let command = match turn {
                Turn::Activate(name) => Command::Activate { name, at: now },
                Turn::Succeed(algorithm, purpose) => {
                    keys::next(&self.vault, log, &ring, (algorithm, purpose), now).await?
                }
            };
            let more = IssuerKeys::decide(&ring, command)
                .map_err(|refusal| Fault::lasting("turning to the next key", refusal))?;
            ring = more.iter().fold(ring, IssuerKeys::evolve);
            events.extend(more);
        }
        if events.is_empty() {
            return Ok(0);
        }
        let id = format!("{NAME}/{version:?}");
        let cause = Cause::clock(NAME, log.tenant().uuid(), &id);
        match keys::append(log, version, events, cause).await {
            Ok(()) => Ok(1),
            // Another replica, or a person, was faster; it is looked at again in a moment.
            Err(AppendError::WrongVersion(_)) => Ok(0),
            Err(AppendError::Fault(fault)) => Err(fault),
            Err(other) => Err(Fault::lasting("turning to the next key", other)),
        }
    }
}
