//! When one key follows another.

use northstar_kernel::Timestamp;

use super::key::{Algorithm, Key, Purpose, Stage};
use super::ring::KeyRing;

/// A step that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// A key of this kind has to be made and published: the one in use has signed for long enough,
    /// or there is none in use.
    Succeed(Algorithm, Purpose),
    /// The published key of this name has to begin to sign.
    Activate(String),
}

impl KeyRing {
    /// The steps that are due at that moment, where a key signs for `life_micros`. An issuer that
    /// has no key of a kind yet has none due: the first ones come with [`super::Command::Begin`].
    pub fn turns(&self, at: Timestamp, life_micros: i64) -> Vec<Turn> {
        let turn = |kind| self.turn(kind, self.not_before(at), life_micros);
        super::KINDS.into_iter().filter_map(turn).collect()
    }

    fn turn(&self, kind: (Algorithm, Purpose), at: Timestamp, life_micros: i64) -> Option<Turn> {
        let mut known = self.keys.iter().filter(|key| key.kind() == kind).peekable();
        known.peek()?;
        if let Some(waiting) = self.waiting(kind) {
            let from = self.usable_from(waiting, waiting.published_at()?);
            return (from <= at).then(|| Turn::Activate(waiting.name.clone()));
        }
        let fresh = known.any(|key| in_use_until(key, life_micros).is_some_and(|end| at < end));
        (!fresh).then_some(Turn::Succeed(kind.0, kind.1))
    }
}

/// Until when the key in use should be; `None` if it is not in use.
fn in_use_until(key: &Key, life_micros: i64) -> Option<Timestamp> {
    let (since, stage) = key.stages().last()?;
    let end = Timestamp::from_micros(since.micros().saturating_add(life_micros));
    (*stage == Stage::Active).then_some(end)
}
