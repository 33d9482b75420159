//! All keys of an issuer.

use northstar_kernel::Timestamp;

use super::key::{Algorithm, Key, Purpose, Stage, month_name};
use super::{AHEAD_MICROS, Refusal};

/// A key that signed before keys had lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inherited {
    /// Fragment of its verification method.
    pub name: String,
    /// The public half as a JSON Web Key (JSON text).
    pub jwk: String,
}

/// An issuer's keys, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyRing {
    pub(super) keys: Vec<Key>,
    pub(super) inherited: Vec<Inherited>,
    pub(super) latest: Option<Timestamp>,
}

impl KeyRing {
    /// Every key there ever was.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Those from before keys had lives, as far as they are trusted; they sign nothing more.
    pub fn inherited(&self) -> &[Inherited] {
        &self.inherited
    }

    /// When the latest thing happened that is known here, or `at` if that is later. Clocks differ:
    /// what is signed in answer to the latest is not signed before it.
    pub fn not_before(&self, at: Timestamp) -> Timestamp {
        self.latest.map_or(at, |latest| latest.max(at))
    }

    /// The name that a new key would be given: its month's, numbered from the second on.
    pub fn next_name(&self, algorithm: Algorithm, purpose: Purpose, at: Timestamp) -> String {
        let month = month_name(algorithm, purpose, self.not_before(at));
        let mut name = month.clone();
        let mut number = 1;
        while self.keys.iter().any(|key| key.name == name) {
            number += 1;
            name = format!("{month}-{number}");
        }
        name
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

    pub(super) fn has_inherited(&self, name: &str) -> bool {
        self.inherited.iter().any(|key| key.name == name)
    }

    /// The key of this kind that is to sign next.
    pub(super) fn waiting(&self, kind: (Algorithm, Purpose)) -> Option<&Key> {
        self.keys.iter().find(|key| key.kind() == kind && key.now() == Stage::Published)
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
