//! Levels that exercises set and mixed items move, as Khan Academy describes its own.

use super::parameter::{Given, Parameter};
use super::{HIGHEST_MILLI, Mark, Step};
use crate::Exact;

const ATTEMPTED: u8 = 1;
const FAMILIAR: u8 = 2;
const PROFICIENT: u8 = 3;
const MASTERED: u8 = 4;

/// Which marks are items of a mixed kind, and when such an item is right.
///
/// A mark of any other kind is an exercise, its value the fraction right in thousandths: below 700
/// it sets the level to attempted, below 1000 to familiar, else to proficient, which takes nothing
/// away from a skill already mastered. An item of a mixed kind moves the level: right, up to
/// familiar at least and by one from there; wrong, down by one and to attempted at least.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Khan {
    mixed_kinds: Vec<String>,
    right_at_milli: i64,
}

impl Khan {
    pub(super) fn read(given: &mut Given<'_>) -> Option<Self> {
        let mixed_kinds = given.names("mixed_kinds");
        let right_at_milli = given.number("right_at_milli", [1, HIGHEST_MILLI]);
        Some(Self { mixed_kinds: mixed_kinds?, right_at_milli: right_at_milli? })
    }

    pub(super) fn parameters(&self) -> Vec<(&'static str, Parameter)> {
        vec![
            ("mixed_kinds", Parameter::Names(self.mixed_kinds.clone())),
            ("right_at_milli", Parameter::Number(self.right_at_milli)),
        ]
    }

    fn next(&self, level: u8, mark: &Mark<'_>) -> u8 {
        let mixed = self.mixed_kinds.iter().any(|kind| kind == mark.kind);
        match (mixed, mark.value_milli >= self.right_at_milli) {
            (false, _) => after_exercise(level, mark.value_milli),
            (true, true) => (level + 1).clamp(FAMILIAR, MASTERED),
            (true, false) => level.saturating_sub(1).max(ATTEMPTED),
        }
    }

    /// The level after the newest mark: 1000 attempted, 2000 familiar, 3000 proficient, 4000
    /// mastered.
    pub(super) fn apply(&self, marks: &[Mark<'_>]) -> Option<Exact> {
        let level = marks.iter().fold(0, |level, mark| self.next(level, mark));
        (!marks.is_empty()).then(|| Exact::whole(i64::from(level) * 1_000))
    }

    /// The level after each mark: `L1`, `L2` and so on.
    pub(super) fn steps(&self, marks: &[Mark<'_>]) -> Vec<Step> {
        let levels = marks.iter().scan(0, |level, mark| {
            *level = self.next(*level, mark);
            Some(*level)
        });
        let named = (1..).zip(levels);
        named.map(|(i, level)| Step::new(format!("L{i}"), i64::from(level) * 1_000)).collect()
    }
}

/// An exercise sets the level by itself; all right, it does not take mastery away.
fn after_exercise(level: u8, value_milli: i64) -> u8 {
    match value_milli {
        ..700 => ATTEMPTED,
        700..1_000 => FAMILIAR,
        1_000.. => level.max(PROFICIENT),
    }
}
