//! The rules of a framework together: a graph without cycles, and its order.

use std::collections::BTreeSet;

use northstar_kernel::CompetencyId;

use super::check::{Bound, UNBOUNDED, check};
use super::order::in_order;
use super::plan::{Plan, TooMuch};
use super::{Competency, Rollup, RollupDraft, RollupFlaw, RollupProblem, RollupRefusal};
use crate::ROUNDINGS_MILLI;

/// The rules of a framework, with the order in which they are to be worked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollups {
    /// By id; a competency's index is its *place*.
    pub(super) competencies: Vec<Competency>,
    /// By place.
    pub(super) rules: Vec<Option<Ruled>>,
    /// Places, parts before what they are part of.
    pub(super) order: Vec<usize>,
    /// By place: where it stands in the order.
    pub(super) rank: Vec<usize>,
    /// By place: the places whose rules name it.
    pub(super) above: Vec<Vec<usize>>,
}

/// A rule, and its criterion laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ruled {
    pub rollup: Rollup,
    pub plan: Plan,
}

impl Rollups {
    /// Of no competency, and so without rules.
    pub const EMPTY: Self = Self {
        competencies: Vec::new(),
        rules: Vec::new(),
        order: Vec::new(),
        rank: Vec::new(),
        above: Vec::new(),
    };

    /// Takes drafts to be published, among the competencies of their framework.
    ///
    /// # Errors
    /// [`RollupRefusal`] with every flaw of every draft: what is unknown, doubled, empty, out of
    /// bounds, or can never be reached with the parts that are not retired; and cycles, each with
    /// its path (the first twenty).
    pub fn new(
        drafts: impl IntoIterator<Item = RollupDraft>,
        competencies: impl IntoIterator<Item = Competency>,
    ) -> Result<Self, RollupRefusal> {
        Self::of(drafts.into_iter().collect(), competencies.into_iter().collect(), true)
    }

    /// Takes rules that were published before. What was retired since then cannot make them
    /// invalid; the criteria say what happens.
    ///
    /// # Errors
    /// [`RollupRefusal`] as for [`Rollups::new`], as if nothing was retired.
    pub fn restored(
        rules: impl IntoIterator<Item = RollupDraft>,
        competencies: impl IntoIterator<Item = Competency>,
    ) -> Result<Self, RollupRefusal> {
        Self::of(rules.into_iter().collect(), competencies.into_iter().collect(), false)
    }

    fn of(
        drafts: Vec<RollupDraft>,
        mut competencies: Vec<Competency>,
        retired_matters: bool,
    ) -> Result<Self, RollupRefusal> {
        competencies.sort_by_key(|competency| competency.id);
        competencies.dedup_by_key(|competency| competency.id);
        let mut flaws = Vec::new();
        let rules = ruled(&drafts, &competencies, &mut flaws);
        let below: Vec<BTreeSet<usize>> = rules
            .iter()
            .map(|rule| rule.iter().flat_map(|(_, plan)| plan.places()).collect())
            .collect();
        let (order, cycles) = in_order(&below);
        for cycle in cycles {
            // A competency on a cycle has parts, and so a rule.
            let draft = rules[cycle[0]].as_ref().map_or(0, |(draft, _)| *draft);
            let codes = cycle.iter().map(|place| competencies[*place].code.clone()).collect();
            let problem = RollupProblem::Cycle(codes);
            flaws.push(RollupFlaw { draft, field: "criterion".to_owned(), problem });
        }
        let retired = |competency: &Competency| competency.retired && retired_matters;
        check_all(&drafts, &competencies, &rules, &order, retired, &mut flaws);
        if !flaws.is_empty() {
            flaws.sort_by_key(|flaw| flaw.draft);
            return Err(RollupRefusal { flaws });
        }
        Ok(Self::built(drafts, competencies, rules, order, &below))
    }

    fn built(
        drafts: Vec<RollupDraft>,
        competencies: Vec<Competency>,
        rules: Vec<Option<(usize, Plan)>>,
        order: Vec<usize>,
        below: &[BTreeSet<usize>],
    ) -> Self {
        let mut drafts: Vec<Option<RollupDraft>> = drafts.into_iter().map(Some).collect();
        let mut ruled = |(draft, plan): (usize, Plan)| {
            drafts[draft].take().map(|draft| Ruled { rollup: Rollup(draft), plan })
        };
        let rules = rules.into_iter().map(|rule| rule.and_then(&mut ruled)).collect();
        let (mut rank, mut above) = (vec![0; order.len()], vec![Vec::new(); order.len()]);
        for (at, place) in order.iter().enumerate() {
            rank[*place] = at;
        }
        for (place, parts) in below.iter().enumerate() {
            parts.iter().for_each(|part| above[*part].push(place));
        }
        Self { competencies, rules, order, rank, above }
    }

