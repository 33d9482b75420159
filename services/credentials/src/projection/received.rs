//! Credentials that wallets brought, by learner.
//!
//! They are sealed, and so are no state.

use northstar_credentials_domain::Event;
use northstar_credentials_domain::received::Received;
use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::Timestamp;

use super::joined;
use crate::codec;

/// The field that they are sealed as.
pub(crate) const TEXT: &str = "credential.received";

/// The latest that came under its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReceivedDocument(pub(crate) Received);

impl ReceivedDocument {
    /// Where it is kept: a learner's are neighbours.
    pub(crate) fn key(received: &Received) -> Vec<u8> {
        joined(received.learner.uuid(), received.id.uuid())
    }
}

impl Shape for ReceivedDocument {
    const NOUN: &'static str = "received_credential";

    fn encode(&self) -> Document {
        let event = codec::encode(&Event::Received(self.0.clone()), None);
        Document { state: Vec::new(), extra: event.payload.to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let payload = document.extra.clone().into();
        match codec::read("credential_received", 1, &payload, Timestamp::default()) {
            Ok(Event::Received(received)) => Ok(Self(received)),
            Ok(_) => Err(Malformed::new(Self::NOUN, "an event of something else")),
            Err(why) => Err(Malformed::new(Self::NOUN, why)),
        }
    }

    fn weight(&self) -> usize {
        16_384
    }
}
