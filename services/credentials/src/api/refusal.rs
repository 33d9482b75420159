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
    /// A learner's record.
    #[error("there is no such record")]
    Record,
    /// A learner.
    #[error("there is no such learner")]
    Learner,
    /// A competency.
    #[error("there is no such competency")]
    Competency,
    /// A key that may sign now.
    #[error(
        "no key may sign now: one was compromised, and the next one signs a day after it was listed"
    )]
    SigningKey,
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
            Self::Record => "RECORD_NOT_FOUND",
            Self::Learner => "LEARNER_NOT_FOUND",
            Self::Competency => "COMPETENCY_NOT_FOUND",
            Self::SigningKey => "SIGNING_KEY_NOT_FOUND",
            Self::Issuer => "ISSUER_NOT_FOUND",
        }
    }

    fn kind(&self) -> Kind {
        Kind::NotFound
    }
}
