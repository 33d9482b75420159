//! What a learner still has to reach below a competency.

use std::collections::BTreeSet;

use northstar_kernel::{CompetencyId, OverrideId, TenantId};

use super::plan::{Kind, Node};
use super::{Finding, Findings, Input, Verdict};
use crate::{HIGHEST_THRESHOLD_MILLI, Standing};

mod choice;

use choice::{Choice, Cost, Step};

impl<'a> Findings<'a> {
    /// The competencies without a rule that the learner must still reach so that `target` is at
    /// mastery, each once, in the order in which rules name them, first parts first. Empty if
    /// `target` is at mastery or not in the framework.
    ///
    /// Where a rule leaves a choice, the parts with the fewest leaves still to reach are taken, and
    /// of equal ones the first; for points, those with the fewest leaves for a point. Nothing on
    /// the list could be left out. A shorter list by other choices is possible, where leaves are
    /// shared between several. Of means and minima all parts below the threshold are named.
    ///
    /// A competency with a rule is named itself where reaching its parts does not help: because an
    /// override holds it down, or a rule above asks more of it than mastery; and where a rule asks
    /// for its own evidence.
    pub fn missing_below(&self, target: CompetencyId) -> Vec<CompetencyId> {
        let Some(target) = self.rollups.place(target) else { return Vec::new() };
        let (mut supposed, mut missing) = (self.clone(), Vec::new());
        // Once all that lacks mastery has it, a rule may still ask for a higher value.
        while !supposed.is_met(target) {
            let mut named = supposed.named_below(target);
            named.retain(|step| !missing.contains(step));
            if named.is_empty() {
                break;
            }
            named.iter().for_each(|step| supposed.suppose(*step));
            missing.append(&mut named);
        }
        if supposed.is_met(target) && self.leaves_a_choice(target) {
            self.leave_out(target, supposed, &mut missing);
        }
        let mut seen = BTreeSet::new();
        let places = missing.into_iter().map(Step::place).filter(|place| seen.insert(*place));
        places.map(|place| self.rollups.competencies[place].id).collect()
    }

    /// Leaves out what other choices made superfluous, the last first. `supposed` supposes all.
    fn leave_out(&self, target: usize, mut supposed: Findings<'a>, missing: &mut Vec<Step>) {
        for at in (0..missing.len()).rev() {
            let step = missing.remove(at);
            let place = step.place();
            supposed.update(self.rollups.competencies[place].id, self.entries[place].input);
            let others = missing.iter().filter(|other| other.place() == place);
            others.for_each(|other| supposed.suppose(*other));
            if !supposed.is_met(target) {
                supposed.suppose(step);
                missing.insert(at, step);
            }
        }
    }

    /// Takes it that the step was taken, with a value that suits every rule.
    fn suppose(&mut self, step: Step) {
        let mastered = Finding {
            standing: Standing::AtMastery,
            value_milli: Some(HIGHEST_THRESHOLD_MILLI),
            provisional: false,
        };
        let before = self.entries[step.place()].input;
        let nobody = OverrideId::derive(TenantId::COMMONS, "supposed");
        let input = match step {
            Step::Evidence(_) => Input { own: mastered, ..before },
            Step::Into(_) | Step::Whole(_) => {
                Input { overriding: Some((nobody, mastered)), ..before }
            }
        };
        self.update(self.rollups.competencies[step.place()].id, input);
    }

    /// What is to be named, in order, so that all that lacks mastery below `target` gets it.
    fn named_below(&self, target: usize) -> Vec<Step> {
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
                named_step => missing.extend(named.insert(named_step).then_some(named_step)),
            }
        }
        missing
    }

    fn leaves_a_choice(&self, target: usize) -> bool {
        let chooses =
            |node: &Node| matches!(node.kind, Kind::Any | Kind::AtLeast(_) | Kind::Points(_));
        let rules = &self.rollups.rules;
        let mut below = self.unmet_below(target).into_iter();
        below.any(|(_, at)| rules[at].iter().any(|rule| rule.plan.nodes().iter().any(chooses)))
    }

    fn is_met(&self, place: usize) -> bool {
        self.entries[place].shown.held.standing.is_mastered()
    }

    /// By place, the cost of every competency below `target` that is not at mastery; 0 elsewhere.
    fn costs(&self, target: usize) -> Vec<Cost> {
        let mut costs = vec![0; self.entries.len()];
        for (_, place) in self.unmet_below(target) {
            let steps = self.steps(place, &costs).into_iter();
            let sum = steps.map(|step| step.cost(&costs)).fold(0, Cost::saturating_add);
            costs[place] = sum;
        }
        costs
    }

    /// The rank and place of what is not at mastery at and below `target`, parts first.
    fn unmet_below(&self, target: usize) -> BTreeSet<(usize, usize)> {
        let (mut below, mut waiting) = (BTreeSet::new(), vec![target]);
        while let Some(place) = waiting.pop() {
            if !self.is_met(place) && below.insert((self.rollups.rank[place], place)) {
                let rule = self.rollups.rules[place].iter();
                waiting.extend(rule.flat_map(|ruled| ruled.plan.places()));
            }
        }
        below
    }

    /// What is to be done so that the competency at `place`, which is not at mastery, gets there.
    fn steps(&self, place: usize, costs: &[Cost]) -> Vec<Step> {
        let Some(ruled) = &self.rollups.rules[place] else { return vec![self.itself(place)] };
        let mut judged = Vec::new();
        let root = self.judged(place, ruled, &mut judged);
        let held_down = self.entries[place].shown.by_override.is_some();
        if held_down || root.verdict.is_none_or(|verdict| verdict == Verdict::Reached) {
            return vec![self.itself(place)];
        }
        let choice = Choice { findings: self, place, ruled, judged: &judged, costs };
        let steps = choice.steps();
        // A mean that is rounded down may be missed although no part is below the threshold.
        if steps.is_empty() { vec![self.itself(place)] } else { steps }
    }

    /// Reaching the competency at `place` whatever its parts are at.
    fn itself(&self, place: usize) -> Step {
        let by_evidence =
            self.rollups.rules[place].is_none() && self.entries[place].shown.by_override.is_none();
        if by_evidence { Step::Evidence(place) } else { Step::Whole(place) }
    }
}
