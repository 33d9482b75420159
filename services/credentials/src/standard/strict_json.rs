//! JSON as strangers send it: a member may be there once, and documents are small.
//!
//! Parsers differ in which of two members of the same name they keep; a document that means one
//! thing to the signer and another to the verifier must not get in.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Largest document, in bytes; an Open Badge has two or three thousand.
pub const LONGEST: usize = 64 * 1024;

/// Reads one JSON document.
///
/// # Errors
/// A sentence for the sender, if it is too long, no JSON, too deep, or names a member twice.
pub fn parse(bytes: &[u8]) -> Result<Value, String> {
    if bytes.len() > LONGEST {
        return Err(format!("has {} bytes, more than {LONGEST}", bytes.len()));
    }
    serde_json::from_slice::<Strict>(bytes).map(|strict| strict.0).map_err(|e| e.to_string())
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Once).map(Strict)
    }
}

struct Once;

impl<'de> Visitor<'de> for Once {
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
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Strict(value)) = members.next_element()? {
            array.push(value);
        }
        Ok(array.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Strict(value))) = members.next_entry::<String, Strict>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom(format!("member {name:?} appears twice")));
            }
            object.insert(name, value);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_json_is_read_as_it_is() {
        let text = br#"{"a":[1,-2,0.5,true,null,"x"],"b":{"a":{}}}"#;
        assert_eq!(parse(text), Ok(serde_json::from_slice(text).expect("JSON")));
    }

    #[test]
    fn a_member_named_twice_is_refused_at_any_depth() {
        for text in [r#"{"a":1,"a":1}"#, r#"{"x":[{"a":1,"b":2,"\u0061":3}]}"#] {
            let error = parse(text.as_bytes()).expect_err("a is there twice");
            assert!(error.contains("\"a\" appears twice"), "{error}");
        }
    }

    #[test]
    fn what_is_no_json_too_deep_or_too_long_is_refused() {
        let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
        let long = format!("\"{}\"", "x".repeat(LONGEST));
        for text in ["", "{", "{} {}", "nul", "\"\u{1}\"", &deep, &long] {
            assert!(parse(text.as_bytes()).is_err());
        }
        assert!(parse(b"\"\xff\"").is_err());
    }
}
