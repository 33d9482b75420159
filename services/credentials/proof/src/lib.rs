//! Proofs on credentials: who signed which bytes, and whether a credential holds.
//!
//! Three suites of embedded proofs (`eddsa-rdfc-2022`, `eddsa-jcs-2022`, `ecdsa-sd-2023`) and JSON
//! Web Signatures. A key comes in as a public key that the caller has found, never out of what it is
//! to verify; the same document under the same key gives the same proof. Pure: no network, no clock,
//! no dice, and no panic on any bytes.

mod cbor;
mod ecdsa_sd;
mod eddsa;
mod error;
pub mod jws;
mod key;
mod multibase;
mod proof;
mod signer;
pub mod verifier;

pub use ecdsa_sd::{Seed, Selective, derive, secure_selectively};
pub use eddsa::secure;
pub use error::ProofError;
pub use key::{Algorithm, PublicKey};
pub use proof::{Options, Proof, Suite, without_proofs};
pub use signer::{NotAKey, SecretKey, Signer, SignerFailed};

use northstar_credentials_canonical::Limits;
use serde_json::Value;

/// Whether the key of this proof made it over the document; `document` may still have its proofs,
/// which are left out of what is signed.
///
/// # Errors
/// Why the signature is not sound, or cannot be looked at.
pub fn verify(
    document: &Value,
    proof: &Proof<'_>,
    key: &PublicKey,
    limits: &Limits,
) -> Result<(), ProofError> {
    let unsecured = without_proofs(document)?;
    match proof.suite {
        Suite::EddsaRdfc2022 | Suite::EddsaJcs2022 => eddsa::verify(&unsecured, proof, key, limits),
        Suite::EcdsaSd2023 => ecdsa_sd::verify(&unsecured, proof, key, limits),
    }
}
