//! Which parts of a rule to reach, so that it is reached.

use super::super::graph::Ruled;
use super::super::judge::Judged;
use super::super::plan::{Kind, Node};
use super::super::{Findings, Verdict};

/// What a competency costs: how many leaves are to be reached below it. Leaves that are shared are
/// counted each time, and no sum overflows.
pub(super) type Cost = u64;

/// What to do about the competency at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// Reach what its rule needs.
    Into(usize),
    /// Show mastery in it by evidence.
    Evidence(usize),
    /// Get it to mastery, or to a higher value, whatever its parts are at.
    Whole(usize),
}

impl Step {
    pub(super) const fn place(self) -> usize {
        match self {
            Self::Into(place) | Self::Evidence(place) | Self::Whole(place) => place,
        }
    }

    pub(super) fn cost(self, costs: &[Cost]) -> Cost {
        if let Self::Into(place) = self { costs[place] } else { 1 }
    }
}

/// A rule that is not reached, and what its parts cost.
pub(super) struct Choice<'a> {
    pub findings: &'a Findings<'a>,
    /// The competency's.
    pub place: usize,
    pub ruled: &'a Ruled,
    pub judged: &'a [Judged],
    pub costs: &'a [Cost],
}

impl Choice<'_> {
    fn nodes(&self) -> &[Node] {
        self.ruled.plan.nodes()
    }

    /// The parts to be reached, in the order of the rule.
    pub(super) fn steps(&self) -> Vec<Step> {
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
                self.single(node).cost(self.costs)
            };
        }
        costs
    }

    /// Going into a part helps if mastery is what it lacks.
    fn single(&self, node: &Node) -> Step {
        match node.kind {
            Kind::Part { place: Some(place), .. } if self.findings.is_met(place) => {
                self.findings.itself(place)
            }
            Kind::Part { place: Some(place), .. } => Step::Into(place),
            _ => Step::Evidence(self.place),
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
