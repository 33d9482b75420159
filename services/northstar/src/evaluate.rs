//! A rule tried on a file of judgements, without any server.

mod json_rows;
mod judgement;
mod moment;
mod policy;
mod rows;
mod scale;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use northstar_evidence::standard::Problem;
use northstar_kernel::{EvidenceId, Timestamp};
use northstar_mastery_domain::{Derivation, Observation, Observations, Policy, Scale, explain};

use judgement::Judgement;
pub(crate) use moment::as_of;
pub(crate) use policy::policy;
pub(crate) use scale::scale;

/// The judgements of a file, and what was wrong with it.
#[derive(Debug, Default)]
pub(crate) struct Judgements {
    seen: BTreeMap<(String, String), Vec<Observation>>,
    places: BTreeMap<EvidenceId, String>,
    /// What was refused, in the order of the file.
    pub(crate) problems: Vec<Problem>,
    /// Columns or fields that mean nothing here.
    pub(crate) unread: BTreeSet<String>,
}

/// What the rule makes of one learner in one competency.
#[derive(Debug)]
pub(crate) struct Found {
    /// As the file calls them.
    pub(crate) learner: String,
    /// As the file calls it.
    pub(crate) competency: String,
    /// How it came about.
    pub(crate) derivation: Derivation,
    /// Where each piece of evidence stands: `judgements.csv:12`.
    pub(crate) places: BTreeMap<EvidenceId, String>,
}

impl Judgements {
    /// Reads a file, CSV or JSON; `file` is how problems call it.
    pub(crate) fn read(file: &str, bytes: &[u8]) -> Self {
        let mut judgements = Self::default();
        match rows::rows(file, bytes, &mut judgements.unread) {
            Ok(rows) => (1..).zip(rows).for_each(|(number, row)| judgements.take(number, row)),
            Err(problems) => judgements.problems = problems,
        }
        judgements
    }

    fn take(&mut self, number: u64, row: Result<rows::Record, Problem>) {
        let read = row.and_then(|row| Ok((judgement::read(&row, number)?, row)));
        match read {
            Ok((judgement, row)) => self.place(judgement, &row),
            Err(problem) => self.problems.push(problem),
        }
    }

    fn place(&mut self, judgement: Judgement, row: &rows::Record) {
        match self.places.entry(judgement.observation.evidence) {
            Entry::Occupied(first) => {
                let message = format!("stands at {} already", first.get());
                self.problems.push(row.problem("evidence", "EVIDENCE_TWICE", message));
            }
            Entry::Vacant(place) => {
                place.insert(row.place());
                let whose = (judgement.learner, judgement.competency);
                self.seen.entry(whose).or_default().push(judgement.observation);
            }
        }
    }

    /// What `policy` makes of each learner in each competency at `at`, by learner, then competency.
    pub(crate) fn under(&self, policy: &Policy, scale: &Scale, at: Timestamp) -> Vec<Found> {
        let found = |((learner, competency), seen): (&(String, String), &Vec<Observation>)| {
            let observations = Observations::new(seen.iter().cloned());
            let place = |seen: &Observation| Some((seen.evidence, self.place_of(seen)?));
            Found {
                learner: learner.clone(),
                competency: competency.clone(),
                derivation: explain(policy, scale, &observations, at),
                places: seen.iter().filter_map(place).collect(),
            }
        };
        self.seen.iter().map(found).collect()
    }

    fn place_of(&self, seen: &Observation) -> Option<String> {
        self.places.get(&seen.evidence).cloned()
    }
}

#[cfg(test)]
mod tests;
