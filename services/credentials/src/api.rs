//! gRPC in. Each call is done in the room of its noun.

mod achievements;
pub(crate) mod credentials;
mod crowd;
mod deciding;
mod definition;
mod disclosures;
mod ending;
mod endorsements;
mod facts;
mod imports;
pub(crate) mod issuers;
mod issuing;
mod orders;
pub(crate) mod questions;
mod records;
mod refusal;
mod refusing;
pub(crate) mod revocations;
pub(crate) mod shares;
mod taking_in;
pub(crate) mod verification;
mod wallets;

use northstar_chassis::Principal;
use northstar_credentials_domain::issuer_keys::Algorithm;
use northstar_eventlog::{Log, TenantLog};
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService;
use tonic::{Request, Response, Status};

use crate::TokenAlgorithm;
use crate::secrets::Vault;
use crate::standard::did_web::Host;

use orders::{Order, What};

/// The credentials service as gRPC has it.
pub struct Api {
    log: Log,
    host: Host,
    vault: Vault,
    token_algorithm: Algorithm,
}

impl Api {
    /// Over a log, for a deployment whose DID documents are at `host`.
    pub fn new(log: Log, host: Host) -> Self {
        let token_algorithm = TokenAlgorithm::default().into();
        Self { log, host, vault: Vault::default(), token_algorithm }
    }

    /// The same, its tokens signed by this.
    #[must_use]
    pub fn with_tokens_by(self, token_algorithm: Algorithm) -> Self {
        Self { token_algorithm, ..self }
    }

    /// Who calls, and the part of the log that is theirs.
    fn enter<T>(&self, request: Request<T>) -> Result<(Principal, TenantLog, T), Status> {
        let principal = Principal::of(&request)?;
        let log = self.log.tenant(&principal.scope()?);
        Ok((principal, log, request.into_inner()))
    }
}

