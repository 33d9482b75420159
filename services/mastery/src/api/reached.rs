//! Since when a learner is at mastery without a break.

use std::collections::{BTreeMap, BTreeSet};

use northstar_kernel::{CompetencyId, Timestamp};
use northstar_mastery_domain::Input;

use super::as_of::{AsOf, Times};
use super::kept::Kept;
use crate::projection::Rollup;

/// A learner's past up to an instant, looked at backwards.
pub(super) struct Reached<'a> {
    kept: &'a Kept,
    rollup: Option<&'a Rollup>,
    at: Timestamp,
    known_at: Option<Timestamp>,
    /// By competency, the instants at which something else may be held than before, sorted.
    changes: BTreeMap<CompetencyId, Vec<Timestamp>>,
    /// By competency and the number of changes until then, what was held: each is worked out once.
    seen: BTreeMap<(CompetencyId, usize), Input>,
}

impl<'a> Reached<'a> {
    pub(super) fn new(
        kept: &'a Kept,
        rollup: Option<&'a Rollup>,
        at: Timestamp,
        known_at: Option<Timestamp>,
    ) -> Self {
        let then = Times { as_of: AsOf::Then(at), known_at };
        let changes = kept.levels.keys().map(|id| (*id, changes(kept, *id, at, then))).collect();
        Self { kept, rollup, at, known_at, changes, seen: BTreeMap::new() }
    }

    /// Since when the competency is at mastery; `None` if it is not.
    pub(super) fn since(&mut self, id: CompetencyId) -> Option<Timestamp> {
        let ruled = self.rollup.filter(|rollup| rollup.rule(id).is_some());
        let parts = ruled.map_or_else(|| BTreeSet::from([id]), |all| all.rollups().rests_on(id));
        let changes = parts.iter().filter_map(|part| self.changes.get(part)).flatten();
        let instants: BTreeSet<Timestamp> = changes.copied().collect();
        let mut since = None;
        for instant in instants.into_iter().rev() {
            if !self.is_met(id, ruled, instant) {
                break;
            }
            since = Some(instant);
        }
        since
    }

    fn is_met(&mut self, id: CompetencyId, ruled: Option<&Rollup>, at: Timestamp) -> bool {
        let shown = match ruled {
            Some(rollup) => {
                let findings = rollup.rollups().evaluate(|part| self.input(part, at));
                findings.get(id).map(|shown| shown.held).unwrap_or_default()
            }
            None => {
                let input = self.input(id, at);
                input.overriding.map_or(input.own, |(_, says)| says)
            }
        };
        shown.standing.is_mastered()
    }

    fn input(&mut self, id: CompetencyId, at: Timestamp) -> Input {
        let Some(changes) = self.changes.get(&id) else { return Input::default() };
        let until = changes.partition_point(|change| *change <= at.min(self.at));
        let times = Times { as_of: AsOf::Then(at), known_at: self.known_at };
        let found = || self.kept.input(id, times);
        *self.seen.entry((id, until)).or_insert_with(found)
    }
}

/// When something else may be shown than before, up to `at`: judgements are made and expire, overrides
/// begin and end.
fn changes(kept: &Kept, id: CompetencyId, at: Timestamp, then: Times) -> Vec<Timestamp> {
    let Some(shown) = kept.shown(id, then) else { return Vec::new() };
    let made = shown.observations.until(at).iter().map(|seen| seen.observed_at);
    let mut changes: BTreeSet<Timestamp> = made.collect();
    let mut last = changes.first().copied();
    while let Some(then) = last {
        last = shown.next_change(then).filter(|next| *next <= at);
        changes.extend(last);
    }
    let decided = kept.levels.get(&id).map(|level| &level.decided);
    last = Some(Timestamp::from_micros(i64::MIN));
    while let Some(then) = last {
        let next = decided.and_then(|decided| decided.next_change(then));
        last = next.filter(|next| *next <= at);
        changes.extend(last);
    }
    changes.into_iter().collect()
}
