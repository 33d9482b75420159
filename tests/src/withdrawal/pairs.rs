//! Learner and competency: which pairs there are, and what becomes of each.

use std::time::Duration;

use northstar_kernel::{CompetencyId, EvidenceId, LearnerId};

use crate::measure::request::request_id;
use crate::measure::sample::{competency, learner, tenant};

/// How many there are.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Learners.
    pub learners: u64,
    /// Competencies in which every learner is at mastery from the beginning, each with a credential.
    pub competencies: u64,
    /// Steps that are taken, in all runs together; fewer than half of the pairs.
    pub steps: u64,
    /// Further credentials that each step earns.
    pub load: u64,
}

/// How fast steps are taken.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// From one step to the next, whatever becomes of it.
    pub gap: Duration,
    /// Steps of this run.
    pub steps: u64,
}

/// A learner in a competency, by number: neighbours are different learners.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair {
    number: u64,
    learners: u64,
}

impl Size {
    /// Pairs that are at mastery from the beginning.
    pub fn at_first(self) -> u64 {
        self.learners * self.competencies
    }

    /// Competencies of the framework, those of the load among them.
    pub(super) fn all_competencies(self) -> u64 {
        self.competencies + (self.steps * self.load).div_ceil(self.learners)
    }

    pub(super) fn pair(self, number: u64) -> Pair {
        Pair { number, learners: self.learners }
    }

    /// The pair that a step withdraws mastery from, by taking all of its evidence.
    pub(super) fn withdrawn(self, step: u64) -> Pair {
        self.pair(2 * step)
    }

    /// The pair that a step takes evidence from, and that is at mastery by other evidence still.
    pub(super) fn carried(self, step: u64) -> Pair {
        self.pair(2 * step + 1)
    }

    /// The pairs that come to mastery with a step.
    pub(super) fn earned(self, step: u64) -> impl Iterator<Item = Pair> {
        let first = self.at_first() + step * self.load;
        (first..first + self.load).map(move |number| self.pair(number))
    }
}

impl Pair {
    pub(super) fn learner(self) -> LearnerId {
        learner(self.number % self.learners)
    }

    pub(super) fn competency(self) -> CompetencyId {
        competency(self.number / self.learners)
    }

    /// The number of the request that recorded its evidence; `more` for the one that came second.
    pub(super) fn request(self, more: bool) -> u64 {
        2 * self.number + u64::from(more)
    }

    /// That evidence.
    pub(super) fn evidence(self, more: bool) -> EvidenceId {
        EvidenceId::derive(tenant(), &request_id(self.request(more)))
    }
}
