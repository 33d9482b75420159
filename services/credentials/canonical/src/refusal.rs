//! Why a document has no canonical form here.

use std::fmt;

use thiserror::Error;

/// The closed list of reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// Not JSON, or not N-Quads.
    Malformed,
    /// More bytes than allowed.
    TooLong,
    /// Arrays and objects inside one another, deeper than allowed.
    TooDeep,
    /// One member twice in an object: parsers differ in which they keep.
    DuplicateMember,
    /// A control character: RDFC-1.0 and its predecessor write them differently.
    ControlCharacter,
    /// The document, or a member that must be one, is no object.
    NotAnObject,
    /// No `@context` at the top.
    MissingContext,
    /// A context's URL that is not pinned here.
    UnknownContext,
    /// A context written out in the document, which could give members other meanings.
    InlineContext,
    /// A context that redefines what an earlier one protects.
    ProtectedTerm,
    /// A member named by an IRI or a keyword: the same quad under a name that no reader looks for.
    IriMember,
    /// A member that the contexts in force do not define.
    UnknownTerm,
    /// A type that the contexts in force do not define.
    UnknownType,
    /// An identifier that is no absolute IRI, or a blank node's.
    BadIri,
    /// A `null`, which would vanish from the quads.
    Null,
    /// An array within an array, which would vanish from the quads.
    NestedArray,
    /// A value of another kind than the member takes.
    WrongKind,
    /// A number that implementations write differently.
    BadNumber,
    /// A credential's members spread over, or repeated differently in, several objects of one id.
    ScatteredCredential,
    /// Nothing but an identifier: no quad at all.
    Empty,
    /// More quads than allowed.
    TooManyQuads,
    /// Telling the blank nodes apart takes more work than allowed.
    TooMuchWork,
    /// A JSON pointer that leads nowhere in the document.
    UnknownPlace,
}

impl Reason {
    /// Stable name, `UPPER_SNAKE_CASE`; part of what is promised.
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed => "MALFORMED",
            Self::TooLong => "TOO_LONG",
            Self::TooDeep => "TOO_DEEP",
            Self::DuplicateMember => "DUPLICATE_MEMBER",
            Self::ControlCharacter => "CONTROL_CHARACTER",
            Self::NotAnObject => "NOT_AN_OBJECT",
            Self::MissingContext => "MISSING_CONTEXT",
            Self::UnknownContext => "UNKNOWN_CONTEXT",
            Self::InlineContext => "INLINE_CONTEXT",
            Self::ProtectedTerm => "PROTECTED_TERM",
            Self::IriMember => "IRI_MEMBER",
            Self::UnknownTerm => "UNKNOWN_TERM",
            Self::UnknownType => "UNKNOWN_TYPE",
            Self::BadIri => "BAD_IRI",
            Self::Null => "NULL",
            Self::NestedArray => "NESTED_ARRAY",
            Self::WrongKind => "WRONG_KIND",
            Self::BadNumber => "BAD_NUMBER",
            Self::ScatteredCredential => "SCATTERED_CREDENTIAL",
            Self::Empty => "EMPTY",
            Self::TooManyQuads => "TOO_MANY_QUADS",
            Self::TooMuchWork => "TOO_MUCH_WORK",
            Self::UnknownPlace => "UNKNOWN_PLACE",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A reason, where it was met, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}: {sentence} ({reason})", self.place())]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// JSON pointer (RFC 6901) to the place; empty for the whole document.
    pub pointer: String,
    /// What was met and what would be right, for people.
    pub sentence: String,
}

impl Refusal {
    pub(crate) fn new(reason: Reason, pointer: String, sentence: impl Into<String>) -> Self {
        Self { reason, pointer, sentence: sentence.into() }
    }

    /// About the document as a whole.
    pub(crate) fn whole(reason: Reason, sentence: impl Into<String>) -> Self {
        Self::new(reason, String::new(), sentence)
    }

    fn place(&self) -> &str {
        if self.pointer.is_empty() { "the document" } else { &self.pointer }
    }
}
