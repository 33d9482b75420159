//! Quads, as they are named in a document: blank nodes still by labels of its own.

use std::borrow::Cow;

use crate::nquads;

/// The datatype that N-Quads leaves out.
pub(crate) const STRING: &str = "http://www.w3.org/2001/XMLSchema#string";
/// The datatype of literals with a language.
pub(crate) const LANG_STRING: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString";

/// What a quad is made of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Term<'a> {
    /// An IRI, without the angle brackets.
    Iri(Cow<'a, str>),
    /// A blank node's label, without the `_:`.
    Blank(Cow<'a, str>),
    /// A literal; never a subject or a graph.
    Literal {
        /// Its text, not escaped.
        value: Cow<'a, str>,
        /// Its datatype's IRI; with a language it is `rdf:langString`.
        datatype: Cow<'a, str>,
        /// Its language tag.
        language: Option<Cow<'a, str>>,
    },
}

/// A statement, in a graph.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quad<'a> {
    /// An IRI or a blank node.
    pub subject: Term<'a>,
    /// An IRI, without the angle brackets.
    pub predicate: Cow<'a, str>,
    /// Anything.
    pub object: Term<'a>,
    /// An IRI or a blank node; `None` is the default graph.
    pub graph: Option<Term<'a>>,
}

impl Quad<'_> {
    /// The quad as one line of canonical N-Quads, with its newline. `label` says what a blank node is
    /// called in it, without the `_:`.
    pub fn line<'l>(&self, label: impl Fn(&str) -> Cow<'l, str>) -> String {
        let mut line = String::new();
        nquads::write(&mut line, self, &label);
        line
    }
}

/// Statements in the order in which the document makes them; one may be there several times, and
/// counts once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dataset<'a> {
    /// The quads.
    pub quads: Vec<Quad<'a>>,
}

impl Dataset<'_> {
    /// Every quad's line under other labels, in the order of the quads: what a proof that signs
    /// quads one by one relabels, sorts and groups.
    pub fn lines<'l>(&self, label: impl Fn(&str) -> Cow<'l, str>) -> Vec<String> {
        self.quads.iter().map(|quad| quad.line(&label)).collect()
    }
}

impl<'a> FromIterator<Quad<'a>> for Dataset<'a> {
    fn from_iter<I: IntoIterator<Item = Quad<'a>>>(quads: I) -> Self {
        Self { quads: quads.into_iter().collect() }
    }
}
