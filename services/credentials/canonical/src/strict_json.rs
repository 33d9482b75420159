//! JSON as strangers send it: a member may be there once, and nothing is hidden in a string.
//!
//! Parsers differ in which of two members of the same name they keep; a document that means one
//! thing to the signer and another to the verifier must not get in.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::limits::Limits;
use crate::place::escaped;
use crate::refusal::{Reason, Refusal};

/// Reads one JSON document.
///
/// # Errors
/// It is too long, no JSON, too deep, names a member twice, or holds a control character other than
/// tab, line feed and carriage return.
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Value, Refusal> {
    if bytes.len() > limits.bytes {
        let sentence = format!("has {} bytes, more than {}", bytes.len(), limits.bytes);
        return Err(Refusal::whole(Reason::TooLong, sentence));
    }
    let mut walk = Walk { pointer: String::new(), left: limits.depth(), refusal: None };
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let read = Here(&mut walk).deserialize(&mut deserializer);
    let read = read.and_then(|value| deserializer.end().map(|()| value));
    read.map_err(|e| {
        walk.refusal
            .take()
            .unwrap_or_else(|| Refusal::new(Reason::Malformed, walk.pointer, e.to_string()))
    })
}

/// Where the reading is; after an error, where it stopped.
struct Walk {
    pointer: String,
    left: usize,
    refusal: Option<Refusal>,
}

impl Walk {
    /// Notes what is wrong here; the error itself only ends the reading.
    fn refuse<E: Error>(&mut self, reason: Reason, sentence: impl Into<String>) -> E {
        self.refusal = Some(Refusal::new(reason, self.pointer.clone(), sentence));
        E::custom(reason)
    }

    fn text<E: Error>(&mut self, text: &str) -> Result<(), E> {
        match text.chars().find(|c| is_control(*c) && *c != '\t') {
            None => Ok(()),
            Some(c) => {
                let sentence = format!("holds the control character U+{:04X}", u32::from(c));
                Err(self.refuse(Reason::ControlCharacter, sentence))
            }
        }
    }

    fn enter<E: Error>(&mut self) -> Result<(), E> {
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(self.refuse(Reason::TooDeep, "lies deeper than allowed")),
        }
    }
}

/// Characters that implementations have written differently. Line feed and carriage return are
/// written alike by all.
pub(crate) fn is_control(c: char) -> bool {
    c.is_ascii_control() && c != '\n' && c != '\r'
}

struct Here<'w>(&'w mut Walk);

impl<'de> DeserializeSeed<'de> for Here<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Here<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a number"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.0.text(value)?;
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        self.0.enter()?;
        let mut array = Vec::new();
        let here = self.0.pointer.len();
        loop {
            self.0.pointer.push_str(&format!("/{}", array.len()));
            let Some(value) = elements.next_element_seed(Here(self.0))? else { break };
            array.push(value);
            self.0.pointer.truncate(here);
        }
        self.0.pointer.truncate(here);
        self.0.left += 1;
        Ok(array.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        self.0.enter()?;
        let mut object = Map::new();
        let here = self.0.pointer.len();
        while let Some(name) = members.next_key::<String>()? {
            self.0.pointer.push('/');
            self.0.pointer.push_str(&escaped(&name));
            self.0.text(&name)?;
            if object.contains_key(&name) {
                return Err(self.0.refuse(Reason::DuplicateMember, "is there twice"));
            }
            let value = members.next_value_seed(Here(self.0))?;
            object.insert(name, value);
            self.0.pointer.truncate(here);
        }
        self.0.left += 1;
        Ok(object.into())
    }
}
