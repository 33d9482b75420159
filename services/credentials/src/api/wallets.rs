//! Wallets: a learner's credentials are offered to them, and they are listed and shut out.

use northstar_chassis::{Principal, Role, status};
use northstar_credentials_domain::wallet::{
    CONSENT_MICROS, Command, Consent, OFFER_MICROS, Offer, Refusal, State,
};
use northstar_eventlog::{TenantLog, now};
use northstar_kernel::{LearnerId, Timestamp, WalletId};
use northstar_wire::credentials::v1 as wire;
use tonic::Status;

use super::refusal::Absent;
use crate::codec::field::moment;
use crate::links::code::Code;
use crate::projection::credential::CredentialDocument;
use crate::projection::wallet::OfferedTo;
use crate::wallets::{self, NotDone};

/// Who stands beside a learner, besides who speaks for them: pupils without a device of their own
/// are helped by a teacher.
const ROLES: [Role; 5] =
    [Role::Learner, Role::Guardian, Role::Teacher, Role::NetworkAdmin, Role::DistrictAdmin];

/// Who decides about what was offered.
const DECIDE: [Role; 4] = [Role::Learner, Role::Guardian, Role::NetworkAdmin, Role::DistrictAdmin];
/// Wallets of one learner that are listed.
const MOST: u32 = 1_000;

/// Offers them; the code is told this once.
pub(super) async fn offer(
    principal: &Principal,
    log: &TenantLog,
    request: &wire::OfferToWalletRequest,
) -> Result<wire::OfferToWalletResponse, Status> {
    principal.require(&ROLES)?;
    let invalid = |_| status::invalid("LEARNER_ID_INVALID", "learner_id", "must be a UUID");
    let learner: LearnerId = request.learner_id.parse().map_err(invalid)?;
    principal.may_see(learner)?;
    known(log, learner).await?;
    let (code, at) = (Code::random(), now());
    let id = code.wallet(log.tenant());
    let (digest, by) = (code.digest(log.tenant()), principal.subject().to_owned());
    let offer = Command::Offer(Offer { id, learner, code: digest, by, at });
    match wallets::decide(log, id, offer, principal.cause()).await {
        Ok(_) => {
            let until = Timestamp::from_micros(at.micros() + OFFER_MICROS);
            Ok(wire::OfferToWalletResponse { code: code.text(), until: Some(moment(until)) })
        }
        Err(NotDone::Refused(refusal)) => Err(status::refused(&refusal)),
        Err(NotDone::Fault(fault)) => Err(status::fault(fault)),
    }
}

/// Lists the wallets that were let in.
pub(super) async fn list(
    principal: &Principal,
    log: &TenantLog,
    request: &wire::ListWalletsRequest,
) -> Result<wire::ListWalletsResponse, Status> {
    principal.require(&DECIDE)?;
    let invalid = |_| status::invalid("LEARNER_ID_INVALID", "learner_id", "must be a UUID");
    let learner: LearnerId = request.learner_id.parse().map_err(invalid)?;
    principal.may_see(learner)?;
    known(log, learner).await?;
    let offered = log.documents::<OfferedTo>(learner.as_bytes(), None, MOST).await;
    let mut wallets = Vec::new();
    for (key, OfferedTo) in offered.map_err(status::fault)? {
        let id = OfferedTo::wallet(&key);
        let (state, _) = wallets::load(log, id).await.map_err(status::fault)?;
        let Some(consent) = &state.consent else { continue };
        let client = wallets::client(log, consent.client).await.map_err(status::fault)?;
        let (program, host) = client.map(|client| (client.name, client.host)).unwrap_or_default();
        wallets.push((consent.at, wire::Wallet { program, host, ..shown(&state, consent) }));
    }
    wallets.sort_by_key(|(at, _)| *at);
    let wallets = wallets.into_iter().map(|(_, wallet)| wallet).collect();
    Ok(wire::ListWalletsResponse { wallets })
}

fn shown(state: &State, consent: &Consent) -> wire::Wallet {
    let until = Timestamp::from_micros(consent.at.micros().saturating_add(CONSENT_MICROS));
    wire::Wallet {
        wallet_id: consent.wallet.to_string(),
        scopes: consent.scopes.iter().map(|scope| scope.name().to_owned()).collect(),
        actor: state.offer.as_ref().map(|offer| offer.by.clone()).unwrap_or_default(),
        at: Some(moment(consent.at)),
        until: Some(moment(until)),
        ended: state.ended,
        ..wire::Wallet::default()
    }
}

/// Shuts a wallet out.
pub(super) async fn withdraw(
    principal: &Principal,
    log: &TenantLog,
    request: &wire::WithdrawWalletRequest,
) -> Result<wire::WithdrawWalletResponse, Status> {
    principal.require(&DECIDE)?;
    let invalid = |_| status::invalid("WALLET_ID_INVALID", "wallet_id", "must be a UUID");
    let id: WalletId = request.wallet_id.parse().map_err(invalid)?;
    let (state, _) = wallets::load(log, id).await.map_err(status::fault)?;
    let absent = || status::refused(&Refusal::NotFound);
    let learner = state.offer.map(|offer| offer.learner).ok_or_else(absent)?;
    principal.may_see(learner).map_err(|_| absent())?;
    let command = Command::Withdraw { by: principal.subject().to_owned(), at: now() };
    match wallets::decide(log, id, command, principal.cause()).await {
        Ok(events) => Ok(wire::WithdrawWalletResponse { changed: !events.is_empty() }),
        Err(NotDone::Refused(refusal)) => Err(status::refused(&refusal)),
        Err(NotDone::Fault(fault)) => Err(status::fault(fault)),
    }
}

/// Whether the learner has anything here that a wallet could be let in to.
async fn known(log: &TenantLog, learner: LearnerId) -> Result<(), Status> {
    let held = log.documents::<CredentialDocument>(learner.as_bytes(), None, 1).await;
    match held.map_err(status::fault)?.is_empty() {
        true => Err(status::refused(&Absent::Credential)),
        false => Ok(()),
    }
}
