//! The level held by a learner in a competency: key = learner id, competency id.

use northstar_eventlog::{Document, Malformed, Shape, Stream};
use northstar_kernel::{CompetencyId, Digest, EvidenceId, LearnerId, Timestamp};
use northstar_mastery_domain::{Finding, Held, Input, Observation, Observations, Past};
use uuid::Uuid;

use crate::codec::{Seen, read_uuid};

mod columns;
mod decided;
mod past;
mod stored;
mod stored_decided;

pub(crate) use decided::Decided;
pub(crate) use stored::{standing_code, standing_of};

/// As of the end of time, everything that was recorded counts.
const END: Timestamp = Timestamp::from_micros(i64::MAX);

/// The judgements that stand, and what is held for them.
///
/// Its state is a function of the judgements that stand, here and in the parts that a roll-up reads,
/// of what was decided, of the instants that have passed, the competency's scale and the framework's
/// policies and rules, whatever way they came. A level without any of the first four has no state; it
/// is kept for the sake of what was once believed, and removed if that was nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Level {
    /// The judgements that stand.
    pub(crate) observations: Observations,
    /// What is held for them by each of the framework's policies side by side, by the policy's
    /// name; the main one, whose name is empty, comes first. Empty while no policy holds.
    pub(crate) readings: Vec<Reading>,
    /// What the rule of a roll-up says, in place of the main policy, and the rule's hash; `None` where
    /// there is no rule for the competency.
    pub(crate) rolled_up: Option<Reading>,
    /// What people and time bring to it.
    pub(crate) decided: Decided,
    /// The judgements that no longer stand as they did. Not state: they are what only somebody who
    /// asks what was believed on another day is told.
    pub(crate) past: Past,
}

/// What is held by one policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The policy's name.
    pub(crate) name: String,
    /// What is held by it.
    pub(crate) held: Held,
    /// Its hash.
    pub(crate) policy: Digest,
}

impl Level {
    /// The instant it is worked out for: that of its newest judgement or, if a later one is known to
    /// have passed, that. A fold has no clock, so that it comes to the same whenever it is done.
    pub(crate) fn at(&self) -> Timestamp {
        let newest = self.observations.iter().next_back().map(|newest| newest.observed_at);
        newest.max(self.decided.clock).unwrap_or(END)
    }

    /// What is held by the policy of that name; by the rule of a roll-up, where there is one, in place
    /// of the main policy.
    pub(crate) fn by_rule(&self, name: &str) -> Option<&Reading> {
        let rolled_up = self.rolled_up.as_ref().filter(|rolled_up| rolled_up.name == name);
        rolled_up.or_else(|| self.readings.iter().find(|reading| reading.name == name))
    }

    /// What a roll-up reads of it: what is shown by the main policy. The one place where a part is
    /// read for what is kept.
    pub(crate) fn input(&self) -> Input {
        let main = self.readings.iter().find(|reading| reading.name.is_empty());
        let shown = self.decided.shown.map(|(id, _)| id);
        let overrides = self.decided.overrides.iter();
        let overriding = overrides.map(|held| held.terms).find(|terms| Some(terms.id) == shown);
        Input {
            own: main.map(|reading| Finding::from(&reading.held)).unwrap_or_default(),
            overriding: overriding.map(|terms| (terms.id, terms.says)),
        }
    }

    /// What is shown by the policy of that name.
    pub(crate) fn shows(&self, name: &str) -> Held {
        let by_rule = self.by_rule(name).map_or_else(Held::default, |reading| reading.held);
        // An override is laid over the main policy, whose name is empty.
        let shown = self.decided.shown.filter(|_| name.is_empty());
        shown.map_or(by_rule, |(_, held)| held)
    }

    /// Whether there is nothing to keep.
    pub(crate) fn is_bare(&self) -> bool {
        self.is_stateless() && self.past.is_empty()
    }

    /// Whether there is nothing that is state: nobody judged or decided anything, and no rule says
    /// anything.
    pub(crate) fn is_stateless(&self) -> bool {
        let said = self.rolled_up.as_ref().is_some_and(|said| said.held != Held::default());
        self.observations.is_empty() && self.decided.is_empty() && !said
    }

    /// Leaves out what follows from nothing.
    pub(crate) fn tidy(&mut self) {
        if self.observations.is_empty() {
            self.readings.clear();
        }
        if self.is_stateless() {
            self.rolled_up = None;
        }
    }

    /// The judgement with its names shared.
    pub(crate) fn observation(&self, evidence: EvidenceId, seen: &Seen<'_>) -> Observation {
        Observation {
            observed_at: seen.observed_at,
            recorded_at: seen.recorded_at,
            evidence,
            value_milli: seen.value_milli,
            role: seen.role,
            assessor: self.observations.shared(seen.assessor, |known| &known.assessor),
            kind: self.observations.shared(seen.kind, |known| &known.kind),
            validated: false,
        }
    }

    /// Keeps the judgement of that evidence as it stands, for something recorded at `at` is about to
    /// take its place.
    pub(crate) fn supersede(&mut self, evidence: EvidenceId, at: Timestamp) {
        if let Some(before) = self.observations.get(evidence) {
            self.past.supersede(before, at);
        }
    }
}

/// Which learner's level in which competency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LevelKey {
    pub(crate) learner: LearnerId,
    pub(crate) competency: CompetencyId,
}

impl LevelKey {
    /// The learner's sixteen bytes, then the competency's.
    pub(crate) fn bytes(&self) -> [u8; 32] {
        let mut key = [0; 32];
        key[..16].copy_from_slice(self.learner.as_bytes());
        key[16..].copy_from_slice(self.competency.as_bytes());
        key
    }

    /// The stream of all that happens to this level.
    pub(crate) fn stream(&self) -> Stream {
        Stream::new("mastery", Uuid::new_v5(&self.learner.uuid(), self.competency.as_bytes()))
    }

    /// The key that has these bytes.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let (learner, competency) = bytes.split_at(bytes.len().min(16));
        Ok(Self {
            learner: LearnerId::from_uuid(read_uuid("the key of a level", learner)?),
            competency: CompetencyId::from_uuid(read_uuid("the key of a level", competency)?),
        })
    }
}

impl Shape for Level {
    const NOUN: &'static str = "level";

    fn encode(&self) -> Document {
        stored::encode(self)
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        columns::decode(document)
    }

    fn weight(&self) -> usize {
        let readings = self.readings.len() * size_of::<Reading>();
        let judgements = self.observations.len() + self.past.len();
        size_of::<Self>() + readings + judgements * size_of::<Observation>()
    }
}

#[cfg(test)]
mod tests;
