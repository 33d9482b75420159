//! Why nothing was signed, or why a signature is not sound.

use northstar_credentials_canonical::Refusal;

use crate::key::Algorithm;
use crate::signer::SignerFailed;

/// What went wrong, for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// Document or proof has no canonical form.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The proof is not as its suite has it; a sentence says what.
    #[error("{0}")]
    Malformed(String),
    /// The suite signs with another kind of key.
    #[error("the key is {found}, where {wanted} is needed")]
    WrongKey {
        /// What the suite or the header needs.
        wanted: Algorithm,
        /// What the key is.
        found: Algorithm,
    },
    /// Other bytes were signed, or by another key.
    #[error("the signature is not over {0} by this key")]
    Unsound(&'static str),
    /// A list cannot be disclosed in part, and other software refuses to read such proofs.
    #[error("{0}: a list cannot be disclosed selectively; leave it out of such a credential")]
    List(String),
    /// The key's holder did not sign.
    #[error(transparent)]
    Signer(#[from] SignerFailed),
}

impl ProofError {
    pub(crate) fn malformed(sentence: impl Into<String>) -> Self {
        Self::Malformed(sentence.into())
    }
}
