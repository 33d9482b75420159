//! `ecdsa-sd-2023`: the issuer signs every statement by itself, the holder passes some of them on.
//!
//! A *base* proof goes to the holder and discloses all; from it the holder *derives* proofs that
//! disclose less. Blank nodes are named by a keyed hash, so that names say nothing about what was
//! withheld. The issuer's signature itself stays the same in all that is derived: two derived
//! credentials can be told to come from one.

mod derived;
mod statements;
mod value;

use std::collections::BTreeSet;

use hmac::{Hmac, KeyInit as _, Mac as _};
use northstar_credentials_canonical::{Limits, read};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::eddsa::expect;
use crate::error::ProofError;
use crate::key::{Algorithm, PublicKey};
use crate::proof::{self, Options, Proof, Suite, with_proof, without_proofs};
use crate::signer::{SecretKey, Signer};
pub use derived::derive;
use statements::Statements;
use value::{Base, ProofValue};

/// What a base proof's own two keys grow from, in the place of dice: the same document under the same
/// seed gets the same proof, another document other keys. Keep it as secret as the issuer's key.
#[derive(Clone, Copy)]
pub struct Seed(pub [u8; 32]);

/// What a base proof takes beside the document and the key.
#[derive(Clone, Copy)]
pub struct Selective<'a> {
    /// JSON pointers to what every derived proof discloses, beside what decides whether the credential
    /// holds: its issuer, its times and its status, which no holder may withhold.
    pub mandatory: &'a [&'a str],
    /// See [`Seed`].
    pub seed: &'a Seed,
}

/// What decides whether a credential holds.
const DECISIVE: [&str; 6] = [
    "/issuer",
    "/validFrom",
    "/validUntil",
    "/issuanceDate",
    "/expirationDate",
    "/credentialStatus",
];

/// Signs the document so that its holder can disclose parts of it; what comes back has a base proof.
///
/// # Errors
/// The document has no canonical form or holds a list, a pointer leads nowhere, or the key is wrong or
/// did not sign.
pub fn secure_selectively(
    document: &Value,
    selective: &Selective<'_>,
    options: &Options<'_>,
    signer: &dyn Signer,
    limits: &Limits,
) -> Result<Value, ProofError> {
    expect(Algorithm::P256, signer.algorithm())?;
    let unsecured = without_proofs(document)?;
    let config = options.config(&unsecured, Suite::EcdsaSd2023);
    let proof_hash = proof::hash(config.clone(), limits)?;
    let reading = read(&unsecured, limits)?;
    statements::refuse_lists(&reading)?;
    let statements = Statements::named_by_hash(&reading, limits, |canonical| {
        keyed_by_document(selective.seed, &proof_hash, canonical, "names")
    })?;
    let own_key = own_key(selective.seed, &proof_hash, &statements.document_hash)?;
    let decisive = DECISIVE.into_iter().filter(|at| unsecured.pointer(at).is_some());
    let pointers: BTreeSet<&str> = decisive.chain(selective.mandatory.iter().copied()).collect();
    let pointers: Vec<&str> = pointers.into_iter().collect();
    let mandatory = statements.selected(&reading, &pointers)?;
    let (mandatory_lines, other_lines) = statements.split(&mandatory);
    let own_public = own_key.public();
    let own_bytes = value::own_key_bytes(&own_public)?;
    let base = Base {
        signature: signer.sign(&signed(&proof_hash, &own_bytes, &mandatory_lines))?,
        own_key: own_bytes,
        label_key: statements.label_key,
        signatures: other_lines
            .iter()
            .map(|line| own_key.sign(line.as_bytes()))
            .collect::<Result<_, _>>()?,
        mandatory: pointers.into_iter().map(ToOwned::to_owned).collect(),
    };
    with_proof(&unsecured, config, base.to_text(), false)
}

/// Whether the issuer's key made a base proof, or what a derived one was derived from, over exactly
/// these statements.
pub(crate) fn verify(
    unsecured: &Value,
    proof: &Proof<'_>,
    key: &PublicKey,
    limits: &Limits,
) -> Result<(), ProofError> {
    expect(Algorithm::P256, key.algorithm())?;
    let proof_hash = proof::hash(proof.config(unsecured), limits)?;
    let reading = read(unsecured, limits)?;
    match ProofValue::read(proof.value)? {
        ProofValue::Base(base) => {
            let statements = Statements::named_by_hash(&reading, limits, |_| base.label_key)?;
            let pointers: Vec<&str> = base.mandatory.iter().map(String::as_str).collect();
            let mandatory = statements.selected(&reading, &pointers)?;
            let lines = statements.split(&mandatory);
            are_signed(key, &base.signature, &base.own_key, &proof_hash, lines, &base.signatures)
        }
        ProofValue::Derived(derived) => {
            let statements = Statements::named_by_map(&reading, limits, &derived.labels)?;
            let mandatory = statements.numbered(&derived.mandatory)?;
            let lines = statements.split(&mandatory);
            let signature = &derived.signature;
            are_signed(key, signature, &derived.own_key, &proof_hash, lines, &derived.signatures)
        }
    }
}

fn are_signed(
    key: &PublicKey,
    signature: &[u8; 64],
    own_key: &[u8; 35],
    proof_hash: &[u8; 32],
    (mandatory, others): (Vec<&str>, Vec<&str>),
    signatures: &[[u8; 64]],
) -> Result<(), ProofError> {
    if others.len() != signatures.len() {
        let (lines, signed) = (others.len(), signatures.len());
        let sentence = format!("{lines} statements have {signed} signatures of their own");
        return Err(ProofError::Malformed(sentence));
    }
    if !key.verifies(&signed(proof_hash, own_key, &mandatory), signature) {
        return Err(ProofError::Unsound("proof and mandatory statements"));
    }
    let own_key = PublicKey::from_multicodec(own_key).map_err(ProofError::Malformed)?;
    expect(Algorithm::P256, own_key.algorithm())?;
    let mut pairs = others.iter().zip(signatures);
    let sound = pairs.all(|(line, signature)| own_key.verifies(line.as_bytes(), signature));
    if sound { Ok(()) } else { Err(ProofError::Unsound("one of the statements")) }
}

/// What the issuer's own key signs: the proof, the key of the single statements, and all that is
/// always disclosed.
fn signed(proof_hash: &[u8; 32], own_key: &[u8; 35], mandatory: &[&str]) -> Vec<u8> {
    let mandatory = Sha256::digest(mandatory.concat().as_bytes());
    [&proof_hash[..], own_key, &mandatory].concat()
}

fn keyed_by_document(seed: &Seed, proof: &[u8; 32], document: &[u8; 32], what: &str) -> [u8; 32] {
    keyed(&seed.0, &[what.as_bytes(), proof, document])
}

/// HMAC-SHA256. A key shorter than a block is filled up with zeros, as HMAC itself would.
fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

/// The key that signs statements one by one. One hash in four thousand million is no key; then the
/// next is taken.
fn own_key(seed: &Seed, proof: &[u8; 32], document: &[u8; 32]) -> Result<SecretKey, ProofError> {
    let scalar = |turn: u8| keyed_by_document(seed, proof, document, &format!("statements {turn}"));
    let mut keys = (0..=u8::MAX).map(|turn| SecretKey::p256(&scalar(turn)));
    let found = keys.find_map(Result::ok);
    found.ok_or(ProofError::malformed("the seed gives no key"))
}
