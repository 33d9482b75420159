//! What stood once and no longer does, so that what was believed on a day can be told again.

use std::borrow::Cow;
use std::collections::BTreeMap;

use northstar_kernel::{EvidenceId, Timestamp};

use crate::{Observation, Observations};

/// A judgement as it stood until its evidence was corrected, signed off or retracted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Superseded {
    /// The judgement as it was.
    pub observation: Observation,
    /// When that which took its place was recorded. From then on it was no longer believed.
    pub until: Timestamp,
}

/// The judgements that no longer stand; of each piece of evidence the oldest version first.
///
/// The versions of one piece of evidence follow each other without a gap, so that each is believed
/// from the instant on that ended the one before it, and the first from when it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Past(Vec<Superseded>);

impl Past {
    /// Takes versions as [`Past::iter`] gives them.
    pub fn new(versions: impl IntoIterator<Item = Superseded>) -> Self {
        Self(versions.into_iter().collect())
    }

    /// Notes that `before` stands no longer, because of something that was recorded at `at`. What
    /// stood for no time, by the clock of the log, was never believed and is not kept.
    pub fn supersede(&mut self, before: &Observation, at: Timestamp) {
        if self.since(before) < at {
            self.0.push(Superseded { observation: before.clone(), until: at });
        }
    }

    /// The judgements that stood by what was recorded until and at `known`, if `standing` are those
    /// that stand now.
    pub fn known<'a>(&self, standing: &'a Observations, known: Timestamp) -> Cow<'a, Observations> {
        let mut ended: BTreeMap<EvidenceId, Timestamp> = BTreeMap::new();
        let mut stood = Vec::new();
        for Superseded { observation, until } in &self.0 {
            let before = ended.insert(observation.evidence, *until);
            let since =
                before.map_or(observation.recorded_at, |end| end.max(observation.recorded_at));
            if since <= known && known < *until {
                stood.push(observation.clone());
            }
        }
        let stands = |seen: &&Observation| {
            let end = ended.get(&seen.evidence).copied().unwrap_or(seen.recorded_at);
            end.max(seen.recorded_at) <= known
        };
        if stood.is_empty() && standing.iter().all(|seen| stands(&seen)) {
            return Cow::Borrowed(standing);
        }
        stood.extend(standing.iter().filter(stands).cloned());
        Cow::Owned(Observations::new(stood))
    }

    /// Each version that no longer stands; of one piece of evidence the oldest first.
    pub fn iter(&self) -> std::slice::Iter<'_, Superseded> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether everything that was ever recorded still stands as it was.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Since when a judgement that stands is believed.
    fn since(&self, standing: &Observation) -> Timestamp {
        let same = self.0.iter().rev().find(|past| past.observation.evidence == standing.evidence);
        same.map_or(standing.recorded_at, |past| past.until.max(standing.recorded_at))
    }
}
