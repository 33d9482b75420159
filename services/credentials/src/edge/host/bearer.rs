//! Who calls: the wallet whose token it is.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use northstar_credentials_domain::wallet::Scope;
use northstar_eventlog::{TenantLog, now};
use northstar_kernel::{LearnerId, WalletId};

use super::status_info::StatusInfo;
use crate::links::Ticket;
use crate::wallets;

/// A wallet that may do something, and whose credentials it has to do with.
pub(super) struct Caller {
    pub(super) wallet: WalletId,
    pub(super) learner: LearnerId,
}

/// The caller, who must come with a token for `scope`.
pub(super) async fn caller(
    log: &TenantLog,
    headers: &HeaderMap,
    scope: Scope,
) -> Result<Caller, StatusInfo> {
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|text| {
        let (scheme, token) = text.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| Ticket::parse(token.trim())).flatten()
    });
    let token = token.ok_or_else(StatusInfo::unauthorized)?;
    let wallet = WalletId::from_uuid(token.opens());
    let (state, _) = wallets::load(log, wallet).await?;
    let opened = state.opened_by(token.digest(), now());
    let (learner, scopes) = opened.ok_or_else(StatusInfo::unauthorized)?;
    if scopes.contains(&scope) {
        Ok(Caller { wallet, learner })
    } else {
        Err(StatusInfo::scope(scope.name()))
    }
}
