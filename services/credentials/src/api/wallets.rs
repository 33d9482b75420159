//! Offering a learner's credentials to a wallet.

use northstar_chassis::{Principal, Role, status};
use northstar_credentials_domain::wallet::{Command, OFFER_MICROS, Offer};
use northstar_eventlog::{TenantLog, now};
use northstar_kernel::{LearnerId, Timestamp};
use northstar_wire::credentials::v1 as wire;
use tonic::Status;

use super::refusal::Absent;
use crate::codec::field::moment;
use crate::links::code::Code;
use crate::projection::credential::CredentialDocument;
use crate::wallets::{self, NotDone};

/// Who stands beside a learner, besides who speaks for them: pupils without a device of their own
/// are helped by a teacher.
const ROLES: [Role; 5] =
    [Role::Learner, Role::Guardian, Role::Teacher, Role::NetworkAdmin, Role::DistrictAdmin];

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
    let held = log.documents::<CredentialDocument>(learner.as_bytes(), None, 1).await;
    if held.map_err(status::fault)?.is_empty() {
        return Err(status::refused(&Absent::Credential));
    }
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
