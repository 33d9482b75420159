//! Has a credential issued that is earned now.

use northstar_bus::HandleError;
use northstar_chassis::{Principal, Role, status};
use northstar_credentials_domain::award::{self, Asked, Awards, Claim, Command};
use northstar_credentials_domain::credential::{self, Person};
use northstar_credentials_domain::criteria::Missing;
use northstar_eventlog::{AppendError, Fault, TenantLog, now};
use northstar_kernel::{AchievementId, Decider as _, Kind, LearnerId, Refusal, Violation};
use northstar_wire::credentials::v1 as wire;
use tonic::Status;

use super::{achievements, orders};
use crate::awards;
use crate::merit::{Merit, Stored};
use crate::secrets::Vault;

/// Times a decision is taken anew because the award moved on meanwhile.
const ATTEMPTS: u32 = 8;

/// The criteria are not met; what is missing, one by one.
#[derive(Debug, thiserror::Error)]
#[error("the learner has not earned the achievement: {} missing", counted(.0.len()))]
struct NotEarned(Vec<Missing>);

fn counted(things: usize) -> String {
    match things {
        1 => "one thing is".to_owned(),
        more => format!("{more} things are"),
    }
}

impl Refusal for NotEarned {
    fn reason(&self) -> &'static str {
        "CREDENTIAL_NOT_EARNED"
    }

    fn kind(&self) -> Kind {
        Kind::Precondition
    }

    fn violations(&self) -> Vec<Violation> {
        self.0.iter().map(|missing| Violation::new("achievement_id", told(missing))).collect()
    }
}

/// What is missing, in a sentence.
fn told(missing: &Missing) -> String {
    match missing {
        Missing::Level { competency, needed, held } if held.at_mastery => format!(
            "needs mastery of competency {competency} at level {needed}; it is held at level {}",
            held.level
        ),
        Missing::Level { competency, needed, .. } => {
            format!("needs mastery of competency {competency} at level {needed}; none is held")
        }
        Missing::Achievement(id) => format!("needs a credential that holds for achievement {id}"),
        Missing::Fact { name, needed, held } => {
            format!("needs the fact {name} {needed} times; it is stated {held} times")
        }
        Missing::All(_) | Missing::Some { .. } => "needs several things".to_owned(),
    }
}

/// Asks for one, unless there is one already or it is not earned.
pub(super) async fn issue(
    principal: &Principal,
    vault: &Vault,
    log: &TenantLog,
    request: &wire::IssueCredentialRequest,
) -> Result<wire::IssueCredentialResponse, Status> {
    principal.require(&[Role::NetworkAdmin, Role::DistrictAdmin])?;
    let invalid = |field| move |_| status::invalid("ID_INVALID", field, "must be a UUID");
    let learner: LearnerId = request.learner_id.parse().map_err(invalid("learner_id"))?;
    let achievement: AchievementId =
        request.achievement_id.parse().map_err(invalid("achievement_id"))?;
    principal.may_see(learner)?;
    let document = achievements::find(log, achievement).await?;
    let merit = Merit::of(log.tenant(), learner, document, &mut Stored(log)).await;
    let missing = merit.map_err(failed)?.missing();
    if !missing.is_empty() {
        return Err(status::refused(&NotEarned(missing)));
    }
    let reason = orders::sealed_reason(log, learner, &request.reason).await?;
    let by = Person { actor: principal.subject().to_owned(), reason };
    let award = award::id_of(log.tenant(), learner, achievement);
    let mut attempt = 0;
    loop {
        attempt += 1;
        let loaded = awards::load(log, award).await.map_err(status::fault)?;
        let state = loaded.award();
        let ordinal = match state.asked() {
            Asked::Known(claim) => return Ok(answer(claim, false)),
            Asked::New { ordinal } => ordinal,
        };
        let pseudonyms = vault.pseudonyms(log).await.map_err(status::fault)?;
        let credential = pseudonyms.credential(award, ordinal).map_err(status::fault)?;
        let claim = Claim { credential, award, learner };
        let what = credential::Command::Request { achievement, by: by.clone(), at: now() };
        let events = Awards::decide(&state, Command { claim, what });
        let events = events.map_err(|refusal| status::refused(&refusal))?;
        match log.append(loaded.followed_by(events, None, principal.cause())).await {
            Ok(_) => return Ok(answer(claim, true)),
            Err(AppendError::WrongVersion(_)) if attempt < ATTEMPTS => {}
            Err(error) => return Err(status::append_failed(error)),
        }
    }
}

fn answer(claim: Claim, requested: bool) -> wire::IssueCredentialResponse {
    wire::IssueCredentialResponse { credential_id: claim.credential.to_string(), requested }
}

fn failed(error: HandleError) -> Status {
    status::fault(match error {
        HandleError::Fault(fault) => fault,
        HandleError::Malformed(malformed) => Fault::lasting("reading what is held", malformed),
    })
}
