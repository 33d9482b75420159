//! A policy as a JSON document: what people write, what is published, what is stored.
//!
//! An object of integers, words, lists of words and booleans. `framework` (UUID), `method` (an object:
//! `name`, and the method's parameters) and `mastery_milli` must be given; every other field has the
//! default of [`PolicyDraft::new`]. The form that [`northstar_mastery_domain::Policy::canonical`]
//! writes is one such document.

use std::fmt;

use northstar_kernel::{FrameworkId, Kind, Refusal, TenantId, Violation};
use northstar_mastery_domain::{Parameter, PolicyDraft};
use serde_json::{Map, Value};

use self::once::Once;

mod once;

/// One thing about a document that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentProblem {
    /// Where: `policy` for the whole, `policy.method.count` for a field.
    pub path: String,
    /// What is wrong and what would be right.
    pub what: String,
}

/// The text is no policy document. Whether the policy is a sensible one is another question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRefusal {
    /// All that is wrong with it, at least one thing.
    pub problems: Vec<DocumentProblem>,
}

impl fmt::Display for DocumentRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the policy document cannot be read")?;
        let mut separator = ": ";
        for DocumentProblem { path, what } in &self.problems {
            write!(f, "{separator}{path} {what}")?;
            separator = "; ";
        }
        Ok(())
    }
}

impl std::error::Error for DocumentRefusal {}

impl Refusal for DocumentRefusal {
    fn reason(&self) -> &'static str {
        "POLICY_DOCUMENT_INVALID"
    }

    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn violations(&self) -> Vec<Violation> {
        let violation = |problem: &DocumentProblem| Violation::new(&*problem.path, &*problem.what);
        self.problems.iter().map(violation).collect()
    }
}

/// Reads a policy document.
///
/// # Errors
/// [`DocumentRefusal`] with every problem, not the first alone, unless the text is not JSON at all.
pub fn read_policy_document(text: &str) -> Result<PolicyDraft, DocumentRefusal> {
    let mut fields = Fields { path: "policy", rest: Map::new(), problems: Vec::new() };
    match serde_json::from_str(text) {
        Ok(Once(Value::Object(object))) => fields.rest = object,
        Ok(Once(other)) => fields.wrong("", &format!("must be an object, not {}", kind(&other))),
        Err(why) => fields.wrong("", &format!("is not JSON: {why}")),
    }
    if !fields.problems.is_empty() {
        return Err(DocumentRefusal { problems: fields.problems });
    }
    let draft = draft(&mut fields);
    fields.finish();
    match fields.problems {
        problems if problems.is_empty() => Ok(draft),
        problems => Err(DocumentRefusal { problems }),
    }
}

/// The draft; where a field is no good, what stands in for it never gets out.
fn draft(fields: &mut Fields) -> PolicyDraft {
    let nobodys = FrameworkId::derive(TenantId::COMMONS, "");
    let mut draft = PolicyDraft::new(fields.framework().unwrap_or(nobodys));
    fields.required("mastery_milli");
    method(fields, &mut draft);
    fields.text("name", &mut draft.name);
    fields.text("order", &mut draft.order);
    for (name, number) in [
        ("engine", &mut draft.engine),
        ("round_to_milli", &mut draft.round_to_milli),
        ("mastery_milli", &mut draft.mastery_milli),
        ("exceeds_milli", &mut draft.exceeds_milli),
        ("minimum_observations", &mut draft.minimum_observations),
        ("minimum_assessors", &mut draft.minimum_assessors),
        ("minimum_kinds", &mut draft.minimum_kinds),
        ("expires_after_days", &mut draft.expires_after_days),
    ] {
        fields.number(name, number);
    }
    for (name, flag) in [
        ("validated_only", &mut draft.validated_only),
        ("monotone", &mut draft.monotone),
        ("banked", &mut draft.banked),
    ] {
        fields.flag(name, flag);
    }
    if let Some(roles) = fields.take("excluded_roles") {
        draft.excluded_roles = fields.names("excluded_roles", roles).unwrap_or_default();
    }
    draft
}

fn method(fields: &mut Fields, draft: &mut PolicyDraft) {
    fields.required("method");
    let Some(value) = fields.take("method") else { return };
    let Value::Object(rest) = value else {
        let what = format!("must be an object with the method's name, not {}", kind(&value));
        return fields.wrong("method", &what);
    };
    let mut inner = Fields { path: "policy.method", rest, problems: Vec::new() };
    inner.required("name");
    inner.text("name", &mut draft.method);
    for (name, value) in std::mem::take(&mut inner.rest) {
        if let Some(value) = inner.parameter(&name, value) {
            draft.parameters.insert(name, value);
        }
    }
    fields.problems.extend(inner.problems);
}

/// The fields of an object that were not read yet, and what was wrong with those that were.
struct Fields {
    path: &'static str,
    rest: Map<String, Value>,
    problems: Vec<DocumentProblem>,
}

impl Fields {
    fn wrong(&mut self, field: &str, what: &str) {
        let dot = if field.is_empty() { "" } else { "." };
        let path = format!("{}{dot}{field}", self.path);
        self.problems.push(DocumentProblem { path, what: what.to_owned() });
    }

    fn expected(&mut self, field: &str, expected: &str, given: &Value) {
        self.wrong(field, &format!("must be {expected}, not {}", kind(given)));
    }

    fn required(&mut self, field: &str) {
        if !self.rest.contains_key(field) {
            self.wrong(field, "is missing");
        }
    }

    fn take(&mut self, field: &str) -> Option<Value> {
        self.rest.remove(field)
    }

    fn framework(&mut self) -> Option<FrameworkId> {
        self.required("framework");
        let mut text = String::new();
        if !self.text("framework", &mut text) {
            return None;
        }
        let framework = text.parse().ok();
        if framework.is_none() {
            self.expected("framework", "a UUID", &Value::String(text));
        }
        framework
    }

    /// True if there is such a text.
    fn text(&mut self, field: &str, into: &mut String) -> bool {
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

    fn number(&mut self, field: &str, into: &mut i64) {
        match self.take(field) {
            Some(Value::Number(number)) if number.is_i64() => {
                *into = number.as_i64().unwrap_or_default();
            }
            Some(other) => self.expected(field, "a whole number", &other),
            None => {}
        }
    }

    fn flag(&mut self, field: &str, into: &mut bool) {
        match self.take(field) {
            Some(Value::Bool(flag)) => *into = flag,
            Some(other) => self.expected(field, "true or false", &other),
            None => {}
        }
    }

    fn names(&mut self, field: &str, value: Value) -> Option<Vec<String>> {
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

    fn parameter(&mut self, name: &str, value: Value) -> Option<Parameter> {
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
    fn finish(&mut self) {
        for field in std::mem::take(&mut self.rest).keys() {
            self.wrong(field, "is no field of a policy");
        }
    }
}

/// What a value is, for people.
fn kind(value: &Value) -> String {
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

#[cfg(test)]
mod tests;
