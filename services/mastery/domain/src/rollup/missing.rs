//! What a learner still has to reach below a competency.

use std::collections::BTreeSet;

use northstar_kernel::CompetencyId;

use super::graph::Ruled;
use super::judge::Judged;
use super::plan::{Kind, Node};
use super::{Findings, Verdict};

/// What a competency costs: how many leaves are to be reached below it. Leaves that are shared are
/// counted each time, and no sum overflows.
type Cost = u64;

impl Findings<'_> {
    /// The competencies without a rule that the learner must still reach so that `target` is at
    /// mastery, each once, in the order in which rules name them, first parts first. Empty if
    /// `target` is at mastery or not in the framework.
    ///
    /// Where a rule leaves a choice, the parts with the fewest leaves still to reach are taken, and
    /// of equal ones the first; for points, those with the fewest leaves for a point. Each choice
    /// is the smallest by itself; leaves shared between several may allow a shorter list as a
    /// whole. Of means and minima all parts below the threshold are named.
    ///
    /// A competency with a rule is named itself where reaching its parts does not help: because an
    /// override holds it down, or a rule above asks more of it than mastery; and where a rule asks
    /// for its own evidence.
    pub fn missing_below(&self, target: CompetencyId) -> Vec<CompetencyId> {
        let Some(target) = self.rollups.place(target) else { return Vec::new() };
        let costs = self.costs(target);
        let (mut seen, mut named, mut missing) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        let mut waiting = vec![Step::Into(target)];
        while let Some(step) = waiting.pop() {
            match step {
                Step::Into(place) if !seen.insert(place) || self.is_met(place) => {}
                Step::Into(place) => {
                    let steps = self.steps(place, &costs);
                    waiting.extend(steps.into_iter().rev());
                }
                Step::Name(place) if named.insert(place) => {
                    missing.push(self.rollups.competencies[place].id);
                }
                Step::Name(_) => {}
            }
        }
        missing
    }

    fn is_met(&self, place: usize) -> bool {
        self.entries[place].shown.held.is_mastered()
    }

    /// By place, the cost of every competency below `target` that is not at mastery; 0 elsewhere.
    fn costs(&self, target: usize) -> Vec<Cost> {
        let (mut costs, mut below) = (vec![0; self.entries.len()], BTreeSet::new());
        let mut waiting = vec![target];
        while let Some(place) = waiting.pop() {
            if !self.is_met(place) && below.insert((self.rollups.rank[place], place)) {
                let rule = self.rollups.rules[place].iter();
                waiting.extend(rule.flat_map(|ruled| ruled.plan.places()));
            }
        }
        for (_, place) in below {
            let cost = |step: &Step| match step {
                Step::Into(place) => costs[*place],
                Step::Name(_) => 1,
            };
            let steps = self.steps(place, &costs);
            costs[place] = steps.iter().map(cost).fold(0, Cost::saturating_add);
        }
        costs
    }

    /// What is to be done so that the competency at `place`, which is not at mastery, gets there.
    fn steps(&self, place: usize, costs: &[Cost]) -> Vec<Step> {
        let Some(ruled) = &self.rollups.rules[place] else { return vec![Step::Name(place)] };
        let mut judged = Vec::new();
        let root = self.judged(place, ruled, &mut judged);
        let held_down = self.entries[place].shown.by_override.is_some();
        if held_down || root.verdict.is_none_or(|verdict| verdict == Verdict::Reached) {
            return vec![Step::Name(place)];
        }
        let choice = Choice { findings: self, place, ruled, judged: &judged, costs };
        let steps = choice.steps();
        // A mean that is rounded down may be missed although no part is below the threshold.
        if steps.is_empty() { vec![Step::Name(place)] } else { steps }
    }
}

/// What to do about one competency.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// Reach what its rule needs.
    Into(usize),
    /// Reach it.
    Name(usize),
}

/// A rule that is not reached, and what its parts cost.
struct Choice<'a> {
    findings: &'a Findings<'a>,
    place: usize,
    ruled: &'a Ruled,
    judged: &'a [Judged],
    costs: &'a [Cost],
}

