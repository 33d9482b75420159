//! Which consents there are to show a credential. What became of each stands in its own stream, and is
//! read there: whoever takes a consent back must not be told that the page is still to be seen.

use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::{CredentialId, ShareId};

use super::{joined, last_id};

/// Says that there is a consent for a credential; kept under the credential's id and its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SharedCredential;

impl SharedCredential {
    /// Where it is kept.
    pub(crate) fn key(credential: CredentialId, share: ShareId) -> Vec<u8> {
        joined(credential.uuid(), share.uuid())
    }

    /// The consent that has this key.
    pub(crate) fn share(key: &[u8]) -> ShareId {
        ShareId::from_uuid(last_id(key))
    }
}

impl Shape for SharedCredential {
    const NOUN: &'static str = "shared_credential";

    /// All there is to say stands in the key; links are random, so it is no state.
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
