//! What projections are folded into.

/// One document of a projection, as bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// What a user calls the state: the same bytes for the same facts, in whatever order and at
    /// whatever time they were recorded. The state hash covers this, and this alone.
    pub state: Vec<u8>,
    /// Everything else: ciphertext, generated ids, recorded times.
    pub extra: Vec<u8>,
}

/// Stored bytes that make no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} is malformed: {why}")]
pub struct Malformed {
    /// What was read: an event type or a noun.
    pub what: String,
    /// What is wrong with it.
    pub why: String,
}

impl Malformed {
    /// Says that `what` is malformed because of `why`.
    pub fn new(what: impl Into<String>, why: impl std::fmt::Display) -> Self {
        Self { what: what.into(), why: why.to_string() }
    }
}

/// The shape of a projection's documents: how they look in memory, and in the store.
pub trait Shape: Send + Sync + Sized + 'static {
    /// What a user would call such a document: `level`. Unique within a context, permanent.
    const NOUN: &'static str;

    /// The bytes of it: a pure function of the value.
    fn encode(&self) -> Document;

    /// Reads what [`Shape::encode`] wrote.
    ///
    /// # Errors
    /// When the bytes make no sense.
    fn decode(document: &Document) -> Result<Self, Malformed>;

    /// Roughly how many bytes the value takes in memory, for the bound on what is kept there.
    fn weight(&self) -> usize {
        256
    }
}
