//! What the holder makes of a base proof: a smaller document and a proof over it.

use std::collections::{BTreeMap, BTreeSet};

use northstar_credentials_canonical::{Dataset, Limits, canonicalize, read};
use serde_json::{Map, Value};

use super::Statements;
use super::value::{Derived, ProofValue};
use crate::error::ProofError;
use crate::proof::{Proof, Suite, with_proof, without_proofs};

/// Of every object on the way to what is disclosed.
const ALWAYS: [&str; 3] = ["@context", "id", "type"];

/// Discloses of a document with a base proof what is mandatory, the values at `pointers`, and no
/// more. Needs no key; nothing here verifies what the issuer signed.
///
/// # Errors
/// The document has no base proof of this suite as its only proof, or a pointer leads nowhere or into
/// a list.
pub fn derive(document: &Value, pointers: &[&str], limits: &Limits) -> Result<Value, ProofError> {
    let proof = Proof::read(&document["proof"])?;
    if proof.suite != Suite::EcdsaSd2023 {
        return Err(ProofError::malformed("the proof is not ecdsa-sd-2023"));
    }
    let ProofValue::Base(base) = ProofValue::read(proof.value)? else {
        return Err(ProofError::malformed(
            "the proof is derived already; only a base proof can be",
        ));
    };
    let unsecured = without_proofs(document)?;
    let reading = read(&unsecured, limits)?;
    let statements = Statements::named_by_hash(&reading, limits, |_| base.label_key)?;
    let mandatory: Vec<&str> = base.mandatory.iter().map(String::as_str).collect();
    let all: Vec<&str> = mandatory.iter().chain(pointers).copied().collect();
    let mandatory = statements.selected(&reading, &mandatory)?;
    let disclosed = statements.selected(&reading, &all)?;
    if statements.lines.len() != mandatory.len() + base.signatures.len() {
        return Err(ProofError::malformed("the base proof has not a signature a statement"));
    }
    let revealed = reveal(&unsecured, &all)?;
    let derived = Derived {
        signature: base.signature,
        own_key: base.own_key,
        signatures: kept(&base.signatures, statements.lines.len(), &mandatory, &disclosed),
        labels: labels(&reading, &statements, &disclosed, &revealed, limits)?,
        mandatory: places(&mandatory, &disclosed),
    };
    with_proof(&revealed, proof.config(&revealed), derived.to_text(), false)
}

/// The signatures, one for each line that is not mandatory, of the lines that are disclosed.
fn kept(
    signatures: &[[u8; 64]],
    lines: usize,
    mandatory: &BTreeSet<usize>,
    disclosed: &BTreeSet<usize>,
) -> Vec<[u8; 64]> {
    let others = (0..lines).filter(|line| !mandatory.contains(line));
    let pairs = others.zip(signatures);
    pairs.filter(|(line, _)| disclosed.contains(line)).map(|(_, signature)| *signature).collect()
}

/// Where, among the lines disclosed, the mandatory ones are.
fn places(mandatory: &BTreeSet<usize>, disclosed: &BTreeSet<usize>) -> Vec<usize> {
    let numbered = disclosed.iter().enumerate();
    numbered.filter(|(_, line)| mandatory.contains(line)).map(|(place, _)| place).collect()
}

/// What the smaller document's blank nodes are called in the proof. The smaller document must say just
/// what is disclosed, which is seen here before anybody else sees it.
fn labels(
    reading: &northstar_credentials_canonical::Reading<'_>,
    statements: &Statements,
    disclosed: &BTreeSet<usize>,
    revealed: &Value,
    limits: &Limits,
) -> Result<BTreeMap<usize, [u8; 32]>, ProofError> {
    let pairs = reading.dataset().quads.iter().zip(&statements.line_of);
    let dataset: Dataset<'_> =
        pairs.filter(|(_, line)| disclosed.contains(line)).map(|(quad, _)| quad.clone()).collect();
    let canonical = canonicalize(&dataset, limits)?;
    if canonicalize(read(revealed, limits)?.dataset(), limits)?.nquads != canonical.nquads {
        return Err(ProofError::malformed("what the pointers lead to cannot be disclosed alone"));
    }
    let named = canonical.labels.iter().filter_map(|(blank, label)| {
        let number = label.strip_prefix("c14n")?.parse().ok()?;
        Some((number, *statements.names.get(blank)?))
    });
    Ok(named.collect())
}

/// The document with nothing in it but the values at the pointers and what leads to them.
fn reveal(document: &Value, pointers: &[&str]) -> Result<Value, ProofError> {
    let tokens = |pointer: &&str| -> Vec<String> {
        let unescaped = |token: &str| token.replace("~1", "/").replace("~0", "~");
        pointer.split('/').skip(1).map(unescaped).collect()
    };
    let paths: Vec<Vec<String>> = pointers.iter().map(tokens).collect();
    let paths: Vec<&[String]> = paths.iter().map(Vec::as_slice).collect();
    let mut revealed = within(document, &paths);
    if revealed.is_null() {
        // No pointer at all: the document's own head.
        revealed = head(document).into();
    }
    Ok(revealed)
}

fn head(value: &Value) -> Map<String, Value> {
    let members = value.as_object().into_iter().flatten();
    let kept = members.filter(|(name, _)| ALWAYS.contains(&name.as_str()));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// What of `value` is on these paths, which start in it; `null` if there is none. The pointers lead
/// somewhere (`select` has looked), and no deeper than the document, whose depth is bounded.
fn within(value: &Value, paths: &[&[String]]) -> Value {
    if paths.iter().any(|path| path.is_empty()) {
        return value.clone();
    }
    let inside = |name: &str| -> Vec<&[String]> {
        let on_it = paths.iter().filter_map(|path| path.split_first());
        on_it.filter(|(first, _)| *first == name).map(|(_, rest)| rest).collect()
    };
    match value {
        _ if paths.is_empty() => Value::Null,
        Value::Object(members) => {
            let mut kept = head(value);
            for (name, member) in members {
                let inner = inside(name);
                if !inner.is_empty() && !kept.contains_key(name) {
                    kept.insert(name.clone(), within(member, &inner));
                }
            }
            kept.into()
        }
        Value::Array(elements) => {
            let kept = elements.iter().enumerate().map(|(at, element)| {
                let inner = inside(&at.to_string());
                if inner.is_empty() { Value::Null } else { within(element, &inner) }
            });
            kept.filter(|element| !element.is_null()).collect()
        }
        _ => value.clone(),
    }
}
