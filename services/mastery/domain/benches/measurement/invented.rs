//! Learners and judges made up here, in the shape of the shared data, so that the true level is
//! known: twenty-two judges of differing severity see what a learner holds, which grows, give or
//! take, and write down the nearest of four levels.

use northstar_kernel::{CompetencyId, LearnerId, TenantId};
use northstar_mastery_domain::{Day, Judgement};

use crate::rules::Work;

const LEARNERS: u64 = 200;
const COMPETENCIES: u64 = 15;
const JUDGES: [&str; 22] = [
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s",
    "t", "u", "v",
];

/// Numbers that look random and are always the same (Knuth's constants).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> i64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % sides) as i64
    }

    /// Around zero, bell-shaped, with a standard deviation of half of `reach`: three throws.
    fn around_zero(&mut self, reach: i64) -> i64 {
        (0..3).map(|_| self.below(reach as u64 + 1)).sum::<i64>() - reach * 3 / 2
    }
}

pub(crate) fn works() -> Vec<Work> {
    let mut dice = Dice(11);
    let severities = JUDGES.map(|_| dice.around_zero(600));
    let mut works = Vec::new();
    for learner in 0..LEARNERS {
        for competency in 0..COMPETENCIES {
            works.push(work(&mut dice, learner, competency, &severities));
        }
    }
    works
}

fn work(dice: &mut Dice, learner: u64, competency: u64, severities: &[i64; 22]) -> Work {
    let tenant = TenantId::from_slug("measurement");
    let (begins, grows) = (1_000 + dice.below(2_000), dice.below(1_500));
    let mut days: Vec<i64> = (0..3 + dice.below(6)).map(|_| dice.below(270)).collect();
    days.sort_unstable();
    let stands = |day: i64| begins + grows * day / 270;
    let judgements = days.into_iter().map(|day| {
        let judge = dice.below(22) as usize;
        let seen = stands(day) - severities[judge] + dice.around_zero(800);
        Judgement {
            learner: LearnerId::derive(tenant, &learner.to_string()),
            competency: CompetencyId::from_uuid(
                LearnerId::derive(tenant, &format!("competency {competency}")).uuid(),
            ),
            day: Day::new(day as i32),
            rubric: "",
            assessor: JUDGES[judge],
            school: None,
            level: nearest(seen) as u8,
        }
    });
    let judgements = judgements.collect();
    Work { for_choice: learner.is_multiple_of(2), judgements, held: nearest(stands(270)) }
}

fn nearest(milli: i64) -> i64 {
    ((milli + 500) / 1_000).clamp(1, 4)
}
