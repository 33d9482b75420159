//! The rungs a value is read against.

use std::sync::Arc;

/// A competency's scale: the scores of its levels in thousandths, bottom first.
///
/// A competency without levels has an empty scale, on which every value is at level 0.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scale(Arc<[i64]>);

impl Scale {
    /// A scale of these scores in thousandths, in whatever order they come.
    pub fn new(scores_milli: impl IntoIterator<Item = i64>) -> Self {
        let mut scores: Vec<i64> = scores_milli.into_iter().collect();
        scores.sort_unstable();
        Self(scores.into())
    }

    /// The highest rung whose score is at or below `value_milli`, from 1 at the bottom; 0 if none.
    pub fn level(&self, value_milli: i64) -> u32 {
        u32::try_from(self.0.partition_point(|score| *score <= value_milli)).unwrap_or(u32::MAX)
    }

    /// How many rungs there are.
    pub fn rungs(&self) -> usize {
        self.0.len()
    }

    /// The scores in thousandths, bottom first.
    pub fn scores_milli(&self) -> &[i64] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_reached_at_its_score_and_not_before() {
        let scale = Scale::new([4_000, 1_000, 3_000, 2_000]);
        let levels = [999, 1_000, 2_999, 3_000, 9_000].map(|value| scale.level(value));
        assert_eq!(levels, [0, 1, 2, 3, 4]);
    }

    #[test]
    fn without_rungs_there_is_no_level() {
        assert_eq!(Scale::default().level(5_000), 0);
    }
}
