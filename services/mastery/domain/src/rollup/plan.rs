//! A criterion laid out flat, so that no step over it recurses.

use std::ops::Range;

use northstar_kernel::CompetencyId;

use super::{Criterion, Test};

/// Groups within groups, at most. Deeper ones belong in competencies of their own, whose depth is
/// not bounded.
pub const DEEPEST_NESTING: usize = 64;
/// Criteria in one rule, groups included, at most.
pub const MOST_PARTS: usize = 10_000;

/// The root first, then level by level: parts of one group stand together, after their group.
/// Reading backwards therefore meets parts before their groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan(Vec<Node>);

/// One criterion of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    pub kind: Kind,
    /// Where its parts stand; empty for a single part.
    pub parts: Range<usize>,
    /// The group it stands in; itself for the root.
    pub within: usize,
    /// Points or weight in its group; 1 where the group does not weigh.
    pub weight: u32,
    /// Whether its group cannot be reached without it.
    pub required: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// `place` is the competency's in the graph; `None` until it is known to be there.
    Part {
        competency: CompetencyId,
        place: Option<usize>,
        test: Test,
    },
    Own(Test),
    All,
    Any,
    AtLeast(u32),
    Points(u32),
    WeightedMean {
        mastery_milli: i64,
        minimum_known_percent: u32,
    },
    Minimum(i64),
}

/// There is more of it than a rule may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TooMuch {
    Nested,
    Parts,
}

impl Plan {
    /// Lays `criterion` out; `place` knows where competencies stand in the graph.
    pub(super) fn new(
        criterion: &Criterion,
        place: impl Fn(CompetencyId) -> Option<usize>,
    ) -> Result<Self, TooMuch> {
        let mut nodes = vec![Node::new(criterion, &place, (0, 1, false))];
        let mut level = vec![criterion];
        let mut depth = 0;
        while !level.is_empty() {
            depth += 1;
            if depth > DEEPEST_NESTING {
                return Err(TooMuch::Nested);
            }
            let (mut next, first) = (Vec::new(), nodes.len() - level.len());
            for (within, group) in level.iter().enumerate() {
                let start = nodes.len();
                for (part, weight, required) in group.parts() {
                    nodes.push(Node::new(part, &place, (first + within, weight, required)));
                    next.push(part);
                }
                nodes[first + within].parts = start..nodes.len();
                if nodes.len() > MOST_PARTS {
                    return Err(TooMuch::Parts);
                }
            }
            level = next;
        }
        Ok(Self(nodes))
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.0
    }

    /// The places of all parts, once for each time they are named.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> {
        self.0.iter().filter_map(|node| match node.kind {
            Kind::Part { place, .. } => place,
            _ => None,
        })
    }

    /// Where `node` stands in the rule, for a message: `criterion.parts[1].parts[0]`.
    pub(super) fn path(&self, node: usize) -> String {
        let (mut steps, mut at) = (Vec::new(), node);
        while at != 0 {
            let within = self.0[at].within;
            steps.push(at - self.0[within].parts.start);
            at = within;
        }
        let steps = steps.iter().rev().map(|step| format!(".parts[{step}]"));
        "criterion".to_owned() + &steps.collect::<String>()
    }
}

impl Node {
    fn new(
        criterion: &Criterion,
        place: &impl Fn(CompetencyId) -> Option<usize>,
        (within, weight, required): (usize, u32, bool),
    ) -> Self {
        let kind = match criterion {
            Criterion::Part { competency, test } => {
                Kind::Part { competency: *competency, place: place(*competency), test: *test }
            }
            Criterion::Own(test) => Kind::Own(*test),
            Criterion::All(_) => Kind::All,
            Criterion::Any(_) => Kind::Any,
            Criterion::AtLeast { k, .. } => Kind::AtLeast(*k),
            Criterion::Points { needed, .. } => Kind::Points(*needed),
            Criterion::WeightedMean { mastery_milli, minimum_known_percent, .. } => {
                Kind::WeightedMean {
                    mastery_milli: *mastery_milli,
                    minimum_known_percent: *minimum_known_percent,
                }
            }
            Criterion::Minimum { mastery_milli, .. } => Kind::Minimum(*mastery_milli),
        };
        Self { kind, parts: 0..0, within, weight, required }
    }

    pub(super) const fn is_group(&self) -> bool {
        !matches!(self.kind, Kind::Part { .. } | Kind::Own(_))
    }
}
