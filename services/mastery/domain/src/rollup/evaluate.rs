//! What is held of one learner in all competencies of a framework.

use std::collections::BTreeSet;

use northstar_kernel::{CompetencyId, OverrideId};

use super::Finding;
use super::graph::{Rollups, Ruled};
use super::judge::{Judged, judge};
use super::plan::Kind;
use crate::Shown;

/// What is known of a learner in one competency before any roll-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Input {
    /// What the learner's own evidence in it says.
    pub own: Finding,
    /// The override that holds, if one does: see [`crate::overlay`].
    pub overriding: Option<(OverrideId, Finding)>,
}

/// What is held of one learner in every competency; rules have read what is *shown*, overrides
/// included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings<'a> {
    pub(super) rollups: &'a Rollups,
    /// By place.
    pub(super) entries: Vec<Entry>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Entry {
    pub input: Input,
    pub shown: Shown,
}

impl Rollups {
    /// Works out every competency once, parts first. `input` is asked once for each.
    pub fn evaluate(&self, mut input: impl FnMut(CompetencyId) -> Input) -> Findings<'_> {
        let inputs = self.competencies.iter().map(|competency| input(competency.id));
        let entries = inputs.map(|input| Entry { input, shown: Shown::default() }).collect();
        let mut findings = Findings { rollups: self, entries };
        let mut judged = Vec::new();
        for place in &self.order {
            findings.entries[*place].shown = findings.work_out(*place, &mut judged);
        }
        findings
    }
}

impl<'a> Findings<'a> {
    /// What is shown of a competency, and what its rule says; `None` if it is not in the framework.
    pub fn get(&self, competency: CompetencyId) -> Option<Shown> {
        Some(self.entries[self.rollups.place(competency)?].shown)
    }

    /// All competencies, parts before what they are part of.
    pub fn iter(&self) -> impl Iterator<Item = (CompetencyId, Shown)> {
        let rollups = self.rollups;
        let one = |place: &usize| (rollups.competencies[*place].id, self.entries[*place].shown);
        rollups.order.iter().map(one)
    }

    /// Takes a new input for one competency and works out anew what it touches: only competencies
    /// above it, and of these only while what is shown changes.
    ///
    /// Gives the competencies of which something else is shown or said by the rule now, parts
    /// first. Empty if nothing is, or if the competency is not in the framework.
    pub fn update(&mut self, competency: CompetencyId, input: Input) -> Vec<CompetencyId> {
        let Some(start) = self.rollups.place(competency) else { return Vec::new() };
        self.entries[start].input = input;
        let (mut judged, mut changed) = (Vec::new(), Vec::new());
        let mut waiting = BTreeSet::from([self.rollups.rank[start]]);
        while let Some(rank) = waiting.pop_first() {
            let place = self.rollups.order[rank];
            let (before, after) = (self.entries[place].shown, self.work_out(place, &mut judged));
            if before != after {
                self.entries[place].shown = after;
                changed.push(self.rollups.competencies[place].id);
            }
            if before.held != after.held {
                waiting.append(&mut self.rollups.ranks_above(place));
            }
        }
        changed
    }

    fn work_out(&self, place: usize, judged: &mut Vec<Judged>) -> Shown {
        let Entry { input, .. } = self.entries[place];
        let by_rule = match &self.rollups.rules[place] {
            None => input.own,
            Some(ruled) => self.judged(place, ruled, judged).finding(),
        };
        Shown::new(by_rule, input.overriding)
    }

    /// Judges the rule of the competency at `place`; the root is returned, the rest in `judged`.
    pub(super) fn judged(&self, place: usize, ruled: &Ruled, judged: &mut Vec<Judged>) -> Judged {
        let read = |kind: &Kind| self.read(place, kind);
        judge(&ruled.plan, ruled.rollup.round_to_milli(), read, judged)
    }

    /// What the rule of the competency at `place` reads of a part; `None` if that is retired.
    pub(super) fn read(&self, place: usize, kind: &Kind) -> Option<Finding> {
        match kind {
            Kind::Part { place: part, .. } => {
                let part = (*part)?;
                let retired = self.rollups.competencies[part].retired;
                (!retired).then_some(self.entries[part].shown.held)
            }
            _ => Some(self.entries[place].input.own),
        }
    }
}
