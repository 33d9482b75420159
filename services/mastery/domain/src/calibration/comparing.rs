//! Which judgements are held against which.

use super::judgement::Judgement;
use super::series::MICRO;

/// The judgements of one learner in one competency, oldest first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Work<'a>(pub(crate) &'a [Judgement<'a>]);

impl<'a> Work<'a> {
    /// Two judgements each, the earlier first: each judgement under a rubric goes with the next
    /// one of another assessor under that rubric that is not taken yet and not too late.
    ///
    /// No judgement is in two pairs: pairs that share one would agree or differ together, and the
    /// interval would promise more than there is.
    pub(crate) fn pairs(self, window: i64) -> Vec<(&'a Judgement<'a>, &'a Judgement<'a>)> {
        let mut taken = vec![false; self.0.len()];
        let mut pairs = Vec::new();
        for (at, one) in self.0.iter().enumerate() {
            if taken[at] {
                continue;
            }
            let later = self.0.iter().enumerate().skip(at + 1);
            let mut near = later.take_while(|(_, other)| other.day.since(one.day) <= window);
            let partner = near.find(|(at, other)| {
                !taken[*at] && other.rubric == one.rubric && other.assessor != one.assessor
            });
            if let Some((partner, other)) = partner {
                taken[partner] = true;
                pairs.push((one, other));
            }
        }
        pairs
    }

    /// How much higher the mean of the judgements around the one `at` that `are_others` is, in
    /// millionths of a level, halves away from zero; `None` if there are none in the window.
    pub(crate) fn severity_micro(
        self,
        at: usize,
        window: i64,
        are_others: impl Fn(&Judgement<'_>, &Judgement<'_>) -> bool,
    ) -> Option<i64> {
        let one = &self.0[at];
        let before = self.0[..at].iter().rev();
        let near_before = before.take_while(|other| one.day.since(other.day) <= window);
        let after = self.0[at + 1..].iter();
        let near_after = after.take_while(|other| other.day.since(one.day) <= window);
        let (sum, count) = near_before
            .chain(near_after)
            .filter(|other| are_others(one, other))
            .fold((0_i128, 0_i128), |(sum, n), other| (sum + i128::from(other.level), n + 1));
        let difference = (sum - i128::from(one.level) * count) * MICRO;
        (count > 0).then(|| half_away(difference, count) as i64)
    }
}

/// At most 255 million either way, as levels are at most 255.
fn half_away(over: i128, under: i128) -> i128 {
    (2 * over.abs() + under) / (2 * under) * over.signum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Day;
    use northstar_kernel::{CompetencyId, FrameworkId, LearnerId, TenantId};

    fn seen(day: i32, assessor: &'static str, level: u8) -> Judgement<'static> {
        let tenant = TenantId::from_slug("front-range");
        Judgement {
            learner: LearnerId::derive(tenant, "ana"),
            competency: CompetencyId::from_uuid(FrameworkId::derive(tenant, "com").uuid()),
            day: Day::new(day),
            rubric: "",
            assessor,
            school: None,
            level,
        }
    }

    fn paired(work: &[Judgement<'_>]) -> Vec<(i32, i32)> {
        let pairs = Work(work).pairs(10);
        pairs.iter().map(|(one, other)| (one.day.number(), other.day.number())).collect()
    }

    #[test]
    fn nobody_is_paired_twice_with_themselves_or_too_late() {
        let work = [seen(0, "a", 1), seen(1, "a", 1), seen(2, "b", 2), seen(11, "b", 2)];
        assert_eq!(paired(&work), [(0, 2), (1, 11)]);
        assert_eq!(paired(&[seen(0, "a", 1), seen(11, "b", 1)]), []);
        assert_eq!(paired(&[seen(0, "a", 1), seen(1, "a", 1)]), []);
    }

    #[test]
    fn rubrics_are_not_mixed() {
        let other = Judgement { rubric: "voice", ..seen(1, "b", 2) };
        assert_eq!(paired(&[seen(0, "a", 1), other, seen(2, "c", 2)]), [(0, 2)]);
    }

    #[test]
    fn a_judgement_is_held_against_the_mean_of_the_others_around_it() {
        let work = [seen(0, "b", 4), seen(5, "a", 2), seen(6, "a", 4), seen(15, "c", 3)];
        let others = |one: &Judgement<'_>, other: &Judgement<'_>| one.assessor != other.assessor;
        let severity = |at, window| Work(&work).severity_micro(at, window, others);
        assert_eq!(severity(1, 10), Some(1_500_000), "others 4 and 3, own 2");
        assert_eq!(severity(2, 8), Some(0), "others 4 alone");
        assert_eq!(severity(3, 10), Some(0), "others 2 and 4");
        assert_eq!(severity(1, 4), None);
    }

    #[test]
    fn thirds_are_cut_at_the_millionth() {
        assert_eq!((half_away(2_000_000, 3), half_away(-2_000_000, 3)), (666_667, -666_667));
        assert_eq!((half_away(1, 2), half_away(-1, 2), half_away(0, 7)), (1, -1, 0));
    }
}
