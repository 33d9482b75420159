//! What roll-ups make of one learner, as it is and as it would be.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use northstar_kernel::{CompetencyId, EvidenceId, LearnerId};
use northstar_mastery_domain::{Held, Input, MasteryChanged, Scope};

use super::tally::Tally;
use crate::projection::{Level, RolledUp, Rollup};
use crate::reactor::Rule;

/// A learner, and of the levels that were read so far those that roll-ups read or say.
pub(super) struct Learner {
    pub(super) id: LearnerId,
    /// The scopes, where they make a difference.
    path: Option<Arc<[Scope]>>,
    levels: BTreeMap<CompetencyId, Level>,
}

impl Learner {
    pub(super) const fn new(id: LearnerId, path: Option<Arc<[Scope]>>) -> Self {
        Self { id, path, levels: BTreeMap::new() }
    }

    /// Keeps a level, with what it says by the policy on trial, if the rules name it.
    pub(super) fn keep(&mut self, rollup: &Rollup, competency: CompetencyId, level: Level) {
        if rollup.named().contains(&competency) {
            self.levels.insert(competency, level);
        }
    }

    /// Works out what the rules make of the levels, parts first. Counts what each rule says, and
    /// returns where that is not what it said before.
    pub(super) fn rolled_up(
        self,
        rollup: &Rollup,
        rules: &BTreeMap<CompetencyId, Rule>,
        tally: &mut Tally,
    ) -> Vec<MasteryChanged> {
        // Where nothing is held that the rules name, publishing asks them nothing either.
        if self.levels.is_empty() {
            return Vec::new();
        }
        let inputs = self.levels.iter().map(|(id, level)| (*id, level.input()));
        let after =
            RolledUp::new(rollup, inputs.filter(|(_, it)| *it != Input::default()).collect());
        let mut changes = Vec::new();
        for (competency, hash) in rollup.ruled() {
            let level = self.levels.get(&competency);
            let before = level.map_or_else(Held::default, |level| level.shows(""));
            let said = after.held.get(&competency).map_or_else(Held::default, |(held, _)| *held);
            let shown = level.and_then(|level| level.decided.shown);
            let after = shown.map_or(said, |(_, held)| held);
            let own = level.is_some_and(|level| !level.observations.is_empty());
            if !own && shown.is_none() && (before, after) == Default::default() {
                continue;
            }
            tally.level(self.id, &before, &after);
            let Some(framework) = rules.get(&competency).map(Rule::framework) else { continue };
            let changed = (before != after).then(|| MasteryChanged {
                learner: self.id,
                competency,
                framework,
                name: String::new(),
                before,
                after,
                policy: Some(hash),
                evidence: self.evidence(competency, rollup, rules),
                cause: None,
                overridden: shown.map(|(id, _)| (id, said)),
            });
            tally.changed(self.id, changed.iter().len());
            changes.extend(changed);
        }
        changes
    }

    /// The evidence that would count in what the competency rests on, oldest first.
    fn evidence(
        &self,
        competency: CompetencyId,
        rollup: &Rollup,
        rules: &BTreeMap<CompetencyId, Rule>,
    ) -> Vec<EvidenceId> {
        let mut all = BTreeSet::new();
        for part in rollup.rollups().rests_on(competency) {
            let (Some(rule), Some(level)) = (rules.get(&part), self.levels.get(&part)) else {
                continue;
            };
            let of_learner = self.path.as_ref().map(|path| rule.along(path));
            all.extend(of_learner.as_ref().unwrap_or(rule).counted(level));
        }
        all.into_iter().map(|(_, evidence)| evidence).collect()
    }
}
