//! JSON-LD 1.1 in a closed world: a document in the pinned contexts, as quads.

mod node;
mod said;
mod value;

use serde_json::Value;

use crate::limits::Limits;
use crate::place::{Place, Places};
use crate::quad::{Dataset, Quad};
use crate::refusal::{Reason, Refusal};
use node::Reader;

/// `rdf:type`; no context has a member for it.
const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

/// What a document says.
#[derive(Debug)]
pub struct Reading<'a> {
    document: &'a Value,
    dataset: Dataset<'a>,
    sources: Vec<Source>,
    places: Places<'a>,
}

/// Where a quad comes from.
#[derive(Debug, Clone, Copy)]
struct Source {
    /// The value or type that makes it.
    place: Place,
    /// The object that it is about.
    node: Place,
}

/// Reads a document as JSON-LD. What [`crate::parse_json`] would refuse in it, beside members twice,
/// is refused here too.
///
/// # Errors
/// It names no context, or another than the pinned ones; uses a name that they do not define; or
/// holds what different readers would understand differently. See [`Reason`].
pub fn read<'a>(document: &'a Value, limits: &Limits) -> Result<Reading<'a>, Refusal> {
    let Some(members) = document.as_object() else {
        return Err(Refusal::whole(Reason::NotAnObject, "must be a JSON object"));
    };
    if !members.contains_key("@context") {
        return Err(Refusal::whole(Reason::MissingContext, "names no @context"));
    }
    let mut reader = Reader::new(limits);
    reader.document(members)?;
    let Reader { quads, sources, places, .. } = reader;
    if quads.is_empty() {
        return Err(Refusal::whole(Reason::Empty, "says nothing"));
    }
    Ok(Reading { document, dataset: Dataset { quads }, sources, places })
}

impl<'a> Reading<'a> {
    /// The quads, in the order in which the document makes them.
    pub fn dataset(&self) -> &Dataset<'a> {
        &self.dataset
    }

    /// The quads alone.
    pub fn into_dataset(self) -> Dataset<'a> {
        self.dataset
    }

    /// JSON pointer to what makes the quad of this number; a list's quads all have the list's.
    pub fn pointer(&self, quad: usize) -> Option<String> {
        self.sources.get(quad).map(|source| self.places.pointer(source.place))
    }

    /// Which quads are disclosed with the values at these JSON pointers: the values whole, and, of
    /// each object on the way to them, its types and the link to the next. A list goes whole.
    ///
    /// # Errors
    /// A pointer leads nowhere.
    pub fn select(&self, pointers: &[&str]) -> Result<Vec<bool>, Refusal> {
        if let Some(lost) = pointers.iter().find(|at| self.document.pointer(at).is_none()) {
            let sentence = "leads nowhere in the document";
            return Err(Refusal::new(Reason::UnknownPlace, (*lost).to_owned(), sentence));
        }
        let pairs = self.dataset.quads.iter().zip(&self.sources);
        Ok(pairs.map(|(quad, source)| self.is_selected(quad, source, pointers)).collect())
    }

    fn is_selected(&self, quad: &Quad<'a>, source: &Source, pointers: &[&str]) -> bool {
        let place = self.places.pointer(source.place);
        if pointers.iter().any(|at| holds(at, &place) || holds(&place, at)) {
            return true;
        }
        let node = || self.places.pointer(source.node);
        quad.predicate == TYPE && pointers.iter().any(|at| holds(&node(), at))
    }
}

/// Whether a pointer is another's, or of something around it.
fn holds(outer: &str, inner: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
