//! Whether one rule makes sense, and the highest value it can give.

use std::collections::{BTreeMap, BTreeSet};

use super::plan::{Kind, Node, Plan};
use super::{MOST_WEIGHT, RollupProblem, Test};
use crate::{Exact, HIGHEST_THRESHOLD_MILLI};

/// No bound is known.
pub(super) const UNBOUNDED: i64 = i64::MAX;

/// What a check must know of a competency.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound {
    /// The highest value it can show, in thousandths, or [`UNBOUNDED`].
    pub highest: i64,
    pub retired: bool,
}

/// A flaw, by the node it is at.
pub(super) type Found = (usize, &'static str, RollupProblem);

/// The highest value of the rule, after every flaw of it was put into `found`.
///
/// `own` bounds the competency's own evidence, `bounds` all competencies by place.
pub(super) fn check(
    plan: &Plan,
    step: u32,
    own: i64,
    bounds: &[Bound],
    found: &mut Vec<Found>,
) -> i64 {
    duplicates(plan, found);
    let mut best = vec![None; plan.nodes().len()];
    for (at, node) in plan.nodes().iter().enumerate().rev() {
        best[at] = if node.is_group() {
            let parts = Parts { node, nodes: plan.nodes(), best: &best };
            parts.check(at, step, found)
        } else {
            single(at, node, own, bounds, found)
        };
    }
    best[0].unwrap_or(UNBOUNDED)
}

/// The highest value of a single part; `None` if it does not count.
fn single(
    at: usize,
    node: &Node,
    own: i64,
    bounds: &[Bound],
    found: &mut Vec<Found>,
) -> Option<i64> {
    let (bound, test) = match node.kind {
        Kind::Part { competency, place, test } => {
            let bound = place.map(|place| bounds[place]);
            if bound.is_none() {
                found.push((at, ".competency", RollupProblem::UnknownCompetency(competency)));
            }
            (bound.unwrap_or(Bound { highest: UNBOUNDED, retired: false }), test)
        }
        Kind::Own(test) => (Bound { highest: own, retired: false }, test),
        _ => return None,
    };
    match test {
        Test::Mastery => {}
        Test::AtLeast(milli) | Test::Exactly(milli) => {
            threshold(at, ".milli", milli, bound.highest, found);
        }
        Test::AtMost(milli) => threshold(at, ".milli", milli, UNBOUNDED, found),
    }
    (!bound.retired).then_some(bound.highest)
}

fn threshold(
    at: usize,
    field: &'static str,
    threshold_milli: i64,
    highest_milli: i64,
    found: &mut Vec<Found>,
) {
    if !(0..=HIGHEST_THRESHOLD_MILLI).contains(&threshold_milli) {
        found.push((at, field, RollupProblem::ThresholdOutOfRange(threshold_milli)));
    } else if threshold_milli > highest_milli {
        let problem = RollupProblem::Unreachable { threshold_milli, highest_milli };
        found.push((at, field, problem));
    }
}

/// A group, and what its parts can give.
struct Parts<'a> {
    node: &'a Node,
    nodes: &'a [Node],
    best: &'a [Option<i64>],
}

