//! Where the values are heading: a straight line, a power law, or the best fit of both and the
//! mean.

use super::mark::{recent, values};
use super::parameter::{Given, Parameter};
use super::{Mark, Step};
use crate::Exact;

mod best;
mod line;
mod power;

use best::Fitted;
use line::Line;
use power::Power;

/// The most marks that a trend is drawn through: the newest.
const MOST_MARKS: usize = 10_000;

/// Power laws and errors are worked out in millionths of a thousandth.
const MICRO: i128 = 1_000_000;

/// How the best of the three models is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FitBy {
    /// By the errors over the values that the model was fitted to, as published.
    InSample,
    /// By the errors of forecasts, each made from what came before it alone.
    OneStepAhead,
}

impl FitBy {
    const WORDS: &'static [&'static str] = &["in_sample", "one_step_ahead"];

    /// The word in a policy.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InSample => "in_sample",
            Self::OneStepAhead => "one_step_ahead",
        }
    }

    pub(super) fn read(given: &mut Given<'_>) -> Option<Self> {
        let word = given.word("by", Self::WORDS)?;
        [Self::InSample, Self::OneStepAhead].into_iter().find(|by| by.name() == word)
    }

    pub(super) fn parameters(self) -> Vec<(&'static str, Parameter)> {
        vec![("by", Parameter::Word(self.name().to_owned()))]
    }

    /// The value of the best model.
    pub(super) fn apply(self, marks: &[Mark<'_>]) -> Option<Exact> {
        Fitted::new(self, recent(marks, MOST_MARKS)).value()
    }

    /// The error of each candidate, and the winner.
    pub(super) fn steps(self, marks: &[Mark<'_>]) -> Vec<Step> {
        Fitted::new(self, recent(marks, MOST_MARKS)).steps()
    }
}

/// The straight line through all, at the newest mark.
pub(super) fn linear(marks: &[Mark<'_>]) -> Option<Exact> {
    let line = Line::through(values(recent(marks, MOST_MARKS)));
    line.at(line.count())
}

/// The line's mean and slope.
pub(super) fn linear_steps(marks: &[Mark<'_>]) -> Vec<Step> {
    let line = Line::through(values(recent(marks, MOST_MARKS)));
    let parts = [("mean", line.mean()), ("b", line.slope())];
    parts.into_iter().filter_map(|(name, part)| Some(Step::new(name, part?))).collect()
}

/// The power law through all, at the newest mark.
pub(super) fn power_law(marks: &[Mark<'_>]) -> Option<Exact> {
    let marks = recent(marks, MOST_MARKS);
    let power = Power::through(values(marks))?;
    match marks {
        [] => None,
        // One point or two are on the curve exactly.
        [newest] | [_, newest] => Some(Exact::whole(newest.value_milli)),
        _ => Exact::ratio(power.curve().at(power.count()), MICRO),
    }
}

/// The means of the logarithms and the parameters of the curve.
pub(super) fn power_law_steps(marks: &[Mark<'_>]) -> Vec<Step> {
    match Power::through(values(recent(marks, MOST_MARKS))) {
        Some(power) => power.curve().steps(power.count()),
        None => Vec::new(),
    }
}
