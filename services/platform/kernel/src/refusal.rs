//! The domain's named "no". A refusal is an answer; a fault is an alarm and lives elsewhere.

/// How a refusal is to be understood by the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request itself is wrong and will be wrong tomorrow.
    Invalid,
    /// What it names does not exist, as far as this caller may know.
    NotFound,
    /// It exists already, with other content.
    AlreadyExists,
    /// Right request, wrong moment: the state forbids it.
    Precondition,
    /// The caller's role does not allow it.
    Forbidden,
}

/// One field of a request and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Path of the field in the request, as in the protobuf: `item.learner_id`.
    pub field: String,
    /// What is wrong and what would be right, for a developer.
    pub description: String,
}

impl Violation {
    /// A violation of `field`.
    pub fn new(field: impl Into<String>, description: impl Into<String>) -> Self {
        Self { field: field.into(), description: description.into() }
    }
}

/// Implemented by every refusal enum; the chassis turns it into a `google.rpc.Status`.
pub trait Refusal: std::error::Error {
    /// Stable machine reason, `UPPER_SNAKE_CASE`; part of the API's promise.
    fn reason(&self) -> &'static str;

    /// Which kind of no this is.
    fn kind(&self) -> Kind;

    /// The fields at fault, if it is about fields.
    fn violations(&self) -> Vec<Violation> {
        Vec::new()
    }
}
