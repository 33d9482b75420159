//! Contexts on top of one another: which definition of a name is in force at a place.

use std::borrow::Cow;
use std::collections::HashMap;

use super::term::{Coercion, Context, Definition, Scoped};

/// The contexts in force, by their number in [`Actives`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Active(usize);

/// How a context comes to be in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Way {
    /// The document names it.
    Named,
    /// A type brings it: for this one object, not for those inside it.
    Kind,
    /// A member brings it, and may redefine what is protected.
    Member,
}

/// Why contexts cannot be on top of one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clash {
    /// The upper one gives this protected term another meaning.
    Redefines(&'static str),
    /// There are more of them than any honest document has.
    TooMany,
}

/// Most contexts on top of one another: a dozen is common in a record of records.
const HIGHEST: usize = 64;

/// Most stacks of contexts in a document: a record has some dozens, however many badges are in it.
const MOST: usize = 1_000;

#[derive(Debug)]
struct Layer {
    context: &'static Context,
    below: Active,
    height: usize,
    /// What objects inside go back to.
    outside: Option<Active>,
    way: Way,
}

/// All stacks of contexts of one document, each made once.
#[derive(Debug, Default)]
pub(crate) struct Actives {
    layers: Vec<Layer>,
    made: HashMap<(Active, *const Context, Way), Result<Active, Clash>>,
}

/// A definition in force.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub(crate) definition: &'static Definition,
    at: Active,
    protected: bool,
}

impl Actives {
    /// No context at all.
    pub(crate) const EMPTY: Active = Active(usize::MAX);

    /// With a context that the document names.
    ///
    /// # Errors
    /// It redefines a protected term, or there are too many.
    pub(crate) fn named(&mut self, on: Active, context: &'static Context) -> Result<Active, Clash> {
        self.with(on, context, Way::Named)
    }

    /// With the context of an object's type.
    ///
    /// # Errors
    /// It redefines a protected term, or there are too many.
    pub(crate) fn of_kind(&mut self, on: Active, kind: &Definition) -> Result<Active, Clash> {
        match kind.scoped {
            Scoped::Nothing => Ok(on),
            Scoped::Null => Ok(Self::EMPTY),
            Scoped::Context(context) => self.with(on, context, Way::Kind),
        }
    }

    /// With the context that a member brings for its value; it may redefine anything.
    ///
    /// # Errors
    /// There are too many.
    pub(crate) fn of_member(&mut self, on: Active, scoped: Scoped) -> Result<Active, Clash> {
        match scoped {
            Scoped::Nothing => Ok(on),
            Scoped::Null => Ok(Self::EMPTY),
            Scoped::Context(context) => self.with(on, context, Way::Member),
        }
    }

    /// What is in force in an object inside: contexts of types end.
    pub(crate) fn inside(&self, active: Active) -> Active {
        self.layers.get(active.0).and_then(|layer| layer.outside).unwrap_or(active)
    }

    /// The definition in force of a name.
    pub(crate) fn find(&self, mut active: Active, name: &str) -> Option<Found> {
        while let Some(layer) = self.layers.get(active.0) {
            if let Some(definition) = layer.context.get(name) {
                let protected = self.is_protected(layer, name);
                return Some(Found { definition, at: active, protected });
            }
            active = layer.below;
        }
        None
    }

    /// Whether `id` and `type` stand for the keywords.
    pub(crate) fn has_aliases(&self, mut active: Active) -> bool {
        while let Some(layer) = self.layers.get(active.0) {
            if layer.context.aliases {
                return true;
            }
            active = layer.below;
        }
        false
    }

    /// The datatype of a definition in force, with its prefix written out if one is defined: the
    /// CLR's `xsd:boolean` stays as it is beside Open Badges 3.0.3, which has no `xsd`.
    pub(crate) fn datatype(&self, found: &Found) -> Option<Cow<'static, str>> {
        let Coercion::Typed(datatype) = found.definition.coercion else { return None };
        let whole = self
            .prefixed(found.at, datatype)
            .map(|prefix| datatype.replacen(&format!("{}:", prefix.name), prefix.iri, 1));
        Some(whole.map_or(Cow::Borrowed(datatype), Cow::Owned))
    }

    /// The prefix in force that a name begins with.
    pub(crate) fn prefixed(&self, active: Active, name: &str) -> Option<&'static Definition> {
        let (prefix, rest) = name.split_once(':')?;
        let found = self.find(active, prefix).filter(|_| !rest.starts_with("//"))?;
        Some(found.definition).filter(|definition| definition.prefix)
    }

    /// A term stays protected when a later context repeats it; unless a member's context did.
    fn is_protected(&self, layer: &Layer, name: &str) -> bool {
        let below = || self.find(layer.below, name).is_some_and(|found| found.protected);
        layer.context.protected || (layer.way != Way::Member && below())
    }

    fn with(&mut self, on: Active, context: &'static Context, way: Way) -> Result<Active, Clash> {
        let key = (on, std::ptr::from_ref(context), way);
        if let Some(made) = self.made.get(&key) {
            return *made;
        }
        let made = self.make(on, context, way);
        self.made.insert(key, made);
        made
    }

    fn make(&mut self, on: Active, context: &'static Context, way: Way) -> Result<Active, Clash> {
        let height = self.layers.get(on.0).map_or(0, |layer| layer.height) + 1;
        if height > HIGHEST || self.layers.len() >= MOST {
            return Err(Clash::TooMany);
        }
        let before = self.layers.get(on.0).and_then(|layer| layer.outside);
        let outside = if way == Way::Kind { before.or(Some(on)) } else { before };
        let active = Active(self.layers.len());
        self.layers.push(Layer { context, below: on, height, outside, way });
        if way == Way::Member {
            return Ok(active);
        }
        let redefined = context.terms.iter().find(|definition| {
            let new = Found { definition, at: active, protected: false };
            let old = self.find(on, definition.name).filter(|old| old.protected);
            old.is_some_and(|old| !self.are_alike(&old, &new))
        });
        redefined.map_or(Ok(active), |definition| Err(Clash::Redefines(definition.name)))
    }

    fn are_alike(&self, old: &Found, new: &Found) -> bool {
        let plain =
            |definition: &Definition| Definition { coercion: Coercion::Plain, ..*definition };
        let coercions = match (old.definition.coercion, new.definition.coercion) {
            (Coercion::Typed(_), Coercion::Typed(_)) => self.datatype(old) == self.datatype(new),
            (old, new) => old == new,
        };
        coercions && plain(old.definition) == plain(new.definition)
    }
}
