//! Telling blank nodes apart: by their own quads, and where those are alike, by all paths from them.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::graph::{Graph, Line};
use super::issuer::Issuer;
use crate::limits::Limits;
use crate::refusal::{Reason, Refusal};

type Hash = [u8; 32];

/// Longest path of blank nodes that are alike. Even unoptimized it takes less than half of the 2 MiB
/// of stack that a server's thread has.
const LONGEST_PATH: usize = 200;

pub(super) struct Namer<'g> {
    graph: &'g Graph<'g>,
    /// Each node's hash of its own quads.
    first: Vec<Hash>,
    /// The canonical names so far.
    canonical: Issuer,
    allowed: u64,
    left: u64,
}

/// One order in which the nodes behind a hash may be visited.
struct Path {
    text: String,
    issuer: Issuer,
}

impl<'g> Namer<'g> {
    pub(super) fn new(graph: &'g Graph<'g>, limits: &Limits) -> Self {
        let blanks = 0..graph.mentions.len();
        let first = blanks.map(|blank| first_degree(graph, blank)).collect();
        Self { graph, first, canonical: Issuer::default(), allowed: limits.work, left: limits.work }
    }

    /// The canonical number of each blank node.
    pub(super) fn names(mut self) -> Result<Vec<usize>, Refusal> {
        let mut alike: BTreeMap<Hash, Vec<u32>> = BTreeMap::new();
        for (blank, hash) in (0..).zip(&self.first) {
            alike.entry(*hash).or_default().push(blank);
        }
        for blanks in alike.values().filter(|blanks| blanks.len() == 1) {
            self.canonical.issue(blanks[0]);
        }
        for blanks in alike.values().filter(|blanks| blanks.len() > 1) {
            self.tell_apart(blanks)?;
        }
        let all = 0..self.first.len();
        Ok((0..).zip(all).map(|(blank, _)| self.canonical.issue(blank)).collect())
    }

    /// Names nodes whose own quads are alike.
    fn tell_apart(&mut self, blanks: &[u32]) -> Result<(), Refusal> {
        let mut results = Vec::new();
        for blank in blanks {
            if self.canonical.number(*blank).is_none() {
                let mut issuer = Issuer::default();
                issuer.issue(*blank);
                results.push(self.n_degree(*blank, issuer, LONGEST_PATH)?);
            }
        }
        results.sort_by_key(|(hash, _)| *hash);
        for (_, issuer) in results {
            for blank in issuer.order() {
                self.canonical.issue(*blank);
            }
        }
        Ok(())
    }

    fn spend(&mut self, steps: usize) -> Result<(), Refusal> {
        let left = self.left.checked_sub(steps as u64);
        self.left = left.ok_or_else(|| self.too_much())?;
        Ok(())
    }

    fn too_much(&self) -> Refusal {
        let sentence = format!(
            "has blank nodes so alike that telling them apart takes more than {} steps; give them ids",
            self.allowed
        );
        Refusal::whole(Reason::TooMuchWork, sentence)
    }

    /// The hash of everything that can be reached from a node, and the order in which it is.
    fn n_degree(
        &mut self,
        blank: u32,
        mut issuer: Issuer,
        left: usize,
    ) -> Result<(Hash, Issuer), Refusal> {
        let left = left.checked_sub(1).ok_or_else(|| self.too_much())?;
        let mut data = String::new();
        for (hash, mut related) in self.related(blank, &issuer)? {
            push_hex(&mut data, &hash);
            let chosen = self.shortest(&mut related, &issuer, left)?;
            data.push_str(&chosen.text);
            issuer = chosen.issuer;
        }
        Ok((Sha256::digest(data.as_bytes()).into(), issuer))
    }

    /// The nodes that share a quad with a node, by how they do.
    fn related(
        &mut self,
        blank: u32,
        issuer: &Issuer,
    ) -> Result<BTreeMap<Hash, Vec<u32>>, Refusal> {
        let graph = self.graph;
        let mut related: BTreeMap<Hash, Vec<u32>> = BTreeMap::new();
        for line in &graph.mentions[blank as usize] {
            let line = &graph.lines[*line];
            for (position, other) in line.blanks().filter(|(_, other)| *other != blank) {
                self.spend(1)?;
                let hash = self.related_hash(other, line, issuer, position);
                related.entry(hash).or_default().push(other);
            }
        }
        Ok(related)
    }

