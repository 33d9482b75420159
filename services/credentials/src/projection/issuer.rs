//! The tenant as issuer: its names, and the keys it signs with.

use northstar_credentials_domain::Event;
use northstar_credentials_domain::issuer_keys::{self, IssuerKeys, Key, KeyRing, Stage};
use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::{Decider as _, Timestamp};
use prost::Message;

use super::read;
use crate::codec;
use crate::standard::did_web::{Did, Host};

/// The tenant's issuer, of which there is one; empty until the registry has named the tenant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct IssuerDocument {
    /// For addresses.
    pub(crate) slug: String,
    /// For people.
    pub(crate) name: String,
    /// The keys, through their lives.
    pub(crate) ring: KeyRing,
    /// What the keys lived through, in order.
    events: Vec<issuer_keys::Event>,
}

impl IssuerDocument {
    /// Where it is kept.
    pub(crate) const KEY: &'static [u8] = b"issuer";

    /// The issuer's DID; `None` until the tenant was named.
    pub(crate) fn did(&self, host: &Host) -> Option<Did> {
        (!self.slug.is_empty()).then(|| Did::of_tenant(host, &self.slug))
    }

    /// Whether credentials cannot be signed: a key of theirs was compromised, and no other signs in
    /// its place. One that retires makes way for the next in the same moment.
    pub(crate) fn lacks_a_key(&self) -> bool {
        let retired = matches!(self.events.last(), Some(issuer_keys::Event::KeyRetired { .. }));
        let stage = |key: &Key| key.stages().last().map(|(_, stage)| *stage);
        let mut keys = self.ring.keys().iter();
        !retired && keys.any(|key| stage(key) == Some(Stage::Compromised))
    }

    /// Takes in what happened to a key.
    pub(crate) fn live_through(&mut self, event: issuer_keys::Event) {
        self.ring = IssuerKeys::evolve(std::mem::take(&mut self.ring), &event);
        self.events.push(event);
    }
}

#[derive(Message)]
struct Names {
    #[prost(string, tag = "1")]
    slug: String,
    #[prost(string, tag = "2")]
    name: String,
}

#[derive(Message)]
struct Keys {
    #[prost(message, repeated, tag = "2")]
    events: Vec<Stored>,
}

/// An event as the log has it.
#[derive(Message)]
struct Stored {
    #[prost(string, tag = "1")]
    event_type: String,
    #[prost(uint32, tag = "2")]
    schema_version: u32,
    #[prost(bytes = "bytes", tag = "3")]
    payload: bytes::Bytes,
}

impl Stored {
    fn of(event: &issuer_keys::Event) -> Self {
        let new = codec::encode(&event.clone().into(), None);
        let (event_type, schema_version) = (new.event_type.into(), new.schema_version.into());
        Self { event_type, schema_version, payload: new.payload }
    }

    fn event(&self) -> Result<issuer_keys::Event, Malformed> {
        let version = u16::try_from(self.schema_version).unwrap_or(0);
        match codec::read(&self.event_type, version, &self.payload, Timestamp::default()) {
            Ok(Event::Issuer(event)) => Ok(event),
            Ok(_) => Err(Malformed::new(IssuerDocument::NOUN, "an event of something else")),
            Err(why) => Err(Malformed::new(IssuerDocument::NOUN, why)),
        }
    }
}

impl Shape for IssuerDocument {
    const NOUN: &'static str = "issuer";

    /// The keys are random, so the names alone are state.
    fn encode(&self) -> Document {
        let names = Names { slug: self.slug.clone(), name: self.name.clone() };
        let keys = Keys { events: self.events.iter().map(Stored::of).collect() };
        Document { state: names.encode_to_vec(), extra: keys.encode_to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let Names { slug, name } = read(Self::NOUN, &document.state)?;
        let keys: Keys = read(Self::NOUN, &document.extra)?;
        let mut issuer = Self { slug, name, ..Self::default() };
        for stored in &keys.events {
            issuer.live_through(stored.event()?);
        }
        Ok(issuer)
    }

    fn weight(&self) -> usize {
        1_024
    }
}
