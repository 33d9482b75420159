//! Which judgements are held against which.

use std::collections::{BTreeMap, VecDeque};

use super::judgement::Judgement;
use super::series::MICRO;

/// The judgements of one learner in one competency, oldest first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Work<'a>(pub(crate) &'a [Judgement<'a>]);

/// How much higher the mean of others' judgements around one judgement is, in millionths of a level,
/// halves away from zero; `None` if there are no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Severities {
    /// Others: of other assessors under the same rubric.
    pub(crate) rater: Option<i64>,
    /// Others: under other rubrics.
    pub(crate) rubric: Option<i64>,
    /// Others: of other schools under the same rubric.
    pub(crate) school: Option<i64>,
}

impl<'a> Work<'a> {
    /// Two judgements each, the earlier first: each judgement under a rubric goes with the next
    /// one of another assessor under that rubric that is not taken yet and not too late.
    ///
    /// No judgement is in two pairs: pairs that share one would agree or differ together, and the
    /// interval would promise more than there is.
    pub(crate) fn pairs(self, window: i64) -> Vec<(&'a Judgement<'a>, &'a Judgement<'a>)> {
        // Those who wait under a rubric are of one assessor: another one's would have been taken.
        let mut waiting: BTreeMap<&str, VecDeque<&Judgement<'_>>> = BTreeMap::new();
        let mut pairs = Vec::new();
        for other in self.0 {
            let waiting = waiting.entry(other.rubric).or_default();
            while waiting.pop_front_if(|one| other.day.since(one.day) > window).is_some() {}
            match waiting.pop_front_if(|one| one.assessor != other.assessor) {
                Some(one) => pairs.push((one, other)),
                None => waiting.push_back(other),
            }
        }
        pairs
    }

    /// Each judgement against those at most `window` days before or after it.
    pub(crate) fn severities(
        self,
        window: i64,
    ) -> impl Iterator<Item = (&'a Judgement<'a>, Severities)> {
        let (mut around, mut first, mut next) = (Around::default(), 0, 0);
        self.0.iter().map(move |own| {
            while let Some(near) = self.0.get(next).filter(|it| it.day.since(own.day) <= window) {
                around.count(near, 1);
                next += 1;
            }
            while own.day.since(self.0[first].day) > window {
                around.count(&self.0[first], -1);
                first += 1;
            }
            (own, around.severities(own))
        })
    }
}

/// What the judgements in the window come to, so that each is counted once and not once for each that
/// is near it: a learner may have thousands.
#[derive(Debug, Default)]
struct Around<'a> {
    all: Sum,
    by_rubric: BTreeMap<&'a str, Sum>,
    by_rater: BTreeMap<(&'a str, &'a str), Sum>,
    by_school: BTreeMap<(&'a str, Option<&'a str>), Sum>,
}

impl<'a> Around<'a> {
    /// Takes a judgement in, or out where `times` is -1.
    fn count(&mut self, one: &Judgement<'a>, times: i64) {
        let (level, rubric) = (i64::from(one.level), one.rubric);
        let sums = [
            &mut self.all,
            self.by_rubric.entry(rubric).or_default(),
            self.by_rater.entry((rubric, one.assessor)).or_default(),
            self.by_school.entry((rubric, one.school)).or_default(),
        ];
        for sum in sums {
            *sum = Sum { levels: sum.levels + times * level, count: sum.count + times };
        }
    }

    fn severities(&self, own: &Judgement<'a>) -> Severities {
        let rubric = at(&self.by_rubric, own.rubric);
        let rater = at(&self.by_rater, (own.rubric, own.assessor));
        let [nowhere, here] =
            [None, own.school].map(|school| at(&self.by_school, (own.rubric, school)));
        Severities {
            rater: rubric.without(rater).above(own.level),
            rubric: self.all.without(rubric).above(own.level),
            school: own.school.and_then(|_| rubric.without(nowhere).without(here).above(own.level)),
        }
    }
}

fn at<K: Ord>(sums: &BTreeMap<K, Sum>, key: K) -> Sum {
    sums.get(&key).copied().unwrap_or_default()
}

/// The sum of some levels, and how many they are.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    levels: i64,
    count: i64,
}

