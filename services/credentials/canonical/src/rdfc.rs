//! RDFC-1.0: blank nodes get names that depend on nothing but the graph.

mod graph;
mod issuer;
mod namer;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::limits::Limits;
use crate::quad::Dataset;
use crate::refusal::Refusal;
use graph::Graph;
use namer::Namer;

/// What a dataset comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canonical {
    /// Canonical N-Quads: sorted lines, blank nodes named `c14n0`, `c14n1` …
    pub nquads: String,
    /// What each blank node of the dataset is called there; both without the `_:`.
    pub labels: BTreeMap<String, String>,
}

impl Canonical {
    /// SHA-256 of the N-Quads: what is signed, beside the proof's own.
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(self.nquads.as_bytes()).into()
    }
}

/// The canonical form of a dataset, by RDFC-1.0 with SHA-256.
///
/// # Errors
/// It has more quads than allowed, or telling its blank nodes apart takes more work.
pub fn canonicalize(dataset: &Dataset<'_>, limits: &Limits) -> Result<Canonical, Refusal> {
    let graph = Graph::new(dataset, limits)?;
    let names = Namer::new(&graph, limits).names()?;
    let label = |blank: u32, text: &mut String| {
        text.push_str("_:c14n");
        text.push_str(&names[blank as usize].to_string());
    };
    let mut lines: Vec<String> = graph.lines.iter().map(|line| line.text(label)).collect();
    lines.sort_unstable();
    let labels = graph.labels.iter().zip(&names);
    let labels = labels.map(|(label, name)| ((*label).to_owned(), format!("c14n{name}")));
    Ok(Canonical { nquads: lines.concat(), labels: labels.collect() })
}
