//! Bayesian knowledge tracing with forgetting.

use super::parameter::{Given, Parameter};
use super::{HIGHEST_MILLI, Mark, Step};
use crate::Exact;

const MILLION: i64 = 1_000_000;
/// A probability of one.
const ONE: i128 = 1_000_000_000_000_000;

/// A probability in units of 10^-15, from 0 to 10^15.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Probability(i64);

impl Probability {
    /// `None` unless `femto` is from 0 to 10^15.
    pub fn from_femto(femto: i64) -> Option<Self> {
        (0..=ONE).contains(&femto.into()).then_some(Self(femto))
    }

    /// In units of 10^-15.
    pub const fn femto(self) -> i64 {
        self.0
    }

    /// `n / d`, halves up; `n` from 0 to `d`, `d` from 1 to 10^22.
    fn ratio(n: i128, d: i128) -> Self {
        let (whole, rest) = (n * ONE / d, n * ONE % d);
        // At most 10^15, since n is at most d.
        Self((whole + i128::from(rest >= d - rest)) as i64)
    }
}

impl std::fmt::Display for Probability {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let one = ONE as i64;
        write!(f, "{}.{:015}", self.0 / one, self.0 % one)
    }
}

/// The parameters of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bayesian {
    learned_ppm: i64,
    learn_ppm: i64,
    forget_ppm: i64,
    guess_ppm: i64,
    slip_ppm: i64,
    right_at_milli: i64,
}

impl Bayesian {
    pub(super) fn read(given: &mut Given<'_>) -> Option<Self> {
        let learned = given.number("learned_ppm", [0, MILLION]);
        let learn = given.number("learn_ppm", [0, MILLION]);
        let forget = given.number("forget_ppm", [0, MILLION]);
        let guess = given.number("guess_ppm", [0, MILLION / 2 - 1]);
        let slip = given.number("slip_ppm", [0, MILLION / 2 - 1]);
        let right_at = given.number("right_at_milli", [1, HIGHEST_MILLI]);
        Some(Self {
            learned_ppm: learned?,
            learn_ppm: learn?,
            forget_ppm: forget?,
            guess_ppm: guess?,
            slip_ppm: slip?,
            right_at_milli: right_at?,
        })
    }

    pub(super) fn parameters(self) -> Vec<(&'static str, Parameter)> {
        let numbers = [
            ("learned_ppm", self.learned_ppm),
            ("learn_ppm", self.learn_ppm),
            ("forget_ppm", self.forget_ppm),
            ("guess_ppm", self.guess_ppm),
            ("slip_ppm", self.slip_ppm),
            ("right_at_milli", self.right_at_milli),
        ];
        numbers.map(|(name, number)| (name, Parameter::Number(number))).to_vec()
    }

    /// That the skill is learned, before anything was observed.
    pub const fn start(&self) -> Probability {
        Probability(self.learned_ppm * (ONE as i64 / MILLION))
    }

    /// Whether a judgement of so many thousandths is a right answer.
    pub const fn is_right(&self, value_milli: i64) -> bool {
        value_milli >= self.right_at_milli
    }

    /// That the next answer is right: `L · (1 - S) + (1 - L) · G`.
    pub fn right(&self, learned: Probability) -> Probability {
        Probability::ratio(self.right_parts(learned).1, ONE * i128::from(MILLION))
    }

    /// The part of those who have learned, and the whole, in units of 10^-21.
    fn right_parts(&self, learned: Probability) -> (i128, i128) {
        let learned = i128::from(learned.0);
        let able = learned * i128::from(MILLION - self.slip_ppm);
        (able, able + (ONE - learned) * i128::from(self.guess_ppm))
    }

    /// That the skill was learned, seen that the answer was right or wrong.
    ///
    /// An answer that the model holds impossible (a right one of somebody who cannot have learned
    /// and cannot guess) says nothing, and leaves the probability where it was.
    pub fn seen(&self, learned: Probability, right: bool) -> Probability {
        let (able, all) = self.right_parts(learned);
        let (part, whole) = if right {
            (able, all)
        } else {
            let slipped = i128::from(learned.0) * i128::from(self.slip_ppm);
            (slipped, ONE * i128::from(MILLION) - all)
        };
        if whole == 0 { learned } else { Probability::ratio(part, whole) }
    }

    /// That the skill is learned at the next opportunity: `L · (1 - F) + (1 - L) · T`.
    pub fn next(&self, learned: Probability) -> Probability {
        let learned = i128::from(learned.0);
        let kept = learned * i128::from(MILLION - self.forget_ppm);
        let won = (ONE - learned) * i128::from(self.learn_ppm);
        Probability::ratio(kept + won, ONE * i128::from(MILLION))
    }

    /// After the newest answer and the chance to learn or forget that follows it.
    pub(super) fn apply(&self, marks: &[Mark<'_>]) -> Option<Exact> {
        let learned = marks.iter().fold(self.start(), |learned, mark| {
            self.next(self.seen(learned, self.is_right(mark.value_milli)))
        });
        if marks.is_empty() { None } else { Exact::ratio(learned.0.into(), ONE / 1_000) }
    }

    /// Before, seen and after each answer: `L1`, `seen1`, `L2`, `seen2` and so on to `L(N+1)`.
    pub(super) fn steps(&self, marks: &[Mark<'_>]) -> Vec<Step> {
        let mut learned = self.start();
        let mut steps = vec![Step::new("L1", learned)];
        for (i, mark) in (1..).zip(marks) {
            let seen = self.seen(learned, self.is_right(mark.value_milli));
            learned = self.next(seen);
            steps.push(Step::new(format!("seen{i}"), seen));
            steps.push(Step::new(format!("L{}", i + 1), learned));
        }
        steps
    }
}
