//! Why a competency is, or is not, at mastery by its rule.

use northstar_kernel::{CompetencyId, Digest};

use super::graph::Ruled;
use super::judge::{Judged, Parts};
use super::plan::{Kind, Node};
use super::rule::ENGINE;
use super::sentence::sentence;
use super::{Finding, Findings, Verdict};
use crate::{Json, Shown};

/// The result of a rule for one learner, with everything needed to follow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolledUp {
    /// The competency.
    pub competency: CompetencyId,
    /// The hash of the rule.
    pub rule: Digest,
    /// What is shown, and what the rule says.
    pub shown: Shown,
    /// The parts that are reached, each once, in the order of the rule.
    pub satisfied: Vec<CompetencyId>,
    /// The parts that the rule still waits for: not reached, in groups that are not reached. Its
    /// own id stands for the competency's own evidence. Empty if the rule is reached. Of "one
    /// part" and "k parts" all candidates are named.
    pub missing: Vec<CompetencyId>,
    /// The machine form: the rule with what was read of each part and what follows, from which
    /// anybody can work the result out again.
    pub derivation: Json,
    /// One plain sentence for people.
    pub sentence: String,
}

impl Findings<'_> {
    /// Explains what the rule of a competency says; `None` if it has no rule or is not in the
    /// framework.
    pub fn explain(&self, competency: CompetencyId) -> Option<RolledUp> {
        let place = self.rollups.place(competency)?;
        let ruled = self.rollups.rules[place].as_ref()?;
        let mut judged = Vec::new();
        self.judged(place, ruled, &mut judged);
        let explained = Explained { findings: self, place, ruled, judged: &judged };
        Some(RolledUp {
            competency,
            rule: ruled.rollup.hash(),
            shown: self.entries[place].shown,
            satisfied: explained.satisfied(),
            missing: explained.missing(),
            derivation: explained.derivation(),
            sentence: sentence(&explained),
        })
    }
}

/// A rule and its judged criteria.
pub(super) struct Explained<'a> {
    pub findings: &'a Findings<'a>,
    /// The competency's.
    pub place: usize,
    pub ruled: &'a Ruled,
    pub judged: &'a [Judged],
}

