//! The tenant's status lists: their bits, what is published of them, and what is due.
//!
//! All of it is `extra`: places follow from the order of issue and a secret.

use northstar_credentials_domain::status::{Bits, Edition, Place};
use northstar_eventlog::{Document, Malformed, Shape};
use prost::Message;
use serde_json::Value;

use super::read;

/// How many places were given out; there is one of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct PlacesDocument {
    /// The next place's serial number.
    pub(crate) next: u64,
}

impl PlacesDocument {
    /// Where it is kept.
    pub(crate) const KEY: &'static [u8] = b"places";
}

impl Shape for PlacesDocument {
    const NOUN: &'static str = "places";

    fn encode(&self) -> Document {
        Document { state: Vec::new(), extra: self.next.to_be_bytes().to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let next = document.extra.first_chunk().map(|bytes| u64::from_be_bytes(*bytes));
        next.map(|next| Self { next }).ok_or_else(|| Malformed::new(Self::NOUN, "it is short"))
    }
}

/// One list; kept under its number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct StatusListDocument {
    /// The bits that are set by what happened.
    pub(crate) bits: Bits,
    /// The latest edition's epoch; 0 before the first.
    pub(crate) epoch: u64,
    /// How many bits the latest edition has set. Bits are only ever set, so an edition with as many
    /// as there are now has the same ones.
    pub(crate) published: u32,
    /// The latest edition, signed, byte for byte.
    pub(crate) document: String,
    /// Name of the key that signed it.
    pub(crate) key_name: String,
}

impl StatusListDocument {
    /// Where a list is kept.
    pub(crate) fn key(list: u64) -> Vec<u8> {
        list.to_be_bytes().to_vec()
    }

    /// Takes in an edition; the latest one counts.
    pub(crate) fn publish(&mut self, edition: &Edition, document: &str) {
        if edition.epoch > self.epoch {
            (self.epoch, self.published) = (edition.epoch, edition.count);
            document.clone_into(&mut self.document);
            self.key_name = key_name(document);
        }
    }

    /// Sets a credential's bit. Says whether it was not set before.
    pub(crate) fn revoke(&mut self, place: Place) -> bool {
        self.bits.set(place.index)
    }

    /// The edition that is due; `None` if all is out.
    pub(crate) fn due(&self, list: u64) -> Option<Edition> {
        let count = self.bits.count();
        let dirty = self.epoch == 0 || count > self.published;
        dirty.then_some(Edition { list, epoch: self.epoch + 1, count })
    }
}

/// Name of the key that the proof of a signed document names; empty if it has none.
fn key_name(document: &str) -> String {
    let document: Value = serde_json::from_str(document).unwrap_or_default();
    let method = document["proof"]["verificationMethod"].as_str().unwrap_or_default();
    method.rsplit_once('#').map(|(_, name)| name.to_owned()).unwrap_or_default()
}

#[derive(Message)]
struct Stored {
    #[prost(bytes = "vec", tag = "1")]
    bits: Vec<u8>,
    #[prost(uint64, tag = "2")]
    epoch: u64,
    #[prost(uint32, tag = "3")]
    published: u32,
    #[prost(string, tag = "4")]
    document: String,
    #[prost(string, tag = "5")]
    key_name: String,
}

impl Shape for StatusListDocument {
    const NOUN: &'static str = "status_list";

    fn encode(&self) -> Document {
        let stored = Stored {
            bits: self.bits.as_bytes().to_vec(),
            epoch: self.epoch,
            published: self.published,
            document: self.document.clone(),
            key_name: self.key_name.clone(),
        };
        Document { state: Vec::new(), extra: stored.encode_to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let Stored { bits, epoch, published, document, key_name } =
            read(Self::NOUN, &document.extra)?;
        let bits = Bits::from_bytes(bits);
        let bits = bits.ok_or_else(|| Malformed::new(Self::NOUN, "it has not the right bits"))?;
        Ok(Self { bits, epoch, published, document, key_name })
    }

    fn weight(&self) -> usize {
        20_000
    }
}

/// Says that a list has an edition to be published; kept under the list's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StatusDue;

impl Shape for StatusDue {
    const NOUN: &'static str = "status_due";

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

/// The review window that the tenant chose; there is one of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct ReviewWindowDocument {
    /// Days.
    pub(crate) days: u16,
}

impl ReviewWindowDocument {
    /// Where it is kept.
    pub(crate) const KEY: &'static [u8] = b"review_window";
}

impl Shape for ReviewWindowDocument {
    const NOUN: &'static str = "review_window";

    /// State, where it was chosen: what a tenant decides is part of what it has.
    fn encode(&self) -> Document {
        Document { state: self.days.to_be_bytes().to_vec(), extra: Vec::new() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let days = document.state.first_chunk().map(|bytes| u16::from_be_bytes(*bytes));
        days.map(|days| Self { days }).ok_or_else(|| Malformed::new(Self::NOUN, "it is short"))
    }
}
