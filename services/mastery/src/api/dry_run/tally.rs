//! How many levels move from where to where.

use std::collections::BTreeMap;

use northstar_kernel::LearnerId;
use northstar_mastery_domain::{Held, Standing};
use northstar_wire::mastery::v1 as wire;

use crate::codec::held_message;

/// What a person sees of what is held: the standing, and the rung.
type Seen = (Standing, u32);

/// Counts of levels, and of the learners who have them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) levels: u64,
    learners: u64,
    pub(super) changes: u64,
    learners_changed: u64,
    moves: BTreeMap<(Seen, Seen), u64>,
    /// The learners that were last counted: levels come by learner.
    last: Option<LearnerId>,
    last_changed: Option<LearnerId>,
}

impl Tally {
    /// Counts a level.
    pub(super) fn level(&mut self, learner: LearnerId, before: &Held, after: &Held) {
        let seen = |held: &Held| (held.standing, held.level);
        self.levels += 1;
        self.learners += u64::from(self.last.replace(learner) != Some(learner));
        *self.moves.entry((seen(before), seen(after))).or_default() += 1;
    }

    /// Counts changes of one level.
    pub(super) fn changed(&mut self, learner: LearnerId, changes: usize) {
        if changes > 0 {
            let first = self.last_changed.replace(learner) != Some(learner);
            self.changes += changes as u64;
            self.learners_changed += u64::from(first);
        }
    }

    /// Counts what was counted of other learners.
    pub(super) fn add(&mut self, other: &Self) {
        self.levels += other.levels;
        self.learners += other.learners;
        self.changes += other.changes;
        self.learners_changed += other.learners_changed;
        for (moved, levels) in &other.moves {
            *self.moves.entry(*moved).or_default() += levels;
        }
    }

    /// The figures, put into a summary.
    pub(super) fn summary(&self, summary: wire::DryRunSummary) -> wire::DryRunSummary {
        wire::DryRunSummary {
            levels: self.levels,
            learners: self.learners,
            changes: self.changes,
            learners_changed: self.learners_changed,
            counts: self.counts(),
            ..summary
        }
    }

    /// The same of what roll-ups say.
    pub(super) fn rolled_up(&self) -> wire::DryRunRolledUp {
        wire::DryRunRolledUp {
            levels: self.levels,
            learners: self.learners,
            changes: self.changes,
            learners_changed: self.learners_changed,
            counts: self.counts(),
        }
    }

    fn counts(&self) -> Vec<wire::DryRunCount> {
        let standing = |standing| held_message(&Held { standing, ..Held::default() }).standing;
        let count = |((before, after), levels): (&(Seen, Seen), &u64)| wire::DryRunCount {
            before: standing(before.0),
            before_level: before.1,
            after: standing(after.0),
            after_level: after.1,
            levels: *levels,
        };
        self.moves.iter().map(count).collect()
    }
}

#[cfg(test)]
mod tests {
    use northstar_kernel::TenantId;

    use super::*;

    const fn held(standing: Standing, level: u32, value_milli: i64) -> Held {
        Held { standing, value_milli, level, provisional: false }
    }

    #[test]
    fn what_is_counted_apart_adds_up() {
        let [low, high] =
            [held(Standing::BelowMastery, 2, 2_000), held(Standing::AtMastery, 3, 3_000)];
        let mut all = Tally::default();
        for name in ["ana", "ben"] {
            let learner = LearnerId::derive(TenantId::COMMONS, name);
            let mut part = Tally::default();
            part.level(learner, &low, &high);
            part.changed(learner, 2);
            part.level(learner, &low, &low);
            part.changed(learner, 0);
            all.add(&part);
        }
        let summary = all.summary(wire::DryRunSummary::default());
        let above = all.rolled_up();
        assert_eq!((above.levels, &above.counts), (summary.levels, &summary.counts));
        let figures = [summary.levels, summary.learners, summary.changes, summary.learners_changed];
        assert_eq!(figures, [4, 2, 4, 2]);
        let counts: Vec<_> = summary
            .counts
            .iter()
            .map(|count| (count.before(), count.before_level, count.after(), count.levels))
            .collect();
        let [below, at] = [wire::Standing::BelowMastery, wire::Standing::AtMastery];
        assert_eq!(counts, [(below, 2, below, 2), (below, 2, at, 2)]);
    }
}
