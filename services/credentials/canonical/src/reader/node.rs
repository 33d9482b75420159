//! Objects: what they are called, what kinds of thing they are, and their members.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::said::Said;
use super::{Source, TYPE};
use crate::contexts::{Active, Actives, Clash, Container, Definition, Found, Scoped, named};
use crate::limits::Limits;
use crate::place::{Place, Places};
use crate::quad::{Quad, Term};
use crate::refusal::{Reason, Refusal};

pub(super) type Members = Map<String, Value>;

/// A type in force, and where it is named.
type Kind = (&'static Definition, Place);

/// The state of one reading.
pub(super) struct Reader<'a, 'l> {
    limits: &'l Limits,
    pub(super) actives: Actives,
    pub(super) places: Places<'a>,
    pub(super) quads: Vec<Quad<'a>>,
    pub(super) sources: Vec<Source>,
    /// The graph that is being said; `None` is the default graph.
    graph: Option<Term<'a>>,
    blanks: usize,
    said: Said<'a>,
}

/// Where a value stands.
#[derive(Clone, Copy)]
pub(super) struct Here {
    /// The contexts in force around it.
    pub(super) active: Active,
    /// The value.
    pub(super) place: Place,
    /// The object that it belongs to.
    pub(super) node: Place,
    /// How much deeper it may go.
    pub(super) left: usize,
}

impl<'a, 'l> Reader<'a, 'l> {
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self {
            limits,
            actives: Actives::default(),
            places: Places::default(),
            quads: Vec::new(),
            sources: Vec::new(),
            graph: None,
            blanks: 0,
            said: Said::default(),
        }
    }

    pub(super) fn document(&mut self, members: &'a Members) -> Result<(), Refusal> {
        let (active, place) = (Actives::EMPTY, Places::ROOT);
        let here = Here { active, place, node: place, left: self.limits.depth() };
        self.node(members, here, Scoped::Nothing).map(drop)
    }

    /// One object: says all its quads, and gives its name.
    pub(super) fn node(
        &mut self,
        members: &'a Members,
        here: Here,
        scoped: Scoped,
    ) -> Result<Term<'a>, Refusal> {
        let node = here.place;
        let Some(left) = here.left.checked_sub(1) else {
            return Err(self.refusal(Reason::TooDeep, node, "lies deeper than allowed"));
        };
        let only_named = members.len() == 1 && members.contains_key("id");
        let active = if only_named { here.active } else { self.actives.inside(here.active) };
        let active = self.within(active, scoped, node)?;
        let active = self.contexts(active, members, node)?;
        let kinds = self.kinds(active, members, node)?;
        let active = self.of_kinds(active, &kinds, node)?;
        let subject = self.subject(active, members, node)?;
        for (kind, place) in &kinds {
            let object = Term::Iri(Cow::Borrowed(kind.iri));
            self.say(&subject, TYPE, object, Source { place: *place, node })?;
        }
        self.note(members, &kinds, node)?;
        for (name, value) in members.iter().filter(|(name, _)| !is_header(name)) {
            let place = self.places.member(node, name);
            let found = self.defined(active, name, place)?;
            self.member(&subject, &found, value, Here { active, place, node, left })?;
        }
        Ok(subject)
    }

    /// The contexts that an object names, on top of those around it.
    fn contexts(&mut self, on: Active, members: &'a Members, at: Place) -> Result<Active, Refusal> {
        let Some(value) = members.get("@context") else { return Ok(on) };
        let place = self.places.member(at, "@context");
        let Value::Array(names) = value else { return self.context(on, value, place) };
        if names.is_empty() && at == Places::ROOT {
            return Err(self.refusal(Reason::MissingContext, place, "names no context"));
        }
        names.iter().enumerate().try_fold(on, |on, (index, name)| {
            let place = self.places.element(place, index);
            self.context(on, name, place)
        })
    }

    fn context(&mut self, on: Active, name: &Value, place: Place) -> Result<Active, Refusal> {
        let Some(url) = name.as_str() else {
            let sentence = "must be the URL of a context: one written out could rename members";
            return Err(self.refusal(Reason::InlineContext, place, sentence));
        };
        let Some(context) = named(url) else {
            let sentence = "is none of the contexts known here";
            return Err(self.refusal(Reason::UnknownContext, place, sentence));
        };
        self.actives.named(on, context).map_err(|clash| self.clash(clash, place))
    }

    /// With the context that a member brings for its value.
    pub(super) fn within(
        &mut self,
        on: Active,
        scoped: Scoped,
        place: Place,
    ) -> Result<Active, Refusal> {
        self.actives.of_member(on, scoped).map_err(|clash| self.clash(clash, place))
    }

    fn clash(&self, clash: Clash, place: Place) -> Refusal {
        match clash {
            Clash::Redefines(term) => {
                let sentence = format!("brings another meaning of {term:?}, which is protected");
                self.refusal(Reason::ProtectedTerm, place, sentence)
            }
            Clash::TooMany => {
                self.refusal(Reason::TooDeep, place, "puts too many contexts on top of one another")
            }
        }
    }

    /// The kinds of thing that an object says it is.
    fn kinds(
        &mut self,
        active: Active,
        members: &'a Members,
        at: Place,
    ) -> Result<Vec<Kind>, Refusal> {
        let Some(value) = members.get("type") else { return Ok(Vec::new()) };
        let place = self.places.member(at, "type");
        if !self.actives.has_aliases(active) {
            return Err(self.refusal(Reason::UnknownTerm, place, "is not defined here"));
        }
        let Value::Array(names) = value else { return Ok(vec![self.kind(active, value, place)?]) };
        let mut kinds = Vec::with_capacity(names.len());
        for (index, name) in names.iter().enumerate() {
            let place = self.places.element(place, index);
            kinds.push(self.kind(active, name, place)?);
        }
        Ok(kinds)
    }

    fn kind(&self, active: Active, name: &Value, place: Place) -> Result<Kind, Refusal> {
        let Some(name) = name.as_str() else {
            return Err(self.refusal(Reason::WrongKind, place, "must be the name of a type"));
        };
        let found = self.actives.find(active, name).map(|found| found.definition);
        found.filter(|kind| kind.is_kind()).map(|kind| (kind, place)).ok_or_else(|| {
            let sentence = "is no type that the contexts in force define";
            self.refusal(Reason::UnknownType, place, sentence)
        })
    }

    /// With the types' own contexts, in the order of the types' names.
    fn of_kinds(&mut self, on: Active, kinds: &[Kind], place: Place) -> Result<Active, Refusal> {
        let mut sorted: Vec<_> = kinds.iter().map(|(kind, _)| *kind).collect();
        sorted.sort_by_key(|kind| kind.name);
        sorted.into_iter().try_fold(on, |on, kind| {
            self.actives.of_kind(on, kind).map_err(|clash| self.clash(clash, place))
        })
    }

    /// What an object is called: its id, or a blank node of its own.
    fn subject(
        &mut self,
        active: Active,
        members: &'a Members,
        at: Place,
    ) -> Result<Term<'a>, Refusal> {
        let Some(value) = members.get("id") else { return Ok(self.blank()) };
        let place = self.places.member(at, "id");
        if !self.actives.has_aliases(active) {
            return Err(self.refusal(Reason::UnknownTerm, place, "is not defined here"));
        }
        match value {
            Value::String(id) => self.iri(active, id, place),
            _ => Err(self.refusal(Reason::WrongKind, place, "must be an IRI as a string")),
        }
    }

    pub(super) fn blank(&mut self) -> Term<'a> {
        let label = format!("b{}", self.blanks);
        self.blanks += 1;
        Term::Blank(label.into())
    }

    /// Remembers who said what, so that a credential is said in one place.
    fn note(&mut self, members: &'a Members, kinds: &[Kind], place: Place) -> Result<(), Refusal> {
        if self.said.agrees(members, kinds.iter().map(|(kind, _)| kind.iri)) {
            return Ok(());
        }
        let sentence = "has the id of a credential and says other things of it than another object \
                        does: a reader of either would miss some";
        Err(self.refusal(Reason::ScatteredCredential, place, sentence))
    }

    /// What a member means.
    fn defined(&self, active: Active, name: &str, place: Place) -> Result<Found, Refusal> {
        if name.contains([':', '@']) {
            let sentence = "is an IRI or a keyword; use the name that the context has for it";
            return Err(self.refusal(Reason::IriMember, place, sentence));
        }
        let found = self.actives.find(active, name);
        let member = found.filter(|found| !found.definition.is_kind() && !found.definition.prefix);
        member.ok_or_else(|| {
            let sentence = "is no member that the contexts in force define for this object";
            self.refusal(Reason::UnknownTerm, place, sentence)
        })
    }

    /// The values of one member, each in its place.
    fn member(
        &mut self,
        subject: &Term<'a>,
        found: &Found,
        value: &'a Value,
        here: Here,
    ) -> Result<(), Refusal> {
        let predicate = found.definition.iri;
        let source = Source { place: here.place, node: here.node };
        if let Some(json) = self.json(found, value, here.place)? {
            return self.say(subject, predicate, json, source);
        }
        if found.definition.container == Container::List {
            let list = self.list(found, value, here)?;
            return self.say(subject, predicate, list, source);
        }
        let Value::Array(values) = value else {
            let object = self.object(found, value, here)?;
            return self.say(subject, predicate, object, source);
        };
        for (index, value) in values.iter().enumerate() {
            let place = self.places.element(here.place, index);
            let object = self.object(found, value, Here { place, ..here })?;
            self.say(subject, predicate, object, Source { place, node: here.node })?;
        }
        Ok(())
    }

    /// The quads of one object, in a graph of its own with a blank node for a name.
    pub(super) fn graph(
        &mut self,
        members: &'a Members,
        here: Here,
        scoped: Scoped,
    ) -> Result<Term<'a>, Refusal> {
        let name = self.blank();
        let before = self.quads.len();
        let around = self.graph.replace(name.clone());
        let said = self.node(members, here, scoped);
        self.graph = around;
        said?;
        if self.quads.len() == before {
            return Err(self.refusal(Reason::Empty, here.place, "says nothing"));
        }
        Ok(name)
    }

    pub(super) fn say(
        &mut self,
        subject: &Term<'a>,
        predicate: &'static str,
        object: Term<'a>,
        source: Source,
    ) -> Result<(), Refusal> {
        if self.quads.len() >= self.limits.quads {
            let sentence = format!("comes to more than {} quads", self.limits.quads);
            return Err(Refusal::whole(Reason::TooManyQuads, sentence));
        }
        let (subject, graph) = (subject.clone(), self.graph.clone());
        self.quads.push(Quad { subject, predicate: predicate.into(), object, graph });
        self.sources.push(source);
        Ok(())
    }

    pub(super) fn refusal(
        &self,
        reason: Reason,
        place: Place,
        sentence: impl Into<String>,
    ) -> Refusal {
        Refusal::new(reason, self.places.pointer(place), sentence)
    }
}

/// The members that say what an object is; the others say something of it.
pub(super) fn is_header(name: &str) -> bool {
    matches!(name, "@context" | "id" | "type")
}
