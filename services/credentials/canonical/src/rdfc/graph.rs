//! A dataset made ready: blank nodes as numbers, everything else as it will be written.

use std::collections::HashMap;

use crate::limits::Limits;
use crate::nquads::{write_ground, write_iri};
use crate::quad::{Dataset, Quad, Term};
use crate::refusal::{Reason, Refusal};

/// A component of a quad.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Ground(String),
    Blank(u32),
}

/// One quad, ready to be written.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Line {
    subject: Part,
    /// Never a blank node.
    predicate: Part,
    object: Part,
    graph: Option<Part>,
}

impl Line {
    /// The line with its newline; `label` writes a blank node.
    pub(super) fn text(&self, label: impl Fn(u32, &mut String)) -> String {
        let mut text = String::new();
        let mut push = |part: &Part| {
            match part {
                Part::Ground(ground) => text.push_str(ground),
                Part::Blank(blank) => label(*blank, &mut text),
            }
            text.push(' ');
        };
        push(&self.subject);
        push(&self.predicate);
        push(&self.object);
        if let Some(graph) = &self.graph {
            push(graph);
        }
        text.push_str(".\n");
        text
    }

    /// The predicate, in angle brackets.
    pub(super) fn predicate(&self) -> &str {
        match &self.predicate {
            Part::Ground(predicate) => predicate,
            Part::Blank(_) => "",
        }
    }

    /// The blank nodes in it, each with the letter of its position.
    pub(super) fn blanks(&self) -> impl Iterator<Item = (char, u32)> {
        let parts =
            [('s', Some(&self.subject)), ('o', Some(&self.object)), ('g', self.graph.as_ref())];
        parts.into_iter().filter_map(|(position, part)| match part {
            Some(Part::Blank(blank)) => Some((position, *blank)),
            _ => None,
        })
    }
}

/// All quads, each once.
pub(super) struct Graph<'a> {
    pub(super) lines: Vec<Line>,
    /// The dataset's label of each blank node.
    pub(super) labels: Vec<&'a str>,
    /// For each blank node, the lines that it is in.
    pub(super) mentions: Vec<Vec<usize>>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(dataset: &'a Dataset<'_>, limits: &Limits) -> Result<Self, Refusal> {
        if dataset.quads.len() > limits.quads {
            let sentence = format!("has {} quads, more than {}", dataset.quads.len(), limits.quads);
            return Err(Refusal::whole(Reason::TooManyQuads, sentence));
        }
        let mut numbers = Numbers::default();
        let mut lines: Vec<Line> = dataset.quads.iter().map(|quad| numbers.line(quad)).collect();
        lines.sort_unstable();
        lines.dedup();
        let mut mentions = vec![Vec::new(); numbers.labels.len()];
        for (at, line) in lines.iter().enumerate() {
            for (_, blank) in line.blanks() {
                let mentions: &mut Vec<usize> = &mut mentions[blank as usize];
                if mentions.last() != Some(&at) {
                    mentions.push(at);
                }
            }
        }
        Ok(Self { lines, labels: numbers.labels, mentions })
    }
}

/// Blank nodes by the order in which they are met.
#[derive(Default)]
struct Numbers<'a> {
    of: HashMap<&'a str, u32>,
    labels: Vec<&'a str>,
}

impl<'a> Numbers<'a> {
    fn line(&mut self, quad: &'a Quad<'_>) -> Line {
        let mut predicate = String::new();
        write_iri(&mut predicate, &quad.predicate);
        Line {
            subject: self.part(&quad.subject),
            predicate: Part::Ground(predicate),
            object: self.part(&quad.object),
            graph: quad.graph.as_ref().map(|graph| self.part(graph)),
        }
    }

    fn part(&mut self, term: &'a Term<'_>) -> Part {
        let Term::Blank(label) = term else {
            let mut ground = String::new();
            write_ground(&mut ground, term);
            return Part::Ground(ground);
        };
        let labels = &mut self.labels;
        Part::Blank(*self.of.entry(label).or_insert_with(|| {
            labels.push(label);
            // Far fewer than 2^32: quads are limited, and each has at most three.
            u32::try_from(labels.len() - 1).unwrap_or(u32::MAX)
        }))
    }
}
