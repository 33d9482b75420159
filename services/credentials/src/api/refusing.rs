//! What several requests have in common: texts in people's words, request ids, ids.

use northstar_chassis::status;
use northstar_credentials_domain::credential::Refusal;
use northstar_eventlog::TenantLog;
use northstar_kernel::{CredentialId, LearnerId};
use tonic::Status;
use uuid::Uuid;

use crate::codec::sealed;

/// Longest text in people's words, in characters.
const LONGEST_WORDS: usize = 2_000;
/// Longest request id, in characters.
const LONGEST_REQUEST_ID: usize = 200;

/// Words that must be there.
pub(super) fn words<'w>(field: &str, words: &'w str) -> Result<&'w str, Status> {
    let words = words.trim();
    if words.is_empty() && field == "reason" {
        return Err(status::refused(&Refusal::NoReason));
    }
    if words.is_empty() {
        return Err(status::invalid("WORDS_MISSING", field, "must say something"));
    }
    if words.chars().count() > LONGEST_WORDS {
        let wrong = format!("must have at most {LONGEST_WORDS} characters");
        return Err(status::invalid("WORDS_TOO_LONG", field, &wrong));
    }
    Ok(words)
}

/// Words as events have them: under the key of whoever they are about.
pub(super) async fn seal(
    log: &TenantLog,
    subject: Uuid,
    field: &'static str,
    words: &str,
) -> Result<String, Status> {
    let sealed = log.seal(subject, field, words.as_bytes()).await.map_err(status::fault)?;
    Ok(sealed::text(&sealed))
}

/// What [`seal`] sealed; empty if the key was destroyed.
pub(super) async fn opened(
    log: &TenantLog,
    subject: Uuid,
    field: &'static str,
    text: &str,
) -> Result<String, Status> {
    let Some(sealed) = sealed::opened(text) else { return Ok(String::new()) };
    let words = log.open(subject, field, &sealed).await.map_err(status::fault)?;
    Ok(String::from_utf8_lossy(&words.unwrap_or_default()).into_owned())
}

/// A request id that must be there.
pub(super) fn request_id(id: &str) -> Result<&str, Status> {
    let sound = !id.is_empty() && !id.chars().any(char::is_control);
    if sound && id.chars().count() <= LONGEST_REQUEST_ID {
        return Ok(id);
    }
    let wrong = format!("must be a text of 1 to {LONGEST_REQUEST_ID} characters that print");
    Err(status::invalid("REQUEST_ID_INVALID", "request_id", &wrong))
}

/// A learner's id.
pub(super) fn learner(text: &str) -> Result<LearnerId, Status> {
    text.parse().map_err(|_| status::invalid("LEARNER_ID_INVALID", "learner_id", "must be a UUID"))
}

/// The id of something signed.
pub(super) fn signed_id(
    reason: &'static str,
    field: &str,
    text: &str,
) -> Result<CredentialId, Status> {
    text.parse().map_err(|_| status::invalid(reason, field, "must be a UUID"))
}
