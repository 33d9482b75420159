//! What was seen of one learner in one competency, in the order it was seen.

use std::sync::Arc;

use northstar_kernel::{EvidenceId, Timestamp};

use crate::{AssessorRole, Mark};

/// One judgement that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// When it was observed, which may be long before it was recorded.
    pub observed_at: Timestamp,
    /// When the evidence was first recorded. A correction does not move it.
    pub recorded_at: Timestamp,
    /// The evidence it belongs to.
    pub evidence: EvidenceId,
    /// The judgement in thousandths.
    pub value_milli: i64,
    /// In which role it was judged.
    pub role: AssessorRole,
    /// Who judged: a person's or another system's id; empty if nobody said. What nobody said
    /// counts as one assessor.
    pub assessor: Arc<str>,
    /// Where or how it was shown: classroom, work-based …; empty if nobody said.
    pub kind: Arc<str>,
    /// Whether a second person signed it off.
    pub validated: bool,
}

impl Observation {
    /// What a method sees of it.
    pub(crate) fn mark(&self) -> Mark<'_> {
        Mark { value_milli: self.value_milli, kind: &self.kind }
    }

    fn place(&self) -> (Timestamp, EvidenceId) {
        (self.observed_at, self.evidence)
    }
}

/// The judgements that stand, oldest observation first; of two at the same instant, the one with
/// the smaller evidence id.
///
/// Whatever order different pieces of evidence arrive in, the result is the same. What happens to
/// one piece (recorded, corrected, validated, retracted) must arrive in the order it happened.
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

    /// Puts `observation` in place of what the same evidence said before; it keeps the time at
    /// which the evidence was first recorded. Whoever signed off the old did not sign off the new.
    pub fn correct(&mut self, mut observation: Observation) {
        if let Some(index) = self.find(observation.evidence) {
            observation.recorded_at = self.0.remove(index).recorded_at;
        }
        self.record(observation);
    }

    /// Notes that a second person signed the evidence off; false if it was not there.
    pub fn validate(&mut self, evidence: EvidenceId) -> bool {
        self.sign(evidence, true)
    }

    /// Takes a sign-off back; false if the evidence was not there.
    pub fn revoke_validation(&mut self, evidence: EvidenceId) -> bool {
        self.sign(evidence, false)
    }

    /// Takes evidence out; false if it was not there.
    pub fn retract(&mut self, evidence: EvidenceId) -> bool {
        self.find(evidence).map(|index| self.0.remove(index)).is_some()
    }

    /// The judgement of that evidence, if it stands.
    pub fn get(&self, evidence: EvidenceId) -> Option<&Observation> {
        self.find(evidence).map(|index| &self.0[index])
    }

    /// Oldest first.
    pub fn iter(&self) -> std::slice::Iter<'_, Observation> {
        self.0.iter()
    }

    /// Those observed up to and at `at`, oldest first.
    pub fn until(&self, at: Timestamp) -> &[Observation] {
        &self.0[..self.0.partition_point(|observation| observation.observed_at <= at)]
    }

    /// The name, as one of them has it already if one does: most levels know few assessors and kinds.
    pub fn shared(&self, name: &str, of: fn(&Observation) -> &Arc<str>) -> Arc<str> {
        let known = self.0.iter().rev().map(of).find(|known| &***known == name);
        known.map_or_else(|| name.into(), Arc::clone)
    }

    /// How many stand.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none stands.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Most steps are about evidence of late, so the search begins there.
    fn find(&self, evidence: EvidenceId) -> Option<usize> {
        self.0.iter().rposition(|held| held.evidence == evidence)
    }

    fn sign(&mut self, evidence: EvidenceId, validated: bool) -> bool {
        let found = self.find(evidence).map(|index| self.0[index].validated = validated);
        found.is_some()
    }
}
