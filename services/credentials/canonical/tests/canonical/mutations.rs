//! Documents changed at random: read or refused, never a panic, and never for ever.
//!
//! `NORTHSTAR_THOROUGH=1` tries a million.

use std::collections::BTreeMap;

use northstar_credentials_canonical::{
    Limits, Reason, canonical_document, canonicalize, parse_nquads,
};
use serde_json::Value;

use crate::documents::{own, pointers, text};
use crate::random::Random;

fn tries() -> u64 {
    let thorough = std::env::var_os("NORTHSTAR_THOROUGH").is_some_and(|wanted| wanted == "1");
    if thorough { 1_000_000 } else { 4_000 }
}

/// Pieces that mean something somewhere.
const PIECES: [&str; 16] = [
    "\"@context\":",
    "\"id\":",
    "\"type\":",
    "null",
    "[]",
    "{}",
    "\"urn:x\"",
    "1e400",
    "-0",
    "\\u0000",
    "{\"@id\":\"urn:x\"}",
    "\"VerifiableCredential\"",
    ",",
    "}",
    "0.0005",
    "\u{feff}",
];

/// Changes bytes, as a broken line or a rude stranger would.
fn bytes(document: &Value, random: &mut Random) -> Vec<u8> {
    let mut bytes = document.to_string().into_bytes();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        let end = (at + random.below(40)).min(bytes.len());
        match random.below(5) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => drop(bytes.drain(at..end)),
            2 => drop(bytes.splice(at..at, random.pick(&PIECES).bytes())),
            3 => {
                let copied = bytes[at..end].to_vec();
                let to = random.below(bytes.len());
                drop(bytes.splice(to..to, copied));
            }
            _ => bytes[at] = random.pick(b"\"{}[]:,@\\ 0").to_owned(),
        }
        if bytes.is_empty() {
            bytes.push(b' ');
        }
    }
    bytes
}

/// Changes values, as somebody would who knows JSON.
fn values(document: &Value, others: &[Value], random: &mut Random) -> Vec<u8> {
    let mut changed = document.clone();
    for _ in 0..=random.below(3) {
        let places = pointers(&changed);
        let place = random.pick(&places).clone();
        let from = random.pick(others);
        let source = pointers(from);
        let value = from.pointer(random.pick(&source).as_str()).unwrap().clone();
        match (changed.pointer_mut(&place).unwrap(), random.below(3)) {
            (Value::Object(members), 0 | 1) => {
                let source = pointers(from);
                let name = random.pick(&source).rsplit('/').next().unwrap_or("id").to_owned();
                members.insert(name, value);
            }
            (Value::Array(elements), 0) => elements.push(value),
            (Value::Array(elements), 1) if !elements.is_empty() => {
                let element = random.pick(elements).clone();
                elements.push(element);
            }
            (slot, _) => *slot = value,
        }
    }
    changed.to_string().into_bytes()
}

#[test]
fn changed_documents_are_read_or_refused() {
    let vectors = own("documents.json");
    let documents = vectors["documents"].as_array().unwrap().iter();
    let documents: Vec<Value> = documents.map(|vector| vector["document"].clone()).collect();
    let limits = Limits::BADGE;
    let mut outcomes: BTreeMap<Option<Reason>, u64> = BTreeMap::new();
    for seed in 0..tries() {
        let mut random = Random(seed);
        let document = random.pick(&documents).clone();
        let changed = match seed % 2 {
            0 => bytes(&document, &mut random),
            _ => values(&document, &documents, &mut random),
        };
        let outcome = canonical_document(&changed, &limits);
        if let Ok(canonical) = &outcome {
            let again = parse_nquads(&canonical.nquads, &limits).unwrap();
            let again = canonicalize(&again, &limits).unwrap();
            assert_eq!(again.nquads, canonical.nquads, "seed {seed}");
        }
        *outcomes.entry(outcome.err().map(|refusal| refusal.reason)).or_default() += 1;
    }
    assert!(outcomes.len() > 12, "too few kinds of outcome: {outcomes:?}");
    assert!(outcomes[&None] > tries() / 20, "too few were read: {outcomes:?}");
}

#[test]
fn changed_quads_are_read_or_refused() {
    let vectors = own("graphs.json");
    let graphs = vectors["graphs"].as_array().unwrap();
    let mut read = 0;
    for seed in 0..tries() / 4 {
        let mut random = Random(seed);
        let mut chars: Vec<char> = text(&random.pick(graphs)["in"]).chars().collect();
        for _ in 0..=random.below(3) {
            let at = random.below(chars.len());
            match random.below(3) {
                0 => drop(chars.remove(at)),
                1 => {
                    chars.insert(at, *random.pick(&['<', '>', '"', '_', '\\', '.', '\n', 'é', ' ']))
                }
                _ => chars[at] = *random.pick(&[':', '@', '^', 'u', '0', '\u{0}', '#']),
            }
        }
        let changed: String = chars.into_iter().collect();
        if let Ok(dataset) = parse_nquads(&changed, &Limits::BADGE) {
            let canonical = canonicalize(&dataset, &Limits::BADGE).unwrap();
            let again = parse_nquads(&canonical.nquads, &Limits::BADGE).unwrap();
            assert_eq!(canonicalize(&again, &Limits::BADGE).unwrap().nquads, canonical.nquads);
            read += 1;
        }
    }
    assert!(read > 0);
}