impl Parts<'_> {
    fn counting(&self) -> impl Iterator<Item = (&Node, i64)> {
        let parts = self.node.parts.clone();
        parts.filter_map(|part| self.best[part].map(|best| (&self.nodes[part], best)))
    }

    /// The highest value of the group; `None` if it does not count.
    fn check(&self, at: usize, step: u32, found: &mut Vec<Found>) -> Option<i64> {
        self.shares(found);
        let (count, mut bests) = (self.counting().count(), self.bests());
        if self.node.parts.is_empty() {
            found.push((at, ".parts", RollupProblem::Empty));
            return Some(UNBOUNDED);
        }
        if count == 0 {
            found.push((at, ".parts", RollupProblem::OnlyRetired));
            return None;
        }
        match self.node.kind {
            Kind::All => bests.pop(),
            Kind::AtLeast(k) => Some(at_least(at, k, &bests, found)),
            Kind::Points(needed) => Some(self.points(at, needed, found)),
            Kind::WeightedMean { mastery_milli, minimum_known_percent } => {
                if minimum_known_percent > 100 {
                    let problem = RollupProblem::PercentOutOfRange(minimum_known_percent);
                    found.push((at, ".minimum_known_percent", problem));
                }
                let highest = self.mean(step);
                threshold(at, ".mastery_milli", mastery_milli, highest, found);
                Some(highest)
            }
            Kind::Minimum(mastery_milli) => {
                let highest = bests.pop().unwrap_or(UNBOUNDED);
                threshold(at, ".mastery_milli", mastery_milli, highest, found);
                Some(highest)
            }
            Kind::Any | Kind::Part { .. } | Kind::Own(_) => bests.first().copied(),
        }
    }

    /// Whether each part is worth something.
    fn shares(&self, found: &mut Vec<Found>) {
        for part in self.node.parts.clone() {
            let weight = self.nodes[part].weight;
            let problem = match self.node.kind {
                _ if (1..=MOST_WEIGHT).contains(&weight) => continue,
                Kind::Points(_) => (".points", RollupProblem::PartPointsOutOfRange(weight)),
                _ => (".weight", RollupProblem::WeightOutOfRange(weight)),
            };
            found.push((part, problem.0, problem.1));
        }
    }

    /// What the parts can give, the highest first.
    fn bests(&self) -> Vec<i64> {
        let mut bests: Vec<i64> = self.counting().map(|(_, best)| best).collect();
        bests.sort_unstable_by(|a, b| b.cmp(a));
        bests
    }

    fn points(&self, at: usize, needed: u32, found: &mut Vec<Found>) -> i64 {
        let available = self.counting().map(|(part, _)| u64::from(part.weight)).sum();
        if needed == 0 || u64::from(needed) > available {
            found.push((at, ".needed", RollupProblem::PointsOutOfRange { needed, available }));
        }
        i64::try_from(available).unwrap_or(UNBOUNDED).saturating_mul(1_000)
    }

    fn mean(&self, step: u32) -> i64 {
        if self.counting().any(|(_, best)| best == UNBOUNDED) {
            return UNBOUNDED;
        }
        let weighed = self.counting().map(|(part, best)| (part.weight, best));
        let (sum, weight) = weighed.fold((0_i128, 0_i128), |(sum, all), (weight, best)| {
            (sum + i128::from(weight) * i128::from(best), all + i128::from(weight))
        });
        Exact::ratio(sum, weight).map_or(UNBOUNDED, |mean| mean.rounded_to(step))
    }
}

fn at_least(at: usize, k: u32, bests: &[i64], found: &mut Vec<Found>) -> i64 {
    let place = usize::try_from(k).ok().and_then(|k| k.checked_sub(1));
    place.and_then(|place| bests.get(place)).copied().unwrap_or_else(|| {
        found.push((at, ".k", RollupProblem::CountOutOfRange { k, parts: bests.len() }));
        UNBOUNDED
    })
}

/// Two parts of a group are the same if they ask the same. Where parts are counted or weighed, two
/// tests of one competency are the same too, for it would count twice; in "every part" and "one
/// part" they may be meant as a range.
fn duplicates(plan: &Plan, found: &mut Vec<Found>) {
    let mut asked = BTreeMap::new();
    let mut same = vec![0; plan.nodes().len()];
    for (at, node) in plan.nodes().iter().enumerate().rev() {
        let range = matches!(node.kind, Kind::All | Kind::Any);
        let (mut seen, mut competencies) = (BTreeSet::new(), BTreeSet::new());
        for part in node.parts.clone() {
            let twice = match plan.nodes()[part].kind {
                Kind::Part { competency, .. } if !range => !competencies.insert(Some(competency)),
                Kind::Own(_) if !range => !competencies.insert(None),
                _ => !seen.insert(same[part]),
            };
            if twice {
                found.push((part, "", RollupProblem::Duplicate));
            }
        }
        let parts = node.parts.clone().map(|part| {
            let Node { weight, required, .. } = plan.nodes()[part];
            (same[part], weight, required)
        });
        let next = asked.len();
        same[at] = *asked.entry((node.kind, parts.collect::<Vec<_>>())).or_insert(next);
    }
}
