//! Credentials of a learner that others issued and a wallet brought. They are kept as they came,
//! sealed under the learner's key; whether they are sound is looked at when somebody asks.

use northstar_kernel::{CredentialId, LearnerId, Timestamp, WalletId};

/// One that came, first or in place of one with the same id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Derived from the learner and the id that the credential has itself.
    pub id: CredentialId,
    /// Whose it is.
    pub learner: LearnerId,
    /// Who brought it.
    pub wallet: WalletId,
    /// The document or token, sealed; to the domain a text that it does not look into.
    pub sealed: String,
    /// When.
    pub at: Timestamp,
}
