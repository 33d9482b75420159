//! What was seen of one learner in one competency, in the order it was seen.

use northstar_kernel::{EvidenceId, Timestamp};

use crate::AssessorRole;

/// One judgement that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observation {
    /// When it was observed, which may be long before it was recorded.
    pub observed_at: Timestamp,
    /// The evidence it belongs to.
    pub evidence: EvidenceId,
    /// The judgement in thousandths.
    pub value_milli: i64,
    /// Who judged.
    pub role: AssessorRole,
}

impl Observation {
    fn place(&self) -> (Timestamp, EvidenceId) {
        (self.observed_at, self.evidence)
    }
}

/// The judgements that stand, oldest observation first; of two at the same instant, the one with
/// the smaller evidence id.
///
/// Whatever order different pieces of evidence arrive in, the result is the same. What happens to
/// one piece (recorded, corrected, retracted) must arrive in the order it happened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Observations(Vec<Observation>);

impl Observations {
    /// Takes observations in any order, one for each piece of evidence.
    pub fn new(observations: impl IntoIterator<Item = Observation>) -> Self {
        let mut all: Vec<_> = observations.into_iter().collect();
        all.sort_unstable_by_key(Observation::place);
        Self(all)
    }

    /// Adds evidence not seen before. The newest, as most are, costs nothing to place.
    pub fn record(&mut self, observation: Observation) {
        let place = observation.place();
        if self.0.last().is_none_or(|last| last.place() < place) {
            return self.0.push(observation);
        }
        match self.0.binary_search_by_key(&place, Observation::place) {
            Ok(same) => self.0[same] = observation,
            Err(between) => self.0.insert(between, observation),
        }
    }

    /// Puts `observation` in place of what the same evidence said before.
    pub fn correct(&mut self, observation: Observation) {
        self.retract(observation.evidence);
        self.record(observation);
    }

    /// Takes evidence out; false if it was not there.
    pub fn retract(&mut self, evidence: EvidenceId) -> bool {
        let found = self.0.iter().rposition(|held| held.evidence == evidence);
        found.map(|index| self.0.remove(index)).is_some()
    }

    /// Oldest first.
    pub fn iter(&self) -> std::slice::Iter<'_, Observation> {
        self.0.iter()
    }

    /// How many stand.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none stands.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