#[tonic::async_trait]
impl CredentialsService for Api {
    async fn define_achievement(
        &self,
        request: Request<wire::DefineAchievementRequest>,
    ) -> Result<Response<wire::DefineAchievementResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        achievements::define(&principal, &log, request).await.map(Response::new)
    }

    async fn list_achievements(
        &self,
        request: Request<wire::ListAchievementsRequest>,
    ) -> Result<Response<wire::ListAchievementsResponse>, Status> {
        let (_, log, _) = self.enter(request)?;
        achievements::list(&log).await.map(Response::new)
    }

    async fn get_credential(
        &self,
        request: Request<wire::GetCredentialRequest>,
    ) -> Result<Response<wire::GetCredentialResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        credentials::get(&principal, &log, &request).await.map(Response::new)
    }

    async fn list_credentials(
        &self,
        request: Request<wire::ListCredentialsRequest>,
    ) -> Result<Response<wire::ListCredentialsResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        credentials::list(&principal, &log, &request).await.map(Response::new)
    }

    async fn verify_credential(
        &self,
        request: Request<wire::VerifyCredentialRequest>,
    ) -> Result<Response<wire::VerifyCredentialResponse>, Status> {
        let (_, log, request) = self.enter(request)?;
        verification::verify(&self.host, &log, &request).await.map(Response::new)
    }

    async fn get_issuer(
        &self,
        request: Request<wire::GetIssuerRequest>,
    ) -> Result<Response<wire::GetIssuerResponse>, Status> {
        let (_, log, _) = self.enter(request)?;
        issuers::get(&self.host, &log).await.map(Response::new)
    }

    async fn rotate_issuer_key(
        &self,
        request: Request<wire::RotateIssuerKeyRequest>,
    ) -> Result<Response<wire::RotateIssuerKeyResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        issuers::rotate(&principal, &self.vault, &log, &request).await.map(Response::new)
    }

    async fn compromise_issuer_key(
        &self,
        request: Request<wire::CompromiseIssuerKeyRequest>,
    ) -> Result<Response<wire::CompromiseIssuerKeyResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        issuers::compromise(&principal, &log, &request).await.map(Response::new)
    }

    async fn hold_credential(
        &self,
        request: Request<wire::HoldCredentialRequest>,
    ) -> Result<Response<wire::HoldCredentialResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        let wire::HoldCredentialRequest { credential_id, reason } = request;
        let order = Order { what: What::Hold, credential_id, reason };
        let changed = orders::order(&principal, &log, order).await?;
        Ok(Response::new(wire::HoldCredentialResponse { changed }))
    }

    async fn release_credential(
        &self,
        request: Request<wire::ReleaseCredentialRequest>,
    ) -> Result<Response<wire::ReleaseCredentialResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        let wire::ReleaseCredentialRequest { credential_id, reason } = request;
        let order = Order { what: What::Release, credential_id, reason };
        let changed = orders::order(&principal, &log, order).await?;
        Ok(Response::new(wire::ReleaseCredentialResponse { changed }))
    }

    async fn revoke_credential(
        &self,
        request: Request<wire::RevokeCredentialRequest>,
    ) -> Result<Response<wire::RevokeCredentialResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        let wire::RevokeCredentialRequest { credential_id, reason } = request;
        let order = Order { what: What::Revoke, credential_id, reason };
        let changed = orders::order(&principal, &log, order).await?;
        Ok(Response::new(wire::RevokeCredentialResponse { changed }))
    }

    async fn explain_credential(
        &self,
        request: Request<wire::ExplainCredentialRequest>,
    ) -> Result<Response<wire::ExplainCredentialResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        questions::explain(&principal, &log, &request).await.map(Response::new)
    }

    async fn list_credentials_by_evidence(
        &self,
        request: Request<wire::ListCredentialsByEvidenceRequest>,
    ) -> Result<Response<wire::ListCredentialsByEvidenceResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        questions::resting_on(&principal, &log, &request).await.map(Response::new)
    }

    async fn get_status_list(
        &self,
        request: Request<wire::GetStatusListRequest>,
    ) -> Result<Response<wire::GetStatusListResponse>, Status> {
        let (_, log, request) = self.enter(request)?;
        questions::status_list(&log, &request).await.map(Response::new)
    }

    async fn issue_credential(
        &self,
        request: Request<wire::IssueCredentialRequest>,
    ) -> Result<Response<wire::IssueCredentialResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        issuing::issue(&principal, &self.vault, &log, &request).await.map(Response::new)
    }

    async fn state_fact(
        &self,
        request: Request<wire::StateFactRequest>,
    ) -> Result<Response<wire::StateFactResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        facts::state(&principal, &log, request).await.map(Response::new)
    }

    async fn set_revocation_list(
        &self,
        request: Request<wire::SetRevocationListRequest>,
    ) -> Result<Response<wire::SetRevocationListResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        revocations::set(&principal, &log, request).await.map(Response::new)
    }

    async fn get_revocation_list(
        &self,
        request: Request<wire::GetRevocationListRequest>,
    ) -> Result<Response<wire::GetRevocationListResponse>, Status> {
        let (_, log, _) = self.enter(request)?;
        revocations::get(&self.host, &log).await.map(Response::new)
    }

    async fn set_review_window(
        &self,
        request: Request<wire::SetReviewWindowRequest>,
    ) -> Result<Response<wire::SetReviewWindowResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        orders::set_review_window(&principal, &log, &request).await.map(Response::new)
    }

    async fn share_credential(
        &self,
        request: Request<wire::ShareCredentialRequest>,
    ) -> Result<Response<wire::ShareCredentialResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        shares::share(&principal, &self.host, &log, &request).await.map(Response::new)
    }

    async fn withdraw_share(
        &self,
        request: Request<wire::WithdrawShareRequest>,
    ) -> Result<Response<wire::WithdrawShareResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        shares::withdraw(&principal, &log, &request).await.map(Response::new)
    }

    async fn list_shares(
        &self,
        request: Request<wire::ListSharesRequest>,
    ) -> Result<Response<wire::ListSharesResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        shares::list(&principal, &log, &request).await.map(Response::new)
    }

    async fn offer_to_wallet(
        &self,
        request: Request<wire::OfferToWalletRequest>,
    ) -> Result<Response<wire::OfferToWalletResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        wallets::offer(&principal, &log, &request).await.map(Response::new)
    }

    async fn list_wallets(
        &self,
        request: Request<wire::ListWalletsRequest>,
    ) -> Result<Response<wire::ListWalletsResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        wallets::list(&principal, &log, &request).await.map(Response::new)
    }

    async fn withdraw_wallet(
        &self,
        request: Request<wire::WithdrawWalletRequest>,
    ) -> Result<Response<wire::WithdrawWalletResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        wallets::withdraw(&principal, &log, &request).await.map(Response::new)
    }

    async fn assemble_record(
        &self,
        request: Request<wire::AssembleRecordRequest>,
    ) -> Result<Response<wire::AssembleRecordResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        let Self { host, vault, token_algorithm, .. } = self;
        let signer = records::Signer { host, vault, token_algorithm: *token_algorithm };
        records::assemble(&principal, &log, signer, request).await.map(Response::new)
    }

    async fn get_record(
        &self,
        request: Request<wire::GetRecordRequest>,
    ) -> Result<Response<wire::GetRecordResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        records::get(&principal, &log, &request).await.map(Response::new)
    }

    async fn list_records(
        &self,
        request: Request<wire::ListRecordsRequest>,
    ) -> Result<Response<wire::ListRecordsResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        records::list(&principal, &log, &request).await.map(Response::new)
    }

    async fn give_endorsement(
        &self,
        request: Request<wire::GiveEndorsementRequest>,
    ) -> Result<Response<wire::GiveEndorsementResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        endorsements::give(&principal, &self.host, &log, request).await.map(Response::new)
    }

    async fn receive_endorsement(
        &self,
        request: Request<wire::ReceiveEndorsementRequest>,
    ) -> Result<Response<wire::ReceiveEndorsementResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        endorsements::receive(&principal, &self.host, &log, request).await.map(Response::new)
    }

    async fn withdraw_endorsement(
        &self,
        request: Request<wire::WithdrawEndorsementRequest>,
    ) -> Result<Response<wire::WithdrawEndorsementResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        endorsements::withdraw(&principal, &log, &request).await.map(Response::new)
    }

    async fn list_endorsements(
        &self,
        request: Request<wire::ListEndorsementsRequest>,
    ) -> Result<Response<wire::ListEndorsementsResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        endorsements::list(&principal, &log, &request).await.map(Response::new)
    }

    async fn import_credential(
        &self,
        request: Request<wire::ImportCredentialRequest>,
    ) -> Result<Response<wire::ImportCredentialResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        imports::import(&principal, &self.host, &log, request).await.map(Response::new)
    }

    async fn accept_imported_credential(
        &self,
        request: Request<wire::AcceptImportedCredentialRequest>,
    ) -> Result<Response<wire::AcceptImportedCredentialResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        imports::accept(&principal, &log, &request).await.map(Response::new)
    }

    async fn withdraw_imported_credential(
        &self,
        request: Request<wire::WithdrawImportedCredentialRequest>,
    ) -> Result<Response<wire::WithdrawImportedCredentialResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        imports::withdraw(&principal, &log, &request).await.map(Response::new)
    }

    async fn get_imported_credential(
        &self,
        request: Request<wire::GetImportedCredentialRequest>,
    ) -> Result<Response<wire::GetImportedCredentialResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        imports::get(&principal, &log, &request).await.map(Response::new)
    }

    async fn list_imported_credentials(
        &self,
        request: Request<wire::ListImportedCredentialsRequest>,
    ) -> Result<Response<wire::ListImportedCredentialsResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        imports::list(&principal, &log, &request).await.map(Response::new)
    }

    async fn issue_disclosable(
        &self,
        request: Request<wire::IssueDisclosableRequest>,
    ) -> Result<Response<wire::IssueDisclosableResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        let issuer = disclosures::Issuer { host: &self.host, vault: &self.vault };
        issuer.issue(&principal, &log, &request).await.map(Response::new)
    }

    async fn disclose_credential(
        &self,
        request: Request<wire::DiscloseCredentialRequest>,
    ) -> Result<Response<wire::DiscloseCredentialResponse>, Status> {
        let (principal, log, request) = self.enter(request)?;
        let issuer = disclosures::Issuer { host: &self.host, vault: &self.vault };
        issuer.disclose(&principal, &log, request).await.map(Response::new)
    }
}
