//! Proofs inside documents: `eddsa-rdfc-2022`, which certification names.

use northstar_credentials_canonical::Limits;
use northstar_credentials_proof::{Options, ProofError, Signer, Suite, secure};
use serde::Serialize;

/// The document with its proof inside, as text. The same document under the same key gives the
/// same bytes. `method` is the full name of the key, `created` the moment as the document has it.
///
/// # Errors
/// The document has no canonical form, or the key did not sign.
pub fn sign(
    signer: &dyn Signer,
    method: &str,
    created: &str,
    document: &impl Serialize,
) -> Result<String, ProofError> {
    let limits = Limits { bytes: Limits::RECORD.bytes, ..Limits::BADGE };
    sign_within(&limits, signer, method, created, document)
}

/// The same of a document that may be as large as these limits allow: a record carries many badges.
///
/// # Errors
/// As for [`sign`].
pub fn sign_within(
    limits: &Limits,
    signer: &dyn Signer,
    method: &str,
    created: &str,
    document: &impl Serialize,
) -> Result<String, ProofError> {
    let written = |error: serde_json::Error| ProofError::Malformed(error.to_string());
    let document = serde_json::to_value(document).map_err(written)?;
    let options = Options { verification_method: method, created };
    let signed = secure(&document, Suite::EddsaRdfc2022, &options, signer, limits)?;
    serde_json::to_string(&signed).map_err(written)
}
