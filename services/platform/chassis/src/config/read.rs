//! From the laid layers to the struct that a service wants.
//!
//! A deserializer of our own, because only it knows at the same time where it stands, who gave the
//! value, and which type is wanted there.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use toml::{Table, Value};

use super::error::{ConfigError, Origin};
use super::tree::{Entries, Entry, Node};

pub(super) fn read<T: DeserializeOwned>(entries: &Entries) -> Result<T, ConfigError> {
    let fields = Fields::new(entries, String::new());
    T::deserialize(MapAccessDeserializer::new(fields)).map_err(Problem::finish)
}

/// What is wrong, and where as soon as that is known.
#[derive(Debug)]
pub(super) struct Problem {
    kind: Kind,
    at: Option<(String, Origin)>,
}

#[derive(Debug)]
enum Kind {
    Unknown(&'static [&'static str]),
    Missing(&'static str),
    Invalid(String),
}

impl Problem {
    fn new(kind: Kind) -> Self {
        Self { kind, at: None }
    }

    /// The innermost place is the right one, so the first to say it is believed.
    fn at(mut self, path: &str, origin: &Origin) -> Self {
        self.at.get_or_insert_with(|| (path.to_owned(), origin.clone()));
        self
    }

    fn finish(self) -> ConfigError {
        let (path, origin) =
            self.at.unwrap_or_else(|| (String::new(), Origin::Flag(String::new())));
        match self.kind {
            Kind::Unknown(known) => ConfigError::Unknown {
                key: path,
                origin,
                known: known.iter().map(|key| (*key).to_owned()).collect(),
            },
            Kind::Missing(field) => ConfigError::Missing { key: join(&path, field) },
            Kind::Invalid(problem) => ConfigError::Invalid { key: path, origin, problem },
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.kind)
    }
}

impl std::error::Error for Problem {}

impl de::Error for Problem {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Kind::Invalid(message.to_string()))
    }

    // The usual texts repeat the value; ours must not.
    fn invalid_type(found: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        let found = match found {
            Unexpected::Bool(_) => "a boolean",
            Unexpected::Unsigned(_) | Unexpected::Signed(_) => "a whole number",
            Unexpected::Float(_) => "a fraction",
            Unexpected::Str(_) => "a text",
            Unexpected::Seq => "a list",
            Unexpected::Map => "a table",
            _ => "something else",
        };
        Self::custom(format_args!("expected {expected}, found {found}"))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::custom(format_args!("expected {expected}"))
    }

    fn unknown_variant(_: &str, known: &'static [&'static str]) -> Self {
        Self::custom(format_args!("expected one of {}", known.join(", ")))
    }

    fn unknown_field(_: &str, known: &'static [&'static str]) -> Self {
        Self::new(Kind::Unknown(known))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(Kind::Missing(field))
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// The entries of one table, in order.
struct Fields<'a> {
    path: String,
    rest: std::collections::btree_map::Iter<'a, String, Entry>,
    current: Option<(String, &'a Entry)>,
}

impl<'a> Fields<'a> {
    fn new(entries: &'a Entries, path: String) -> Self {
        Self { path, rest: entries.iter(), current: None }
    }
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Problem;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Problem> {
        let Some((key, entry)) = self.rest.next() else { return Ok(None) };
        let path = join(&self.path, key);
        let name: StrDeserializer<'_, Problem> = key.as_str().into_deserializer();
        let value = seed.deserialize(name).map_err(|problem| problem.at(&path, &entry.origin))?;
        self.current = Some((path, entry));
        Ok(Some(value))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Problem> {
        let (path, entry) =
            self.current.take().ok_or_else(|| de::Error::custom("a value without a key"))?;
        let place = Place { path: &path, entry };
        seed.deserialize(place).map_err(|problem| problem.at(&path, &entry.origin))
    }
}

/// The items of one list, in order.
struct Items<'a> {
    path: &'a str,
    rest: std::slice::Iter<'a, Entry>,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Problem;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Problem> {
        self.rest.next().map(|entry| seed.deserialize(Place { path: self.path, entry })).transpose()
    }
}

/// One entry and its path.
#[derive(Clone, Copy)]
struct Place<'a> {
    path: &'a str,
    entry: &'a Entry,
}

impl Place<'_> {
    fn text(&self) -> Option<&str> {
        match &self.entry.node {
            Node::Text(text) | Node::Scalar(Value::String(text)) => Some(text),
            _ => None,
        }
    }
}

impl<'de> Deserializer<'de> for Place<'_> {
    type Error = Problem;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match &self.entry.node {
            Node::Table(entries) => visitor.visit_map(Fields::new(entries, self.path.to_owned())),
            Node::List(items) => visitor.visit_seq(Items { path: self.path, rest: items.iter() }),
            Node::Scalar(Value::Integer(number)) => visitor.visit_i64(*number),
            Node::Scalar(Value::Float(number)) => visitor.visit_f64(*number),
            Node::Scalar(Value::Boolean(truth)) => visitor.visit_bool(*truth),
            Node::Scalar(Value::String(text)) => visitor.visit_str(text),
            Node::Scalar(other) => visitor.visit_str(&other.to_string()),
            Node::Text(text) => {
                let entry = Entry::from_toml(literal(text), &self.entry.origin);
                Place { path: self.path, entry: &entry }.deserialize_any(visitor)
            }
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.text() {
            Some(text) => visitor.visit_str(text),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Problem> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        match (&self.entry.node, self.text()) {
            (_, Some(text)) => {
                let variant: StrDeserializer<'_, Problem> = text.into_deserializer();
                variant.deserialize_enum(name, variants, visitor)
            }
            (Node::Table(entries), _) => {
                let fields = Fields::new(entries, self.path.to_owned());
                MapAccessDeserializer::new(fields).deserialize_enum(name, variants, visitor)
            }
            _ => Err(de::Error::custom(format_args!("expected one of {}", variants.join(", ")))),
        }
    }

    /// What a struct without `deny_unknown_fields` would skip is unknown all the same.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Problem> {
        Err(Problem::new(Kind::Unknown(&[])))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier
    }
}

/// A text from outside the file as TOML would read it; a text if it is nothing else.
fn literal(text: &str) -> Value {
    let parsed = format!("value = {text}").parse::<Table>();
    match parsed {
        Ok(mut table) if table.len() == 1 => {
            table.remove("value").unwrap_or_else(|| Value::String(text.to_owned()))
        }
        _ => Value::String(text.to_owned()),
    }
}