    fn related_hash(&self, other: u32, line: &Line, issuer: &Issuer, position: char) -> Hash {
        let mut input = String::from(position);
        if position != 'g' {
            input.push_str(line.predicate());
        }
        match self.name(other, issuer) {
            Some(name) => input.push_str(&name),
            None => push_hex(&mut input, &self.first[other as usize]),
        }
        Sha256::digest(input.as_bytes()).into()
    }

    /// What a node is called so far.
    fn name(&self, blank: u32, issuer: &Issuer) -> Option<String> {
        let canonical = self.canonical.number(blank).map(|number| format!("_:c14n{number}"));
        canonical.or_else(|| issuer.number(blank).map(trial))
    }

    /// The least path through nodes in all orders.
    fn shortest(
        &mut self,
        nodes: &mut [u32],
        issuer: &Issuer,
        left: usize,
    ) -> Result<Path, Refusal> {
        let mut chosen: Option<Path> = None;
        nodes.sort_unstable();
        loop {
            self.spend(1 + nodes.len() + issuer.order().len())?;
            if let Some(path) = self.path(nodes, issuer, chosen.as_ref(), left)? {
                chosen = Some(path);
            }
            if !next_permutation(nodes) {
                break;
            }
        }
        // The first order is always chosen: it has nothing to be longer than.
        Ok(chosen.unwrap_or_else(|| Path { text: String::new(), issuer: issuer.clone() }))
    }

    /// The path through nodes in this order, unless the chosen one is less.
    fn path(
        &mut self,
        nodes: &[u32],
        issuer: &Issuer,
        chosen: Option<&Path>,
        left: usize,
    ) -> Result<Option<Path>, Refusal> {
        let more = |text: &str| {
            chosen.is_some_and(|chosen| text.len() >= chosen.text.len() && *text > *chosen.text)
        };
        let mut path = Path { text: String::new(), issuer: issuer.clone() };
        let mut deeper = Vec::new();
        for node in nodes {
            match self.canonical.number(*node) {
                Some(number) => path.text.push_str(&format!("_:c14n{number}")),
                None => {
                    if path.issuer.number(*node).is_none() {
                        deeper.push(*node);
                    }
                    path.text.push_str(&trial(path.issuer.issue(*node)));
                }
            }
            if more(&path.text) {
                return Ok(None);
            }
        }
        for node in deeper {
            let (hash, issuer) = self.n_degree(node, path.issuer.clone(), left)?;
            path.text.push_str(&trial(path.issuer.issue(node)));
            path.text.push('<');
            push_hex(&mut path.text, &hash);
            path.text.push('>');
            path.issuer = issuer;
            if more(&path.text) {
                return Ok(None);
            }
        }
        let is_less = chosen.is_none_or(|chosen| path.text < chosen.text);
        Ok(is_less.then_some(path))
    }
}

/// A name that is only tried.
fn trial(number: usize) -> String {
    format!("_:b{number}")
}

/// The hash of a node's own quads, in which it is `a` and every other blank node `z`.
fn first_degree(graph: &Graph<'_>, blank: usize) -> Hash {
    let label = |other: u32, text: &mut String| {
        text.push_str(if other as usize == blank { "_:a" } else { "_:z" });
    };
    let lines = graph.mentions[blank].iter().map(|line| graph.lines[*line].text(label));
    let mut lines: Vec<String> = lines.collect();
    lines.sort_unstable();
    Sha256::digest(lines.concat().as_bytes()).into()
}

fn push_hex(text: &mut String, hash: &Hash) {
    for byte in hash {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
        }
    }
}

/// The next order in the order of orders; false after the last.
fn next_permutation(nodes: &mut [u32]) -> bool {
    let Some(at) = nodes.windows(2).rposition(|pair| pair[0] < pair[1]) else { return false };
    let Some(with) = nodes.iter().rposition(|node| *node > nodes[at]) else { return false };
    nodes.swap(at, with);
    nodes[at + 1..].reverse();
    true
}
