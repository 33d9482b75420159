//! Which function each method is.

use super::{Mark, Method, Step, Times, Worked, centre, criterion, decaying, mark, trend};
use crate::Exact;

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