    /// The competency's place; `None` if it is not in the framework.
    pub(super) fn place(&self, competency: CompetencyId) -> Option<usize> {
        place(&self.competencies, competency)
    }

    /// The rule of a competency; `None` if its mastery comes from its own evidence alone.
    pub fn rule(&self, competency: CompetencyId) -> Option<&Rollup> {
        self.rules[self.place(competency)?].as_ref().map(|ruled| &ruled.rollup)
    }

    /// All rules, by the id of their competency.
    pub fn rules(&self) -> impl Iterator<Item = &Rollup> {
        self.rules.iter().flatten().map(|ruled| &ruled.rollup)
    }

    /// All competencies, parts before what they are part of.
    pub fn order(&self) -> impl Iterator<Item = &Competency> {
        self.order.iter().map(|place| &self.competencies[*place])
    }

    /// The competencies that may change when `competency` does, parts before what they are part
    /// of, without itself. Empty if no rule needs it.
    pub fn affected(&self, competency: CompetencyId) -> Vec<CompetencyId> {
        let Some(start) = self.place(competency) else { return Vec::new() };
        let (mut waiting, mut affected) = (self.ranks_above(start), Vec::new());
        while let Some(rank) = waiting.pop_first() {
            let place = self.order[rank];
            affected.push(self.competencies[place].id);
            waiting.append(&mut self.ranks_above(place));
        }
        affected
    }

    /// Where in the order the rules stand that name the competency at `place`: all after it.
    pub(super) fn ranks_above(&self, place: usize) -> BTreeSet<usize> {
        self.above[place].iter().map(|above| self.rank[*above]).collect()
    }
}

fn place(competencies: &[Competency], id: CompetencyId) -> Option<usize> {
    competencies.binary_search_by_key(&id, |competency| competency.id).ok()
}

/// By place, the draft for it and its plan. Drafts that cannot be placed or laid out are flaws.
fn ruled(
    drafts: &[RollupDraft],
    competencies: &[Competency],
    flaws: &mut Vec<RollupFlaw>,
) -> Vec<Option<(usize, Plan)>> {
    let mut rules = vec![None; competencies.len()];
    for (draft, RollupDraft { competency, criterion, round_to_milli, .. }) in
        drafts.iter().enumerate()
    {
        let mut flaw = |field: &str, problem| {
            flaws.push(RollupFlaw { draft, field: field.to_owned(), problem });
        };
        if !ROUNDINGS_MILLI.contains(&i64::from(*round_to_milli)) {
            flaw("round_to_milli", RollupProblem::RoundingUnknown(*round_to_milli));
        }
        let plan = match Plan::new(criterion, |id| place(competencies, id)) {
            Ok(plan) => plan,
            Err(TooMuch::Nested) => {
                flaw("criterion", RollupProblem::TooDeep);
                continue;
            }
            Err(TooMuch::Parts) => {
                flaw("criterion", RollupProblem::TooManyParts);
                continue;
            }
        };
        match place(competencies, *competency) {
            None => flaw("competency", RollupProblem::UnknownCompetency(*competency)),
            Some(at) if rules[at].is_some() => flaw("competency", RollupProblem::SecondRule),
            Some(at) => rules[at] = Some((draft, plan)),
        }
    }
    rules
}

/// Checks each rule after those of its parts, whose highest values it needs.
fn check_all(
    drafts: &[RollupDraft],
    competencies: &[Competency],
    rules: &[Option<(usize, Plan)>],
    order: &[usize],
    retired: impl Fn(&Competency) -> bool,
    flaws: &mut Vec<RollupFlaw>,
) {
    let bound = |competency: &Competency| Bound {
        highest: competency.highest_milli.unwrap_or(UNBOUNDED),
        retired: retired(competency),
    };
    let mut bounds: Vec<Bound> = competencies.iter().map(bound).collect();
    for place in order {
        let Some((draft, plan)) = &rules[*place] else { continue };
        let mut found = Vec::new();
        let step = drafts[*draft].round_to_milli;
        let own = bounds[*place].highest;
        bounds[*place].highest = check(plan, step, own, &bounds, &mut found);
        found.sort_by_key(|(node, ..)| *node);
        flaws.extend(found.into_iter().map(|(node, field, problem)| RollupFlaw {
            draft: *draft,
            field: plan.path(node) + field,
            problem,
        }));
    }
}
