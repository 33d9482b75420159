//! Reading a JSON object field by field, so that all that is wrong with it can be said at once.

use std::str::FromStr;

use northstar_mastery_domain::Parameter;
use serde_json::{Map, Value};

use super::once::Once;
use super::refusal::DocumentProblem;

/// The object that `text` is, at `path`.
///
/// # Errors
/// The one problem: it is no JSON, says a field twice, or is no object.
pub(super) fn object(path: &str, text: &str) -> Result<Fields, Vec<DocumentProblem>> {
    let mut fields = Fields { path: path.to_owned(), rest: Map::new(), problems: Vec::new() };
    match serde_json::from_str(text) {
        Ok(Once(Value::Object(object))) => fields.rest = object,
        Ok(Once(other)) => fields.wrong("", &format!("must be an object, not {}", kind(&other))),
        Err(why) => fields.wrong("", &format!("is not JSON: {why}")),
    }
    if fields.problems.is_empty() { Ok(fields) } else { Err(fields.problems) }
}

/// The fields of an object that were not read yet, and what was wrong with those that were.
pub(super) struct Fields {
    /// Where the object stands: `policy.method`.
    pub(super) path: String,
    pub(super) rest: Map<String, Value>,
    pub(super) problems: Vec<DocumentProblem>,
}

impl Fields {
    pub(super) fn wrong(&mut self, field: &str, what: &str) {
        let path = match (&*self.path, field) {
            ("", "") => "document".to_owned(),
            ("", field) => field.to_owned(),
            (path, "") => path.to_owned(),
            (path, field) => format!("{path}.{field}"),
        };
        self.problems.push(DocumentProblem { path, what: what.to_owned() });
    }

    pub(super) fn expected(&mut self, field: &str, expected: &str, given: &Value) {
        self.wrong(field, &format!("must be {expected}, not {}", kind(given)));
    }

    pub(super) fn required(&mut self, field: &str) {
        if !self.rest.contains_key(field) {
            self.wrong(field, "is missing");
        }
    }

    pub(super) fn take(&mut self, field: &str) -> Option<Value> {
        self.rest.remove(field)
    }

    /// A UUID that must be there.
    pub(super) fn id<T: FromStr>(&mut self, field: &str) -> Option<T> {
        self.required(field);
        let mut text = String::new();
        if !self.text(field, &mut text) {
            return None;
        }
        let id = text.parse().ok();
        if id.is_none() {
            self.expected(field, "a UUID", &Value::String(text));
        }
        id
    }

    /// True if there is such a text.
    pub(super) fn text(&mut self, field: &str, into: &mut String) -> bool {
        match self.take(field) {
            Some(Value::String(text)) => {
                *into = text;
                return true;
            }
            Some(other) => self.expected(field, "a text", &other),
            None => {}
        }
        false
    }

    pub(super) fn number(&mut self, field: &str, into: &mut i64) {
        match self.take(field) {
            Some(Value::Number(number)) if number.is_i64() => {
                *into = number.as_i64().unwrap_or_default();
            }
            Some(other) => self.expected(field, "a whole number", &other),
            None => {}
        }
    }

    /// A number that cannot be negative; true if there is one.
    pub(super) fn count(&mut self, field: &str, into: &mut u32) -> bool {
        let mut number = i64::from(*into);
        let given = self.rest.contains_key(field);
        self.number(field, &mut number);
        match u32::try_from(number) {
            Ok(count) => *into = count,
            Err(_) => self.wrong(field, &format!("must be from 0 to {}, not {number}", u32::MAX)),
        }
        given
    }

    /// `engine`, where somebody says it: there is only one.
    pub(super) fn engine(&mut self) {
        let mut engine = 1;
        self.number("engine", &mut engine);
        if engine != 1 {
            self.wrong("engine", &format!("must be 1, not {engine}"));
        }
    }

    /// An object that must be there, as fields of its own.
    pub(super) fn object(&mut self, field: &str) -> Option<Self> {
        self.required(field);
        let value = self.take(field)?;
        self.inner(field, value)
    }

    /// A list of objects that must be there.
    pub(super) fn objects(&mut self, field: &str) -> Vec<Self> {
        self.required(field);
        match self.take(field) {
            Some(Value::Array(items)) => {
                let items = items.into_iter().enumerate();
                let object = |(at, item)| self.inner(&format!("{field}[{at}]"), item);
                items.filter_map(object).collect()
            }
            Some(other) => {
                self.expected(field, "a list of objects", &other);
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    fn inner(&mut self, field: &str, value: Value) -> Option<Self> {
        let dot = if self.path.is_empty() { "" } else { "." };
        let path = format!("{}{dot}{field}", self.path);
        match value {
            Value::Object(rest) => Some(Self { path, rest, problems: Vec::new() }),
            other => {
                self.expected(field, "an object", &other);
                None
            }
        }
    }

    /// Takes what was wrong with an object within, which is finished.
    pub(super) fn adopt(&mut self, mut inner: Self, whose: &str) {
        inner.finish(whose);
        self.problems.append(&mut inner.problems);
    }

    pub(super) fn flag(&mut self, field: &str, into: &mut bool) {
        match self.take(field) {
            Some(Value::Bool(flag)) => *into = flag,
            Some(other) => self.expected(field, "true or false", &other),
            None => {}
        }
    }

    pub(super) fn names(&mut self, field: &str, value: Value) -> Option<Vec<String>> {
        let Value::Array(items) = value else {
            self.expected(field, "a list of texts", &value);
            return None;
        };
        let mut names = Vec::with_capacity(items.len());
        for (place, item) in items.into_iter().enumerate() {
            match item {
                Value::String(name) => names.push(name),
                other => self.expected(&format!("{field}[{place}]"), "a text", &other),
            }
        }
        Some(names)
    }

    pub(super) fn parameter(&mut self, name: &str, value: Value) -> Option<Parameter> {
        match value {
            Value::Number(number) if number.is_i64() => number.as_i64().map(Parameter::Number),
            Value::String(word) => Some(Parameter::Word(word)),
            Value::Array(_) => self.names(name, value).map(Parameter::Names),
            other => {
                self.expected(name, "a whole number, a text or a list of texts", &other);
                None
            }
        }
    }

    /// What nobody asked for is a mistake: a field that was misspelt would else be left out.
    pub(super) fn finish(&mut self, whose: &str) {
        for field in std::mem::take(&mut self.rest).keys() {
            self.wrong(field, &format!("is no field of {whose}"));
        }
    }
}

/// What a value is, for people.
pub(super) fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        // Long texts are cut: a message about a document is not a copy of it.
        Value::String(text) => format!("{:?}", text.chars().take(40).collect::<String>()),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string().chars().take(40).collect(),
    }
}
