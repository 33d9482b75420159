//! The tenant as issuer: its names, and the public keys it signs with.

use northstar_credentials_domain::issuer::PublicKey;
use northstar_eventlog::{Document, Malformed, Shape};
use prost::Message;

use super::read;
use crate::standard::did_web::{Did, Host};

/// The tenant's issuer, of which there is one; empty until the registry has named the tenant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct IssuerDocument {
    /// For addresses.
    pub(crate) slug: String,
    /// For people.
    pub(crate) name: String,
    /// Oldest first.
    pub(crate) keys: Vec<PublicKey>,
}

impl IssuerDocument {
    /// Where it is kept.
    pub(crate) const KEY: &'static [u8] = b"issuer";

    /// The issuer's DID; `None` until the tenant was named.
    pub(crate) fn did(&self, host: &Host) -> Option<Did> {
        (!self.slug.is_empty()).then(|| Did::of_tenant(host, &self.slug))
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
    #[prost(message, repeated, tag = "1")]
    keys: Vec<Key>,
}

#[derive(Message)]
struct Key {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    jwk: String,
}

impl Shape for IssuerDocument {
    const NOUN: &'static str = "issuer";

    /// The keys are random, so the names alone are state.
    fn encode(&self) -> Document {
        let names = Names { slug: self.slug.clone(), name: self.name.clone() };
        let key = |key: &PublicKey| Key { name: key.name.clone(), jwk: key.jwk.clone() };
        let keys = Keys { keys: self.keys.iter().map(key).collect() };
        Document { state: names.encode_to_vec(), extra: keys.encode_to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let Names { slug, name } = read(Self::NOUN, &document.state)?;
        let Keys { keys } = read(Self::NOUN, &document.extra)?;
        let keys = keys.into_iter().map(|key| PublicKey { name: key.name, jwk: key.jwk });
        Ok(Self { slug, name, keys: keys.collect() })
    }
}
