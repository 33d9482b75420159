//! The functions from marks to one value.
//!
//! All take the marks oldest first and say nothing about no marks. A zero is a value like any
//! other; a missing judgement is no mark and never gets here. Results are exact fractions of
//! thousandths, not rounded and not cut off at the top of a scale.

use crate::Exact;

mod bayesian;
mod centre;
mod criterion;
mod decaying;
mod flaw;
mod khan;
mod mark;
mod named;
mod parameter;
mod points;
mod trend;

pub use bayesian::{Bayesian, Probability};
pub use criterion::{MOfLast, Times};
pub use flaw::MethodFlaw;
pub use khan::Khan;
pub use mark::{Mark, Step, Worked};
pub use parameter::{Count, NewestWeight, Parameter};
pub use points::Points;
pub use trend::FitBy;

/// The highest value that a parameter may ask for: a million, in thousandths.
const HIGHEST_MILLI: i64 = 1_000_000_000;

/// How marks become one value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// The highest value.
    Highest,
    /// The latest value.
    Latest,
    /// The arithmetic mean.
    Mean,
    /// The middle value; the mean of the two in the middle if their number is even.
    Median,
    /// The most frequent value; of several, the one that occurred last.
    Mode,
    /// The mean of the highest `count`, or of all if there are fewer.
    MeanOfTop(Count),
    /// The mean of the newest `count`, or of all if there are fewer.
    MeanOfRecent(Count),
    /// The median of the newest `count`, or of all if there are fewer.
    MedianOfRecent(Count),
    /// Nothing until so many marks are at mastery, then the mean of all that are.
    TimesAtMastery(Times),
    /// The `m`-th highest of the last `n`: at mastery exactly if at least `m` of the last `n` are.
    /// Nothing before `m` marks.
    MOfLast(MOfLast),
    /// The lowest of the last `count`: at mastery exactly if all of them are. Nothing before.
    InARow(Count),
    /// `sN · w + mean(s1..sN-1) · (1 - w)`, with `w` the newest weight; `s1` for a single mark.
    WeightedAverage(NewestWeight),
    /// `A1 = s1; Ai = A(i-1) · (1 - w) + si · w`, with `w` the newest weight.
    DecayingAverage(NewestWeight),
    /// The straight line of least squares, at the newest mark.
    LinearTrend,
    /// The power law of least squares on logarithms, at the newest mark.
    PowerLaw,
    /// The best fit of mean, straight line and power law, at the newest mark.
    BestFit(FitBy),
    /// The probability that the skill is learned, in thousandths.
    Bayesian(Bayesian),
    /// Levels from 1000 (attempted) to 4000 (mastered).
    Khan(Khan),
    /// The sum of points, capped.
    Points(Points),
}

impl Method {
    /// The exact result over `marks`, oldest first; `None` if the method has nothing to say.
    ///
    /// `mastery_milli` is the value from which on a mark is at mastery.
    pub fn apply(&self, marks: &[Mark<'_>], mastery_milli: i64) -> Option<Exact> {
        match self {
            Self::Highest => centre::highest(marks),
            Self::Latest => centre::latest(marks),
            Self::Mean => centre::mean(marks),
            Self::Median => centre::median(marks),
            Self::Mode => centre::mode(marks),
            Self::MeanOfTop(count) => centre::mean_of_top(marks, *count),
            Self::MeanOfRecent(count) => centre::mean(mark::recent(marks, count.size())),
            Self::MedianOfRecent(count) => centre::median(mark::recent(marks, count.size())),
            Self::TimesAtMastery(times) => times.apply(marks, mastery_milli),
            Self::MOfLast(rule) => rule.apply(marks),
            Self::InARow(count) => criterion::in_a_row(marks, *count),
            Self::WeightedAverage(weight) => decaying::weighted(marks, *weight),
            Self::DecayingAverage(weight) => decaying::recursive(marks, *weight),
            Self::LinearTrend => trend::linear(marks),
            Self::PowerLaw => trend::power_law(marks),
            Self::BestFit(by) => by.apply(marks),
            Self::Bayesian(model) => model.apply(marks),
            Self::Khan(rule) => rule.apply(marks),
            Self::Points(rule) => rule.apply(marks),
        }
    }

    /// The same result with its intermediate values, for people and for those who check.
    pub fn work(&self, marks: &[Mark<'_>], mastery_milli: i64) -> Option<Worked> {
        let value = self.apply(marks, mastery_milli)?;
        let steps = self.steps(marks, mastery_milli, &value);
        Some(Worked { value, steps })
    }

    fn steps(&self, marks: &[Mark<'_>], mastery_milli: i64, value: &Exact) -> Vec<Step> {
        match self {
            Self::Highest | Self::Latest | Self::Median => Vec::new(),
            Self::MOfLast(_) | Self::InARow(_) => Vec::new(),
            Self::Mean => centre::mean_steps(marks),
            Self::Mode => centre::mode_steps(marks, value),
            Self::MeanOfTop(count) => centre::top_steps(marks, *count),
            Self::MeanOfRecent(count) => centre::mean_steps(mark::recent(marks, count.size())),
            Self::MedianOfRecent(count) => centre::recent_steps(marks, *count),
            Self::TimesAtMastery(_) => Times::steps(marks, mastery_milli),
            Self::WeightedAverage(_) => decaying::weighted_steps(marks),
            Self::DecayingAverage(weight) => decaying::recursive_steps(marks, *weight),
            Self::LinearTrend => trend::linear_steps(marks),
            Self::PowerLaw => trend::power_law_steps(marks),
            Self::BestFit(by) => by.steps(marks),
            Self::Bayesian(model) => model.steps(marks),
            Self::Khan(rule) => rule.steps(marks),
            Self::Points(rule) => rule.steps(marks),
        }
    }
}

/// Hands the items to `read` in order. A few, as is usual, are sorted without asking for memory.
fn sorted<T: Copy + Default + Ord, R>(
    items: impl ExactSizeIterator<Item = T>,
    read: impl FnOnce(&[T]) -> R,
) -> R {
    const FEW: usize = 32;
    let mut few = [T::default(); FEW];
    let mut many = Vec::new();
    let all = if items.len() <= FEW {
        let held = &mut few[..items.len()];
        held.iter_mut().zip(items).for_each(|(place, item)| *place = item);
        held
    } else {
        many.extend(items);
        many.as_mut_slice()
    };
    all.sort_unstable();
    read(all)
}
