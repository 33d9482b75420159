//! What the service says when something is not there.

use northstar_kernel::{Kind, Refusal};

/// What is not there, as far as this caller may know; another tenant's looks the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Absent {
    /// A credential.
    #[error("there is no such credential")]
    Credential,
    /// A status list.
    #[error("there is no such status list")]
    StatusList,
    /// An achievement.
    #[error("there is no such achievement")]
    Achievement,
    /// The list of revoked credentials by id.
    #[error("the tenant publishes no revocation list")]
    RevocationList,
    /// The tenant as issuer.
    #[error("the tenant cannot issue yet: the registry has not named it")]
    Issuer,
}

impl Refusal for Absent {
    fn reason(&self) -> &'static str {
        match self {
            Self::Credential => "CREDENTIAL_NOT_FOUND",
            Self::StatusList => "STATUS_LIST_NOT_FOUND",
            Self::Achievement => "ACHIEVEMENT_NOT_FOUND",
            Self::RevocationList => "REVOCATION_LIST_NOT_FOUND",
            Self::Issuer => "ISSUER_NOT_FOUND",
        }
    }

    fn kind(&self) -> Kind {
        Kind::NotFound
    }
}
