//! `eddsa-rdfc-2022` and `eddsa-jcs-2022`: one Ed25519 signature over the hashes of proof and
//! document.

use northstar_credentials_canonical::{Limits, canonicalize, jcs, read};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::error::ProofError;
use crate::key::{Algorithm, PublicKey};
use crate::multibase;
use crate::proof::{self, Options, Proof, Suite, with_proof, without_proofs};
use crate::signer::Signer;

/// Signs the document; what comes back is the document with the proof in it, in the place of any
/// that it had. The document is read in the closed world whichever the suite.
///
/// # Errors
/// The suite is another, the document has no canonical form, or the key is wrong or did not sign.
pub fn secure(
    document: &Value,
    suite: Suite,
    options: &Options<'_>,
    signer: &dyn Signer,
    limits: &Limits,
) -> Result<Value, ProofError> {
    let unsecured = without_proofs(document)?;
    let config = options.config(&unsecured, suite);
    let message = match suite {
        Suite::EddsaRdfc2022 => by_quads(&unsecured, config.clone(), limits)?,
        Suite::EddsaJcs2022 => {
            read(&unsecured, limits)?;
            by_text(&unsecured, &config)?
        }
        Suite::EcdsaSd2023 => {
            return Err(ProofError::malformed("this suite takes pointers and a seed"));
        }
    };
    expect(Algorithm::Ed25519, signer.algorithm())?;
    let value = multibase::base58(&signer.sign(&message)?);
    with_proof(&unsecured, config, value, suite == Suite::EddsaJcs2022)
}

pub(crate) fn verify(
    unsecured: &Value,
    proof: &Proof<'_>,
    key: &PublicKey,
    limits: &Limits,
) -> Result<(), ProofError> {
    expect(Algorithm::Ed25519, key.algorithm())?;
    let signature = multibase::decode('z', proof.value)
        .ok_or(ProofError::malformed("the proofValue is not base58 behind a \"z\""))?;
    let message = if proof.suite == Suite::EddsaJcs2022 {
        context_is_the_same(unsecured, proof)?;
        let mut config = proof.members.clone();
        config.remove("proofValue");
        by_text(unsecured, &config)?
    } else {
        by_quads(unsecured, proof.config(unsecured), limits)?
    };
    let sound = key.verifies(&message, &signature);
    if sound { Ok(()) } else { Err(ProofError::Unsound("this document and proof")) }
}

/// A proof over text may carry the context; the suite has it be the beginning of the document's, and
/// here it is all of it, so that nobody has added to what the signer's words mean.
fn context_is_the_same(unsecured: &Value, proof: &Proof<'_>) -> Result<(), ProofError> {
    match proof.members.get("@context") {
        Some(context) if *context != unsecured["@context"] => {
            Err(ProofError::malformed("the proof's @context is not the document's"))
        }
        _ => Ok(()),
    }
}

pub(crate) fn expect(wanted: Algorithm, found: Algorithm) -> Result<(), ProofError> {
    if wanted == found { Ok(()) } else { Err(ProofError::WrongKey { wanted, found }) }
}

fn by_quads(
    unsecured: &Value,
    config: Map<String, Value>,
    limits: &Limits,
) -> Result<[u8; 64], ProofError> {
    let document = canonicalize(read(unsecured, limits)?.dataset(), limits)?.sha256();
    Ok(joined(proof::hash(config, limits)?, document))
}

fn by_text(unsecured: &Value, config: &Map<String, Value>) -> Result<[u8; 64], ProofError> {
    let hash = |value: &Value| Ok::<[u8; 32], ProofError>(Sha256::digest(jcs(value)?).into());
    Ok(joined(hash(&Value::Object(config.clone()))?, hash(unsecured)?))
}

fn joined(first: [u8; 32], second: [u8; 32]) -> [u8; 64] {
    let mut both = [0; 64];
    both[..32].copy_from_slice(&first);
    both[32..].copy_from_slice(&second);
    both
}
