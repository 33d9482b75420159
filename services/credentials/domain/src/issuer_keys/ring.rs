//! All keys of an issuer.

use northstar_kernel::Timestamp;

use super::key::{Algorithm, Key, Purpose, Stage};
use super::{AHEAD_MICROS, Refusal};

/// An issuer's keys, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyRing {
    pub(super) keys: Vec<Key>,
    pub(super) latest: Option<Timestamp>,
}

impl KeyRing {
    /// Every key there ever was.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The key that signs at that moment; `None` if none does.
    pub fn signing_key(
        &self,
        purpose: Purpose,
        algorithm: Algorithm,
        at: Timestamp,
    ) -> Option<&Key> {
        let kind = |key: &&Key| (key.purpose, key.algorithm) == (purpose, algorithm);
        self.keys.iter().filter(kind).find(|key| key.stage(at) == Some(Stage::Active))
    }

    /// The keys that the issuer's document lists at that moment: published, active and retired
    /// ones.
    pub fn listed_keys(&self, at: Timestamp) -> impl Iterator<Item = &Key> {
        self.keys.iter().filter(move |key| key.stage(at).is_some_and(Stage::is_listed))
    }

    pub(super) fn key(&self, name: &str) -> Result<&Key, Refusal> {
        let found = self.keys.iter().find(|key| key.name == name);
        found.ok_or_else(|| Refusal::UnknownKey(name.into()))
    }

    /// From when on a published key may sign. The first of an issuer need not wait: there is no
    /// older document that anybody could hold.
    pub(super) fn usable_from(&self, key: &Key, published: Timestamp) -> Timestamp {
        let earlier = |other: &Key| other.published_at().is_some_and(|at| at < published);
        if self.keys.iter().any(|other| other.name != key.name && earlier(other)) {
            Timestamp::from_micros(published.micros().saturating_add(AHEAD_MICROS))
        } else {
            published
        }
    }

    /// A key that could sign in the place of this one.
    pub(super) fn next_after(&self, key: &Key, at: Timestamp) -> Option<&Key> {
        let ready = |other: &&Key| {
            other.name != key.name
                && (other.purpose, other.algorithm) == (key.purpose, key.algorithm)
                && other.now() == Stage::Published
                && other.published_at().is_some_and(|from| self.usable_from(other, from) <= at)
        };
        self.keys.iter().find(ready)
    }
}
