//! JSON as this domain writes it: one text for one value.
//!
//! Keys in the order of their bytes, no white space, integers and no other numbers; in strings
//! only what must be escaped is. So the text is a promise, and a hash of it is a name.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A value to be written. There are no fractions and no nulls: what is absent has a value that
/// says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Json {
    Integer(i64),
    Text(String),
    Flag(bool),
    List(Vec<Json>),
    Object(BTreeMap<&'static str, Json>),
}

impl Json {
    pub(crate) fn object<const N: usize>(fields: [(&'static str, Self); N]) -> Self {
        Self::Object(BTreeMap::from(fields))
    }

    pub(crate) fn text(value: impl ToString) -> Self {
        Self::Text(value.to_string())
    }

    pub(crate) fn list(items: impl IntoIterator<Item = Self>) -> Self {
        Self::List(items.into_iter().collect())
    }

    /// The one text of this value.
    pub(crate) fn write(&self) -> String {
        let mut text = String::new();
        self.write_to(&mut text);
        text
    }

    fn write_to(&self, text: &mut String) {
        match self {
            // Writing to a String cannot fail.
            Self::Integer(number) => _ = write!(text, "{number}"),
            Self::Flag(flag) => _ = write!(text, "{flag}"),
            Self::Text(value) => quote(value, text),
            Self::List(items) => {
                separated('[', items, ']', text, |item, text| item.write_to(text));
            }
            Self::Object(fields) => separated('{', fields, '}', text, |(key, value), text| {
                quote(key, text);
                text.push(':');
                value.write_to(text);
            }),
        }
    }
}

fn separated<T>(
    open: char,
    items: impl IntoIterator<Item = T>,
    close: char,
    text: &mut String,
    write: impl Fn(T, &mut String),
) {
    text.push(open);
    for (place, item) in items.into_iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        write(item, text);
    }
    text.push(close);
}

fn quote(value: &str, text: &mut String) {
    text.push('"');
    for letter in value.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            // Writing to a String cannot fail.
            '\0'..'\u{20}' => _ = write!(text, "\\u{:04x}", u32::from(letter)),
            _ => text.push(letter),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keys_are_sorted_and_nothing_is_spaced() {
        let value = Json::object([
            ("b", Json::list([Json::Integer(-1), Json::Flag(true)])),
            ("a", Json::object([("z", Json::text("ä")), ("y", Json::list([]))])),
        ]);
        assert_eq!(value.write(), r#"{"a":{"y":[],"z":"ä"},"b":[-1,true]}"#);
    }

    #[test]
    fn every_control_character_is_escaped_as_others_do() {
        let all: String = (0_u8..=127).map(char::from).chain(['\u{2028}', '😀']).collect();
        let theirs = serde_json::to_string(&all).expect("a string");
        assert_eq!(Json::Text(all).write(), theirs);
    }

    proptest! {
        #[test]
        fn any_text_reads_back(value in any::<String>()) {
            let read: String = serde_json::from_str(&Json::text(&value).write()).expect("JSON");
            prop_assert_eq!(read, value);
        }
    }
}
