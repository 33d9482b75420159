//! JSON in one way only, so that a text can be hashed and anybody can make the same text.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

/// A JSON value made of what policies, rules and derivations need: no fractions, no null.
///
/// [`fmt::Display`] writes the canonical form: keys in the order of their code points, no white
/// space, integers in decimal, text in UTF-8 with only `"`, `\` and the control characters below
/// U+0020 escaped (`\b \t \n \f \r`, else `\u00xx` in lower case). It is what Python's
/// `json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)` writes.
///
/// Writing takes one stack frame for each level of nesting, so what is nested must be bounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(String),
    /// Values in an order that means something.
    List(Vec<Json>),
    /// Named values.
    Object(BTreeMap<&'static str, Json>),
}

impl Json {
    /// A text, from anything that can be shown.
    pub fn text(value: impl fmt::Display) -> Self {
        Self::Text(value.to_string())
    }

    /// An object of these fields; of two with one name the later stays.
    pub fn object(fields: impl IntoIterator<Item = (&'static str, Json)>) -> Self {
        Self::Object(fields.into_iter().collect())
    }

    /// A list of these values, in their order.
    pub fn list(values: impl IntoIterator<Item = Json>) -> Self {
        Self::List(values.into_iter().collect())
    }

    /// The field of that name; `None` if there is none or this is no object.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(fields) => fields.get(name),
            _ => None,
        }
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<u32> for Json {
    fn from(value: u32) -> Self {
        Self::Integer(value.into())
    }
}

/// The canonical form.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Text(text) => quoted(f, text),
            Self::List(values) => {
                joined(f, ['[', ']'], values, |f, value| fmt::Display::fmt(value, f))
            }
            Self::Object(fields) => joined(f, ['{', '}'], fields, |f, (name, value)| {
                quoted(f, name)?;
                write!(f, ":{value}")
            }),
        }
    }
}

fn joined<T>(
    f: &mut fmt::Formatter<'_>,
    [open, close]: [char; 2],
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut fmt::Formatter<'_>, T) -> fmt::Result,
) -> fmt::Result {
    f.write_char(open)?;
    for (place, item) in items.into_iter().enumerate() {
        if place > 0 {
            f.write_char(',')?;
        }
        write(f, item)?;
    }
    f.write_char(close)
}

fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for letter in text.chars() {
        match letter {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\u{8}' => f.write_str("\\b")?,
            '\t' => f.write_str("\\t")?,
            '\n' => f.write_str("\\n")?,
            '\u{c}' => f.write_str("\\f")?,
            '\r' => f.write_str("\\r")?,
            control if control < ' ' => write!(f, "\\u{:04x}", u32::from(control))?,
            other => f.write_char(other)?,
        }
    }
    f.write_char('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_and_nothing_is_spaced() {
        let value = Json::object([
            ("b", Json::list([Json::from(1_i64), Json::from(true), Json::list([])])),
            ("a", Json::object([])),
            ("B", Json::from(i64::MIN)),
        ]);
        assert_eq!(value.to_string(), r#"{"B":-9223372036854775808,"a":{},"b":[1,true,[]]}"#);
        assert_eq!(value.get("B"), Some(&Json::Integer(i64::MIN)));
        assert_eq!((value.get("c"), Json::from(false).get("c")), (None, None));
    }

    #[test]
    fn only_what_must_be_is_escaped() {
        let text = Json::text("\"\\\u{8}\t\n\u{c}\r\u{0}\u{1f}\u{7f}/é\u{2028}😀");
        let expected = "\"\\\"\\\\\\b\\t\\n\\f\\r\\u0000\\u001f\u{7f}/é\u{2028}😀\"";
        assert_eq!(text.to_string(), expected);
    }

    #[test]
    fn others_read_what_is_written() {
        let every: String = (0..=0x17f).filter_map(char::from_u32).collect();
        let value = Json::object([("text", Json::text(&every)), ("n", Json::from(7_u32))]);
        let read: serde_json::Value = serde_json::from_str(&value.to_string()).expect("JSON");
        assert_eq!((read["text"].as_str(), read["n"].as_i64()), (Some(every.as_str()), Some(7)));
    }
}
