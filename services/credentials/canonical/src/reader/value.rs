//! Values: names of things, literals, lists, objects within.

use std::borrow::Cow;

use serde_json::Value;

use super::Source;
use super::node::{Here, Reader};
use crate::contexts::{Active, Coercion, Container, Found};
use crate::jcs::jcs;
use crate::number::{Lexical, lexical};
use crate::place::Place;
use crate::quad::{STRING, Term};
use crate::refusal::{Reason, Refusal};
use crate::strict_json::is_control;

const FIRST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first";
const REST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest";
const NIL: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil";
const JSON: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON";
const BOOLEAN: &str = "http://www.w3.org/2001/XMLSchema#boolean";
const INTEGER: &str = "http://www.w3.org/2001/XMLSchema#integer";
const DOUBLE: &str = "http://www.w3.org/2001/XMLSchema#double";

impl<'a> Reader<'a, '_> {
    /// The whole value as one literal, if that is how its member takes it.
    pub(super) fn json(
        &self,
        found: &Found,
        value: &Value,
        place: Place,
    ) -> Result<Option<Term<'a>>, Refusal> {
        if found.definition.coercion != Coercion::Json || value.is_null() {
            return Ok(None);
        }
        let text = jcs(value).map_err(|mut refusal| {
            refusal.pointer.insert_str(0, &self.places.pointer(place));
            refusal
        })?;
        self.text(&text, place)?;
        Ok(Some(literal(text.into(), Cow::Borrowed(JSON))))
    }

    /// A list's head; its quads all have the list's place.
    pub(super) fn list(
        &mut self,
        found: &Found,
        value: &'a Value,
        here: Here,
    ) -> Result<Term<'a>, Refusal> {
        let source = Source { place: here.place, node: here.node };
        let mut cells = Vec::new();
        match value {
            Value::Array(values) => {
                for (index, value) in values.iter().enumerate() {
                    let place = self.places.element(here.place, index);
                    cells.push(self.object(found, value, Here { place, ..here })?);
                }
            }
            value => cells.push(self.object(found, value, here)?),
        }
        let mut head = Term::Iri(Cow::Borrowed(NIL));
        for value in cells.into_iter().rev() {
            let cell = self.blank();
            self.say(&cell, FIRST, value, source)?;
            self.say(&cell, REST, head, source)?;
            head = cell;
        }
        Ok(head)
    }

    /// One value of a member.
    pub(super) fn object(
        &mut self,
        found: &Found,
        value: &'a Value,
        here: Here,
    ) -> Result<Term<'a>, Refusal> {
        let (scoped, place) = (found.definition.scoped, here.place);
        let is_graph = found.definition.container == Container::Graph;
        match value {
            Value::Null => {
                Err(self.refusal(Reason::Null, place, "says nothing; leave the member out"))
            }
            Value::Array(_) => {
                Err(self.refusal(Reason::NestedArray, place, "is an array within an array"))
            }
            Value::Object(members) if is_graph => self.graph(members, here, scoped),
            Value::Object(members) => self.node(members, here, scoped),
            _ if is_graph => Err(self.refusal(Reason::NotAnObject, place, "must be an object")),
            Value::String(text) => {
                let active = self.within(here.active, scoped, place)?;
                self.string(found, active, text, place)
            }
            Value::Bool(_) | Value::Number(_) => self.scalar(found, value, place),
        }
    }

    fn string(
        &self,
        found: &Found,
        active: Active,
        text: &'a str,
        place: Place,
    ) -> Result<Term<'a>, Refusal> {
        match found.definition.coercion {
            Coercion::Iri => self.iri(active, text, place),
            Coercion::Vocab => self.term(active, text, place),
            Coercion::Plain | Coercion::Json | Coercion::Typed(_) => {
                self.text(text, place)?;
                Ok(literal(text.into(), self.actives.datatype(found).unwrap_or(STRING.into())))
            }
        }
    }

    /// True, false and numbers, as text of the member's datatype or of their own.
    fn scalar(&self, found: &Found, value: &Value, place: Place) -> Result<Term<'a>, Refusal> {
        if matches!(found.definition.coercion, Coercion::Iri | Coercion::Vocab) {
            return Err(self.refusal(Reason::WrongKind, place, "must be a string or an object"));
        }
        let (text, own) = match value {
            Value::Number(number) => match lexical(number) {
                Ok(Lexical::Integer(text)) => (text, INTEGER),
                Ok(Lexical::Double(text)) => (text, DOUBLE),
                Err(sentence) => return Err(self.refusal(Reason::BadNumber, place, sentence)),
            },
            value => (value.to_string(), BOOLEAN),
        };
        Ok(literal(text.into(), self.actives.datatype(found).unwrap_or(own.into())))
    }

    /// A name that the contexts define.
    fn term(&self, active: Active, name: &str, place: Place) -> Result<Term<'a>, Refusal> {
        let found = self.actives.find(active, name).map(|found| found.definition);
        match found.filter(|term| !term.is_kind() && !term.prefix) {
            Some(term) => Ok(Term::Iri(Cow::Borrowed(term.iri))),
            None => {
                let sentence = "is no name that the contexts in force define for it";
                Err(self.refusal(Reason::UnknownTerm, place, sentence))
            }
        }
    }

    /// An absolute IRI, which N-Quads can hold as it is.
    pub(super) fn iri(
        &self,
        active: Active,
        iri: &'a str,
        place: Place,
    ) -> Result<Term<'a>, Refusal> {
        let refuse = |sentence| Err(self.refusal(Reason::BadIri, place, sentence));
        if iri.starts_with("_:") {
            return refuse("is a blank node's label; name it by an IRI, or leave the id out");
        }
        if self.actives.prefixed(active, iri).is_some() {
            return refuse("is short for an IRI; write it out");
        }
        if !is_absolute(iri) {
            return refuse("is no absolute IRI");
        }
        Ok(Term::Iri(iri.into()))
    }

    fn text(&self, text: &str, place: Place) -> Result<(), Refusal> {
        let Some(c) = text.chars().find(|c| is_control(*c)) else { return Ok(()) };
        let sentence = format!("holds the control character U+{:04X}", u32::from(c));
        Err(self.refusal(Reason::ControlCharacter, place, sentence))
    }
}

fn literal<'a>(value: Cow<'a, str>, datatype: Cow<'a, str>) -> Term<'a> {
    Term::Literal { value, datatype, language: None }
}

/// Whether it begins with a scheme and holds nothing that ends an IRI in N-Quads.
fn is_absolute(iri: &str) -> bool {
    let Some((scheme, _)) = iri.split_once(':') else { return false };
    let mut letters = scheme.chars();
    letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-'))
        && !iri
            .contains(|c: char| c.is_control() || c.is_whitespace() || r#"<>"{}|^`\"#.contains(c))
}