impl Explained<'_> {
    pub(super) fn nodes(&self) -> &[Node] {
        self.ruled.plan.nodes()
    }

    pub(super) fn shown(&self) -> Shown {
        self.findings.entries[self.place].shown
    }

    pub(super) fn parts(&self, node: &Node) -> Parts<'_> {
        Parts::of(&self.ruled.plan, node, self.judged)
    }

    /// The competency that a single part reads.
    pub(super) fn competency(&self, node: &Node) -> CompetencyId {
        match node.kind {
            Kind::Part { competency, .. } => competency,
            _ => self.ruled.rollup.competency(),
        }
    }

    /// Its code, for people.
    pub(super) fn code(&self, node: &Node) -> &str {
        let place = match node.kind {
            Kind::Part { place, .. } => place.unwrap_or(self.place),
            _ => self.place,
        };
        &self.findings.rollups.competencies[place].code
    }

    fn satisfied(&self) -> Vec<CompetencyId> {
        let reached = |at: &usize| self.judged[*at].verdict == Some(Verdict::Reached);
        self.competencies((0..self.nodes().len()).filter(reached))
    }

    fn missing(&self) -> Vec<CompetencyId> {
        self.competencies(self.waited_for().into_iter())
    }

    /// Single parts among these nodes, each competency once.
    fn competencies(&self, nodes: impl Iterator<Item = usize>) -> Vec<CompetencyId> {
        let mut seen = std::collections::BTreeSet::new();
        let single = nodes.map(|at| &self.nodes()[at]).filter(|node| !node.is_group());
        single.map(|node| self.competency(node)).filter(|id| seen.insert(*id)).collect()
    }

    /// The nodes that count, are not reached, and stand in groups of which the same is true.
    pub(super) fn waited_for(&self) -> Vec<usize> {
        let mut waited_for = vec![false; self.nodes().len()];
        for (at, node) in self.nodes().iter().enumerate() {
            let verdict = self.judged[at].verdict;
            let waits = verdict.is_some_and(|verdict| verdict != Verdict::Reached);
            waited_for[at] = waits && (at == 0 || waited_for[node.within]);
        }
        (0..waited_for.len()).filter(|at| waited_for[*at]).collect()
    }

    fn derivation(&self) -> Json {
        let Shown { by_rule, held, by_override } = self.shown();
        let rollup = &self.ruled.rollup;
        let mut fields = vec![
            ("competency", Json::text(rollup.competency())),
            ("engine", ENGINE.into()),
            ("framework", Json::text(rollup.framework())),
            ("rollup_hash", Json::text(rollup.hash())),
            ("round_to_milli", rollup.round_to_milli().into()),
            ("rule", self.tree()),
            ("by_rule", Json::object(finding(by_rule))),
            ("held", Json::object(finding(held))),
        ];
        fields.extend(by_override.map(|id| ("override", Json::text(id))));
        Json::object(fields)
    }

    /// The judged criterion; built from the parts up.
    fn tree(&self) -> Json {
        let mut built: Vec<Option<Json>> = vec![None; self.nodes().len()];
        for (at, node) in self.nodes().iter().enumerate().rev() {
            let parts = built[node.parts.clone()].iter_mut().filter_map(Option::take);
            let parts = Json::list(parts);
            let mut fields = self.kind(node);
            if node.is_group() {
                fields.push(("parts", parts));
            }
            fields.extend(self.share(at, node));
            let Judged { verdict, value, .. } = self.judged[at];
            let verdict = verdict.map_or("not_counting", Verdict::name);
            fields.push(("verdict", Json::text(verdict)));
            fields.extend(value.map(|value| ("value_milli", value.into())));
            built[at] = Some(Json::object(fields));
        }
        built[0].take().unwrap_or_else(|| Json::object([]))
    }

    fn kind(&self, node: &Node) -> Vec<(&'static str, Json)> {
        let kind = |name| vec![("kind", Json::text(name))];
        match node.kind {
            Kind::Part { test, .. } | Kind::Own(test) => {
                let own = matches!(node.kind, Kind::Own(_));
                let mut fields = kind(if own { "own" } else { "competency" });
                fields.extend(test.fields());
                fields.push(("competency", Json::text(self.competency(node))));
                fields.push(("code", Json::text(self.code(node))));
                let read = self.findings.read(self.place, &node.kind);
                fields.push(("retired", read.is_none().into()));
                fields.extend(read.map(|read| ("read", Json::object(finding(read)))));
                fields
            }
            Kind::All => kind("all"),
            Kind::Any => kind("any"),
            Kind::AtLeast(k) => [kind("at_least"), vec![("k", k.into())]].concat(),
            Kind::Points(needed) => [kind("points"), vec![("needed", needed.into())]].concat(),
            Kind::Minimum(mastery) => {
                [kind("minimum"), vec![("mastery_milli", mastery.into())]].concat()
            }
            Kind::WeightedMean { mastery_milli, minimum_known_percent } => {
                let (sum, known, all) = self.parts(node).weighed();
                let mut fields = kind("weighted_mean");
                fields.extend([
                    ("mastery_milli", mastery_milli.into()),
                    ("minimum_known_percent", minimum_known_percent.into()),
                    ("sum", Json::text(sum)),
                    ("weight_known", Json::text(known)),
                    ("weight_counting", Json::text(all)),
                ]);
                fields
            }
        }
    }

    /// What the node is worth in its group.
    fn share(&self, at: usize, node: &Node) -> Vec<(&'static str, Json)> {
        match self.nodes()[node.within].kind {
            Kind::Points(_) if at != 0 => {
                vec![("points", node.weight.into()), ("required", node.required.into())]
            }
            Kind::WeightedMean { .. } if at != 0 => vec![("weight", node.weight.into())],
            _ => Vec::new(),
        }
    }
}

fn finding(finding: Finding) -> Vec<(&'static str, Json)> {
    let mut fields = vec![
        ("standing", Json::text(finding.standing.name())),
        ("provisional", finding.provisional.into()),
    ];
    fields.extend(finding.value_milli.map(|value| ("value_milli", value.into())));
    fields
}
