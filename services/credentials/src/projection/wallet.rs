//! Which accesses there are to a learner's credentials. What became of each stands in its own stream.

use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::{LearnerId, WalletId};

use super::{joined, last_id};

/// Says that there is an access; kept under the learner's id and its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OfferedTo;

impl OfferedTo {
    /// Where it is kept.
    pub(crate) fn key(learner: LearnerId, wallet: WalletId) -> Vec<u8> {
        joined(learner.uuid(), wallet.uuid())
    }

    /// The access that has this key.
    pub(crate) fn wallet(key: &[u8]) -> WalletId {
        WalletId::from_uuid(last_id(key))
    }
}

impl Shape for OfferedTo {
    const NOUN: &'static str = "offered_to";

    /// All there is to say stands in the key; codes are random, so it is no state.
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
