//! A document's quads under the names that the proof gives to blank nodes, sorted.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use northstar_credentials_canonical::{Dataset, Limits, Reading, canonicalize};

use super::keyed;
use crate::error::ProofError;
use crate::multibase;

const FIRST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first";

/// Lines of N-Quads, each once.
pub(super) struct Statements {
    /// Sorted.
    pub(super) lines: Vec<String>,
    /// For each quad of the reading, which line it is.
    pub(super) line_of: Vec<usize>,
    /// For each blank node of the reading, its name without the leading `u`, as bytes.
    pub(super) names: BTreeMap<String, [u8; 32]>,
    /// What named them; all zero if a map did.
    pub(super) label_key: [u8; 32],
    /// SHA-256 of the canonical form.
    pub(super) document_hash: [u8; 32],
}

/// Lists cannot be taken apart, and the suite's other implementations throw on them.
pub(super) fn refuse_lists(reading: &Reading<'_>) -> Result<(), ProofError> {
    let quads = &reading.dataset().quads;
    let Some(list) = quads.iter().position(|quad| quad.predicate == FIRST) else { return Ok(()) };
    Err(ProofError::List(reading.pointer(list).unwrap_or_default()))
}

impl Statements {
    /// Blank nodes are named by a keyed hash of what RDFC-1.0 calls them; `key` is told the hash of
    /// the canonical form.
    pub(super) fn named_by_hash(
        reading: &Reading<'_>,
        limits: &Limits,
        key: impl FnOnce(&[u8; 32]) -> [u8; 32],
    ) -> Result<Self, ProofError> {
        let canonical = canonicalize(reading.dataset(), limits)?;
        let document_hash = canonical.sha256();
        let label_key = key(&document_hash);
        let name = |(blank, label): (&String, &String)| {
            (blank.clone(), keyed(&label_key, &[label.as_bytes()]))
        };
        let names = canonical.labels.iter().map(name).collect();
        Ok(Self::new(reading.dataset(), names, label_key, document_hash))
    }

    /// Blank nodes are named by what a derived proof says: for `c14n7`, what it has for 7.
    pub(super) fn named_by_map(
        reading: &Reading<'_>,
        limits: &Limits,
        map: &BTreeMap<usize, [u8; 32]>,
    ) -> Result<Self, ProofError> {
        let canonical = canonicalize(reading.dataset(), limits)?;
        let unlike = || ProofError::malformed("the proof names other blank nodes than there are");
        if map.len() != canonical.labels.len() {
            return Err(unlike());
        }
        let name = |(blank, label): (&String, &String)| {
            let number = label.strip_prefix("c14n").and_then(|number| number.parse().ok());
            let name = number.and_then(|number: usize| map.get(&number)).ok_or_else(unlike)?;
            Ok((blank.clone(), *name))
        };
        let names: BTreeMap<_, _> =
            canonical.labels.iter().map(name).collect::<Result<_, ProofError>>()?;
        if names.values().collect::<BTreeSet<_>>().len() != names.len() {
            return Err(ProofError::malformed("the proof gives two blank nodes one name"));
        }
        Ok(Self::new(reading.dataset(), names, [0; 32], canonical.sha256()))
    }

    fn new(
        dataset: &Dataset<'_>,
        names: BTreeMap<String, [u8; 32]>,
        label_key: [u8; 32],
        document_hash: [u8; 32],
    ) -> Self {
        let texts: BTreeMap<&str, String> = names
            .iter()
            .map(|(blank, name)| (blank.as_str(), multibase::base64url(name)))
            .collect();
        let label =
            |blank: &str| Cow::Borrowed(texts.get(blank).map(String::as_str).unwrap_or_default());
        let unsorted = dataset.lines(label);
        let sorted: BTreeSet<&String> = unsorted.iter().collect();
        let lines: Vec<String> = sorted.into_iter().cloned().collect();
        let line_of = unsorted.iter().map(|line| lines.partition_point(|other| other < line));
        let line_of = line_of.collect();
        Self { lines, line_of, names, label_key, document_hash }
    }

    /// Which lines are disclosed with the values at these pointers.
    pub(super) fn selected(
        &self,
        reading: &Reading<'_>,
        pointers: &[&str],
    ) -> Result<BTreeSet<usize>, ProofError> {
        let quads = reading.select(pointers)?;
        let chosen = self.line_of.iter().zip(quads).filter(|(_, chosen)| *chosen);
        Ok(chosen.map(|(line, _)| *line).collect())
    }

    /// The lines with these numbers, each of which there must be once.
    pub(super) fn numbered(&self, numbers: &[usize]) -> Result<BTreeSet<usize>, ProofError> {
        let set: BTreeSet<usize> = numbers.iter().copied().collect();
        let beyond = set.last().is_some_and(|last| *last >= self.lines.len());
        if beyond || set.len() != numbers.len() {
            return Err(ProofError::malformed("the proof's numbers of statements are wrong"));
        }
        Ok(set)
    }

    /// The lines in the set, and the others, each in order.
    pub(super) fn split(&self, set: &BTreeSet<usize>) -> (Vec<&str>, Vec<&str>) {
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        for (number, line) in self.lines.iter().enumerate() {
            if set.contains(&number) { inside.push(&**line) } else { outside.push(&**line) }
        }
        (inside, outside)
    }
}
