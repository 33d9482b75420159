//! A method's name for people.

use std::fmt;

use super::Count;
use crate::Method;

/// Writes how `method` reads these judgements, as the beginning of a sentence.
pub(super) fn rule(
    method: &Method,
    judgements: Count<'_>,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    match method {
        Method::Highest => write!(f, "Highest of {judgements}"),
        Method::Latest => write!(f, "Latest of {judgements}"),
        Method::Mean => write!(f, "Mean of {judgements}"),
        Method::Median => write!(f, "Median of {judgements}"),
        Method::Mode => write!(f, "Most frequent of {judgements}"),
        Method::MeanOfTop(count) => {
            write!(f, "Mean of the {} highest of {judgements}", count.get())
        }
        Method::MeanOfRecent(count) => {
            write!(f, "Mean of the {} newest of {judgements}", count.get())
        }
        Method::MedianOfRecent(count) => {
            write!(f, "Median of the {} newest of {judgements}", count.get())
        }
        Method::TimesAtMastery(_) => write!(f, "Mean of those at mastery of {judgements}"),
        Method::MOfLast(rule) => {
            let (m, n) = (rule.m().get(), rule.n().get());
            write!(f, "What at least {m} of the last {n} reach in {judgements}")
        }
        Method::InARow(count) => write!(f, "Lowest of the last {} of {judgements}", count.get()),
        Method::WeightedAverage(weight) => {
            write!(f, "Weighted average (newest {} %) of {judgements}", weight.percent())
        }
        Method::DecayingAverage(weight) => {
            write!(f, "Decaying average (newest {} %) of {judgements}", weight.percent())
        }
        Method::LinearTrend => write!(f, "Linear trend of {judgements}"),
        Method::PowerLaw => write!(f, "Power-law trend of {judgements}"),
        Method::BestFit(_) => write!(f, "Best-fitting trend of {judgements}"),
        Method::Bayesian(_) => write!(f, "Probability of having learned it after {judgements}"),
        Method::Khan(_) => write!(f, "Level moved step by step by {judgements}"),
        Method::Points(_) => write!(f, "Points of {judgements}"),
    }
}

/// What `method` needs before it says something, where the policy's own minimums are met.
pub(super) fn need(method: &Method) -> String {
    match method {
        Method::TimesAtMastery(times) => format!("{} at mastery needed", times.get()),
        Method::MOfLast(rule) => format!("{} needed", rule.m().get()),
        Method::InARow(count) => format!("{} needed", count.get()),
        _ => "about which the rule says nothing".to_owned(),
    }
}
