//! What people decide about credentials.

use northstar_chassis::{Principal, Role, status};
use northstar_credentials_domain::award::{Awards, Command};
use northstar_credentials_domain::credential::{self, Person, Refusal, ReviewWindow};
use northstar_eventlog::{Append, AppendError, Stream, TenantLog, now};
use northstar_kernel::{Decider as _, ExpectedVersion, LearnerId, Timestamp};
use northstar_wire::credentials::v1 as wire;
use tonic::Status;

use super::credentials;
use crate::awards;
use crate::codec::{self, sealed};
use crate::projection::status::ReviewWindowDocument;

/// Times a decision is taken anew because the award moved on meanwhile.
const ATTEMPTS: u32 = 8;
/// Longest reason, in characters.
const LONGEST_REASON: usize = 2_000;

/// What is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Hold,
    Release,
    Revoke,
}

impl What {
    /// Who may: what ends for good is for those who answer for the whole.
    fn roles(self) -> &'static [Role] {
        match self {
            Self::Hold | Self::Release => {
                &[Role::NetworkAdmin, Role::DistrictAdmin, Role::Validator]
            }
            Self::Revoke => &[Role::NetworkAdmin, Role::DistrictAdmin],
        }
    }

    fn command(self, by: Person, at: Timestamp) -> credential::Command {
        match self {
            Self::Hold => credential::Command::Hold { by, at },
            Self::Release => credential::Command::Release { by, at },
            Self::Revoke => {
                credential::Command::Revoke { order: credential::Order::Person(by), at }
            }
        }
    }
}

/// A person's word about a credential.
pub(super) struct Order {
    pub(super) what: What,
    pub(super) credential_id: String,
    pub(super) reason: String,
}

/// Does it, and says whether that changed anything.
pub(super) async fn order(
    principal: &Principal,
    log: &TenantLog,
    Order { what, credential_id, reason }: Order,
) -> Result<bool, Status> {
    principal.require(what.roles())?;
    let (claim, _) = credentials::find(principal, log, &credential_id).await?;
    let reason = sealed_reason(log, claim.learner, &reason).await?;
    if reason.is_empty() {
        return Err(status::refused(&Refusal::NoReason));
    }
    let by = Person { actor: principal.subject().to_owned(), reason };
    let mut attempt = 0;
    loop {
        attempt += 1;
        let loaded = awards::load(log, claim.award).await.map_err(status::fault)?;
        let command = Command { claim, what: what.command(by.clone(), now()) };
        let events = Awards::decide(&loaded.award(), command);
        let events = events.map_err(|refusal| status::refused(&refusal))?;
        if events.is_empty() {
            return Ok(false);
        }
        match log.append(loaded.followed_by(events, None, principal.cause())).await {
            Ok(_) => return Ok(true),
            Err(AppendError::WrongVersion(_)) if attempt < ATTEMPTS => {}
            Err(error) => return Err(status::append_failed(error)),
        }
    }
}

/// A reason as events have it, sealed under the learner's key; empty if none is given.
pub(super) async fn sealed_reason(
    log: &TenantLog,
    learner: LearnerId,
    reason: &str,
) -> Result<String, Status> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Ok(String::new());
    }
    if reason.chars().count() > LONGEST_REASON {
        let wrong = format!("must have at most {LONGEST_REASON} characters");
        return Err(status::invalid("REASON_TOO_LONG", "reason", &wrong));
    }
    let words = log.seal(learner.uuid(), WORDS, reason.as_bytes()).await;
    Ok(sealed::text(&words.map_err(status::fault)?))
}

/// The field that people's words are sealed as.
pub(super) const WORDS: &str = "credential.words";

/// Sets the tenant's review window.
pub(super) async fn set_review_window(
    principal: &Principal,
    log: &TenantLog,
    request: &wire::SetReviewWindowRequest,
) -> Result<wire::SetReviewWindowResponse, Status> {
    principal.require(&[Role::NetworkAdmin, Role::DistrictAdmin])?;
    let window = ReviewWindow::of(request.days).map_err(|refusal| status::refused(&refusal))?;
    let known: Option<ReviewWindowDocument> =
        log.document(ReviewWindowDocument::KEY).await.map_err(status::fault)?;
    if known.unwrap_or_default().days == window.days {
        return Ok(wire::SetReviewWindowResponse { changed: false });
    }
    let append = Append {
        stream: Stream::new("review-window", log.tenant().uuid()),
        expected: ExpectedVersion::Any,
        events: vec![codec::encode(&window.into(), None)],
        request: None,
        cause: principal.cause(),
    };
    log.append(append).await.map_err(status::append_failed)?;
    Ok(wire::SetReviewWindowResponse { changed: true })
}
