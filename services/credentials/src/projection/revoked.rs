//! What was revoked, for tenants that publish it by id.

use northstar_eventlog::{Document, Malformed, Shape};

/// Says that a credential was revoked; kept under its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Revoked;

impl Shape for Revoked {
    const NOUN: &'static str = "revoked";

    /// All there is to say stands in the key.
    fn encode(&self) -> Document {
        Document { state: Vec::new(), extra: vec![1] }
    }

    fn decode(_: &Document) -> Result<Self, Malformed> {
        Ok(Self)
    }

    fn weight(&self) -> usize {
        1
    }
}

/// Whether the tenant publishes the list; there is one of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct RevocationListDocument {
    /// Whether it does.
    pub(crate) published: bool,
}

impl RevocationListDocument {
    /// Where it is kept.
    pub(crate) const KEY: &'static [u8] = b"revocation_list";
}

impl Shape for RevocationListDocument {
    const NOUN: &'static str = "revocation_list";

    /// State, where it is published: not to is what there is without a decision.
    fn encode(&self) -> Document {
        let state = if self.published { b"published".to_vec() } else { Vec::new() };
        Document { state, extra: Vec::new() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        Ok(Self { published: document.state == b"published" })
    }

    fn weight(&self) -> usize {
        8
    }
}
