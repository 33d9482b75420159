//! Credentials that end by their date are told of beforehand, so that what is still earned is
//! renewed, and again when they have ended.

use async_trait::async_trait;
use northstar_bus::Timed;
use northstar_credentials_domain::award::{Awards, Command};
use northstar_credentials_domain::credential::{self, Moment};
use northstar_eventlog::{AppendError, Cause, Fault, RequestKey, TenantLog};
use northstar_kernel::{CredentialId, Decider as _, Digest, LearnerId, Timestamp};

use crate::awards;
use crate::projection::credential::CredentialDocument;
use crate::projection::due::CourseDue;

const NAME: &str = "credentials.course";
/// Moments looked at in one go; those that are left are looked at the next time.
const PAGE: u32 = 500;

/// Tells what has come.
pub(crate) struct Course;

#[async_trait]
impl Timed for Course {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn due(&self, log: &TenantLog, now: Timestamp) -> Result<usize, Fault> {
        let mut appends = 0;
        for (learner, credential, moment) in come(log, now).await? {
            appends += usize::from(tell(log, learner, credential, moment, now).await?);
        }
        Ok(appends)
    }

    async fn waiting(&self, log: &TenantLog, now: Timestamp) -> Result<u64, Fault> {
        Ok(come(log, now).await?.len() as u64)
    }
}

/// Whose moments have come, of which credential, and when; they stand in the order of time.
async fn come(
    log: &TenantLog,
    now: Timestamp,
) -> Result<Vec<(LearnerId, CredentialId, (Moment, Timestamp))>, Fault> {
    let listed = log.documents::<CourseDue>(&[], None, PAGE).await?;
    let come = listed.into_iter().map_while(|(key, CourseDue(learner))| {
        let (due, moment, credential) = CourseDue::read(&key)?;
        (due <= now).then_some((learner, credential, (moment, due)))
    });
    Ok(come.collect())
}

async fn tell(
    log: &TenantLog,
    learner: LearnerId,
    credential: CredentialId,
    (moment, due): (Moment, Timestamp),
    now: Timestamp,
) -> Result<bool, Fault> {
    let key = CredentialDocument::key(learner, credential);
    let Some(document) = log.document::<CredentialDocument>(&key).await? else { return Ok(false) };
    let claim = document.claim(log.tenant());
    let claim = claim.map_err(|why| Fault::lasting("reading a credential", why))?;
    let loaded = awards::load(log, claim.award).await?;
    let command = Command { claim, what: credential::Command::Remind { at: now } };
    let events = Awards::decide(&loaded.award(), command)
        .map_err(|refusal| Fault::lasting("telling what comes for a credential", refusal))?;
    if events.is_empty() {
        return Ok(false);
    }
    let id = format!("course/{credential}/{moment:?}/{}", due.micros());
    let cause = Cause::clock(NAME, claim.award.uuid(), &id);
    let request = RequestKey { content: Digest::of(id.as_bytes()), id };
    let mut append = loaded.followed_by(events, Some(request), cause);
    append.events.iter_mut().for_each(|event| event.observed_at = Some(now));
    match log.append(append).await {
        Ok(_) => Ok(true),
        // Mastery, or a person, was faster; it is looked at again in a moment.
        Err(AppendError::WrongVersion(_)) => Ok(false),
        Err(AppendError::Fault(fault)) => Err(fault),
        Err(other) => Err(Fault::lasting("telling what comes for a credential", other)),
    }
}
