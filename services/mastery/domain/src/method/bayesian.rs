//! Bayesian knowledge tracing with forgetting.

use std::fmt;

use super::parameter::{Given, Parameter};
use super::{HIGHEST_MILLI, Mark, Step};
use crate::Exact;

/// A parameter of one, in parts of a billion.
const BILLION: i64 = 1_000_000_000;

/// A probability in parts of 10^14.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Probability(i64);

impl Probability {
    /// The parts of a probability of one: 10^14.
    pub const ONE: i64 = 100_000_000_000_000;

    /// `None` unless `parts` is from 0 to [`Probability::ONE`].
    pub fn new(parts: i64) -> Option<Self> {
        (0..=Self::ONE).contains(&parts).then_some(Self(parts))
    }

    /// How many parts of [`Probability::ONE`].
    pub const fn parts(self) -> i64 {
        self.0
    }

    /// `n / d`, halves up, for `n` from 0 to `d` and `d` from 1 to 10^23.
    const fn ratio(n: i128, d: i128) -> Self {
        // At most 10^14, since n is at most d; and 10^37 and a half of 10^23 fit.
        Self(((n * ONE + d / 2) / d) as i64)
    }
}

const ONE: i128 = Probability::ONE as i128;

/// With fourteen decimals.
impl fmt::Display for Probability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:014}", self.0 / Self::ONE, self.0 % Self::ONE)
    }
}

/// The parameters of the model, in parts of a billion: `L` that the skill is learned before
/// anything was observed, `T` that it is learned at an opportunity, `F` that it is forgotten at one,
/// `G` that a right answer is a guess, `S` that a wrong answer is a slip.
///
/// `G` and `S` are below a half: beyond, a right answer would speak against having learned. A state
/// is one number; each answer takes it through [`Bayesian::seen`] and [`Bayesian::next`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bayesian {
    learned_ppb: i64,
    learn_ppb: i64,
    forget_ppb: i64,
    guess_ppb: i64,
    slip_ppb: i64,
    right_at_milli: i64,
}

impl Bayesian {
    pub(super) fn read(given: &mut Given<'_>) -> Option<Self> {
        let learned = given.number("learned_ppb", [0, BILLION]);
        let learn = given.number("learn_ppb", [0, BILLION]);
        let forget = given.number("forget_ppb", [0, BILLION]);
        let guess = given.number("guess_ppb", [0, BILLION / 2 - 1]);
        let slip = given.number("slip_ppb", [0, BILLION / 2 - 1]);
        let right_at = given.number("right_at_milli", [1, HIGHEST_MILLI]);
        Some(Self {
            learned_ppb: learned?,
            learn_ppb: learn?,
            forget_ppb: forget?,
            guess_ppb: guess?,
            slip_ppb: slip?,
            right_at_milli: right_at?,
        })
    }

    pub(super) fn parameters(self) -> Vec<(&'static str, Parameter)> {
        let numbers = [
            ("learned_ppb", self.learned_ppb),
            ("learn_ppb", self.learn_ppb),
            ("forget_ppb", self.forget_ppb),
            ("guess_ppb", self.guess_ppb),
            ("slip_ppb", self.slip_ppb),
            ("right_at_milli", self.right_at_milli),
        ];
        numbers.map(|(name, number)| (name, Parameter::Number(number))).to_vec()
    }

    /// That the skill is learned, before anything was observed.
    pub const fn start(&self) -> Probability {
        Probability(self.learned_ppb * (Probability::ONE / BILLION))
    }

    /// Whether a judgement of so many thousandths is a right answer.
    pub const fn is_right(&self, value_milli: i64) -> bool {
        value_milli >= self.right_at_milli
    }

    /// That the next answer is right: `L · (1 - S) + (1 - L) · G`.
    pub fn right(&self, learned: Probability) -> Probability {
        Probability::ratio(self.right_parts(learned).1, ONE * i128::from(BILLION))
    }

    /// The part of those who have learned, and the whole, in parts of 10^23.
    fn right_parts(&self, learned: Probability) -> (i128, i128) {
        let learned = i128::from(learned.0);
        let able = learned * i128::from(BILLION - self.slip_ppb);
        (able, able + (ONE - learned) * i128::from(self.guess_ppb))
    }

    /// That the skill was learned, seen that the answer was right or wrong:
    /// `L · (1 - S) / P(right)` or `L · S / P(wrong)`.
    ///
    /// An answer that the model holds impossible (a right one of somebody who cannot have learned
    /// and cannot guess) says nothing, and leaves the probability where it was.
    pub fn seen(&self, learned: Probability, right: bool) -> Probability {
        let (able, all) = self.right_parts(learned);
        let (part, whole) = if right {
            (able, all)
        } else {
            let slipped = i128::from(learned.0) * i128::from(self.slip_ppb);
            (slipped, ONE * i128::from(BILLION) - all)
        };
        if whole == 0 { learned } else { Probability::ratio(part, whole) }
    }

    /// That the skill is learned at the next opportunity: `L · (1 - F) + (1 - L) · T`.
    pub fn next(&self, learned: Probability) -> Probability {
        let learned = i128::from(learned.0);
        let kept = learned * i128::from(BILLION - self.forget_ppb);
        let won = (ONE - learned) * i128::from(self.learn_ppb);
        Probability::ratio(kept + won, ONE * i128::from(BILLION))
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
