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
        for (learner, review) in over(log, now).await? {
            appends += usize::from(close(log, learner, review, now).await?);
        }
        Ok(appends)
    }

    async fn waiting(&self, log: &TenantLog, now: Timestamp) -> Result<u64, Fault> {
        Ok(over(log, now).await?.len() as u64)
    }
}

/// The reviews whose time is over, of what, and when that was; they stand in the order of time.
async fn over(
    log: &TenantLog,
    now: Timestamp,
) -> Result<Vec<(LearnerId, (CredentialId, Timestamp))>, Fault> {
    let listed = log.documents::<ReviewDue>(&[], None, PAGE).await?;
    let over = listed.into_iter().map_while(|(key, ReviewDue(learner))| {
        let (until, credential) = ReviewDue::read(&key)?;
        (until <= now).then_some((learner, (credential, until)))
    });
    Ok(over.collect())
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