impl Sum {
    fn without(self, other: Self) -> Self {
        Self { levels: self.levels - other.levels, count: self.count - other.count }
    }

    /// How much higher the mean is than that level.
    fn above(self, level: u8) -> Option<i64> {
        let (sum, count) = (i128::from(self.levels), i128::from(self.count));
        let difference = (sum - i128::from(level) * count) * MICRO;
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
        let severity = |at, window| Work(&work).severities(window).nth(at).unwrap().1.rater;
        assert_eq!(severity(1, 10), Some(1_500_000), "others 4 and 3, own 2");
        assert_eq!(severity(2, 8), Some(0), "others 4 alone");
        assert_eq!(severity(3, 10), Some(0), "others 2 and 4");
        assert_eq!(severity(1, 4), None);
    }

    /// Judgement by judgement as the words say it, each against all others.
    fn one_by_one(work: &[Judgement<'_>], at: usize, window: i64) -> Severities {
        let own = &work[at];
        let mean = |is_other: &dyn Fn(&Judgement<'_>) -> bool| {
            let near = work.iter().filter(|it| it.day.since(own.day).abs() <= window);
            let levels: Vec<_> =
                near.filter(|it| is_other(it)).map(|it| i128::from(it.level)).collect();
            let (sum, count) = (levels.iter().sum::<i128>(), levels.len() as i128);
            let difference = (sum - i128::from(own.level) * count) * MICRO;
            (count > 0).then(|| half_away(difference, count) as i64)
        };
        let elsewhere = |it: &Judgement<'_>| it.school.is_some() && it.school != own.school;
        let school = mean(&|it| it.rubric == own.rubric && elsewhere(it));
        Severities {
            rater: mean(&|it| it.rubric == own.rubric && it.assessor != own.assessor),
            rubric: mean(&|it| it.rubric != own.rubric),
            school: own.school.and(school),
        }
    }

    /// The partner of each judgement in turn, looked for among all later ones.
    fn in_turn(work: &[Judgement<'_>], window: i64) -> Vec<(usize, usize)> {
        let (mut taken, mut pairs) = (vec![false; work.len()], Vec::new());
        for (at, one) in work.iter().enumerate() {
            let is_partner = |other: &Judgement<'_>| {
                let (near, rubric) =
                    (other.day.since(one.day) <= window, other.rubric == one.rubric);
                near && rubric && other.assessor != one.assessor
            };
            let mut later = (at + 1..work.len()).filter(|_| !taken[at]);
            let partner = later.find(|other| !taken[*other] && is_partner(&work[*other]));
            if let Some(other) = partner {
                taken[other] = true;
                pairs.push((at, other));
            }
        }
        pairs
    }

    #[test]
    fn any_work_is_compared_as_if_each_judgement_were_held_against_each() {
        let mut state = 7_u64;
        let mut draw = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % below
        };
        for round in 0..300 {
            let judgement = |_| Judgement {
                rubric: ["", "voice"][draw(2) as usize],
                school: [None, Some("x"), Some("y")][draw(3) as usize],
                ..seen(draw(40) as i32, ["a", "b", "c"][draw(3) as usize], draw(5) as u8)
            };
            let mut work: Vec<_> = (0..round % 60).map(judgement).collect();
            work.sort_unstable();
            let window = (draw(15)) as i64;
            let expected = (0..work.len()).map(|at| one_by_one(&work, at, window));
            let severities = Work(&work).severities(window).map(|(_, severities)| severities);
            assert!(severities.eq(expected), "{window} {work:?}");
            let place = |one| work.iter().position(|other| std::ptr::eq(one, other)).unwrap();
            let pairs = Work(&work).pairs(window);
            let mut pairs: Vec<_> =
                pairs.into_iter().map(|(one, other)| (place(one), place(other))).collect();
            pairs.sort_unstable();
            assert_eq!(pairs, in_turn(&work, window), "{window} {work:?}");
        }
    }

    #[test]
    fn thirds_are_cut_at_the_millionth() {
        assert_eq!((half_away(2_000_000, 3), half_away(-2_000_000, 3)), (666_667, -666_667));
        assert_eq!((half_away(1, 2), half_away(-1, 2), half_away(0, 7)), (1, -1, 0));
    }
}
