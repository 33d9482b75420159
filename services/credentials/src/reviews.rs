//! Reviews whose time is over end, and the credentials with them.

use async_trait::async_trait;
use northstar_bus::Timed;
use northstar_credentials_domain::award::{Awards, Command};
use northstar_credentials_domain::credential;
use northstar_eventlog::{AppendError, Cause, Fault, RequestKey, TenantLog};
use northstar_kernel::{CredentialId, Decider as _, Digest, LearnerId, Timestamp};

use crate::awards;
use crate::projection::credential::{CredentialDocument, ReviewDue};

const NAME: &str = "credentials.reviews";
/// Reviews looked at in one go; those that are left are looked at the next time.
const PAGE: u32 = 500;

/// Ends what is due.
pub(crate) struct Reviews;

#[async_trait]
impl Timed for Reviews {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn due(&self, log: &TenantLog, now: Timestamp) -> Result<usize, Fault> {
        let mut appends = 0;
        for (key, ReviewDue(learner)) in log.documents::<ReviewDue>(&[], None, PAGE).await? {
            match ReviewDue::read(&key) {
                Some((until, id)) if until <= now => {
                    appends += usize::from(close(log, learner, (id, until), now).await?);
                }
                // They stand in the order of time.
                _ => break,
            }
        }
        Ok(appends)
    }
}

async fn close(
    log: &TenantLog,
    learner: LearnerId,
    (credential, until): (CredentialId, Timestamp),
    now: Timestamp,
) -> Result<bool, Fault> {
    let key = CredentialDocument::key(learner, credential);
    let Some(document) = log.document::<CredentialDocument>(&key).await? else { return Ok(false) };
    let claim = document.claim(log.tenant());
    let claim = claim.map_err(|why| Fault::lasting("reading a credential", why))?;
    let loaded = awards::load(log, claim.award).await?;
    let command = Command { claim, what: credential::Command::CloseReview { at: now } };
    let events = Awards::decide(&loaded.award(), command)
        .map_err(|refusal| Fault::lasting("closing a review", refusal))?;
    if events.is_empty() {
        return Ok(false);
    }
    let id = format!("review/{credential}/{}", until.micros());
    let cause = Cause::clock(NAME, claim.award.uuid(), &id);
    let request = RequestKey { content: Digest::of(id.as_bytes()), id };
    match log.append(loaded.followed_by(events, Some(request), cause)).await {
        Ok(_) => Ok(true),
        // Mastery, or a person, was faster; it is looked at again in a moment.
        Err(AppendError::WrongVersion(_)) => Ok(false),
        Err(AppendError::Fault(fault)) => Err(fault),
        Err(other) => Err(Fault::lasting("closing a review", other)),
    }
}