impl Choice<'_> {
    fn nodes(&self) -> &[Node] {
        self.ruled.plan.nodes()
    }

    /// The parts to be reached, in the order of the rule.
    fn steps(&self) -> Vec<Step> {
        let costs = self.node_costs();
        let (mut steps, mut waiting) = (Vec::new(), vec![0]);
        while let Some(at) = waiting.pop() {
            let node = &self.nodes()[at];
            if node.is_group() {
                waiting.extend(self.chosen(at, &costs).into_iter().rev());
            } else {
                steps.push(self.single(node));
            }
        }
        steps
    }

    /// What each node costs; parts come after their groups, so backwards.
    fn node_costs(&self) -> Vec<Cost> {
        let mut costs = vec![0; self.nodes().len()];
        for (at, node) in self.nodes().iter().enumerate().rev() {
            costs[at] = if node.is_group() {
                self.chosen(at, &costs)
                    .iter()
                    .fold(0, |sum: Cost, part| sum.saturating_add(costs[*part]))
            } else {
                match self.single(node) {
                    Step::Into(place) => self.costs[place],
                    Step::Name(_) => 1,
                }
            };
        }
        costs
    }

    /// Going into a part helps if mastery is what it lacks.
    fn single(&self, node: &Node) -> Step {
        match node.kind {
            Kind::Part { place: Some(place), .. } if self.findings.is_met(place) => {
                Step::Name(place)
            }
            Kind::Part { place: Some(place), .. } => Step::Into(place),
            _ => Step::Name(self.place),
        }
    }

    /// The parts of a group that are to be reached, in the order of the rule; none if it is
    /// reached or does not count.
    fn chosen(&self, group: usize, costs: &[Cost]) -> Vec<usize> {
        let node = &self.nodes()[group];
        let reached = Some(Verdict::Reached);
        if [None, reached].contains(&self.judged[group].verdict) {
            return Vec::new();
        }
        let counting = node.parts.clone().filter(|part| self.judged[*part].verdict.is_some());
        let open: Vec<usize> =
            counting.clone().filter(|part| self.judged[*part].verdict != reached).collect();
        let met = counting.clone().count() - open.len();
        match node.kind {
            Kind::Any => cheapest(open, 1, costs),
            Kind::AtLeast(k) => {
                cheapest(open, usize::try_from(k).unwrap_or(usize::MAX).saturating_sub(met), costs)
            }
            Kind::Points(needed) => self.points(counting.collect(), needed, costs),
            Kind::WeightedMean { mastery_milli, .. } | Kind::Minimum(mastery_milli) => counting
                .filter(|part| self.judged[*part].value.is_none_or(|value| value < mastery_milli))
                .collect(),
            Kind::All | Kind::Part { .. } | Kind::Own(_) => open,
        }
    }

    /// All required parts, then those with the fewest leaves for a point until there is enough.
    fn points(&self, counting: Vec<usize>, needed: u32, costs: &[Cost]) -> Vec<usize> {
        let worth = |part: usize| u64::from(self.nodes()[part].weight);
        let (met, mut open): (Vec<usize>, Vec<usize>) = counting
            .into_iter()
            .partition(|part| self.judged[*part].verdict == Some(Verdict::Reached));
        let mut earned: u64 = met.into_iter().map(worth).sum();
        open.sort_by(|a, b| {
            let required = |part: &usize| !self.nodes()[*part].required;
            let price =
                |part: usize, other: usize| u128::from(costs[part]) * u128::from(worth(other));
            required(a).cmp(&required(b)).then(price(*a, *b).cmp(&price(*b, *a)))
        });
        open.retain(|part| {
            let taken = self.nodes()[*part].required || earned < u64::from(needed);
            earned += if taken { worth(*part) } else { 0 };
            taken
        });
        open.sort_unstable();
        open
    }
}

/// The `count` parts that cost least, in the order of the rule.
fn cheapest(mut parts: Vec<usize>, count: usize, costs: &[Cost]) -> Vec<usize> {
    parts.sort_by_key(|part| costs[*part]);
    parts.truncate(count);
    parts.sort_unstable();
    parts
}
