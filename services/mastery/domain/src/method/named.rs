//! From a name and parameters to a method, and back.

use std::collections::BTreeMap;

use super::bayesian::Bayesian;
use super::criterion::{MOfLast, Times};
use super::khan::Khan;
use super::parameter::{Count, Given, NewestWeight, Parameter};
use super::points::Points;
use super::trend::FitBy;
use super::{Method, MethodFlaw};

impl Method {
    /// The names of all methods, in the order of their description.
    pub const NAMES: [&'static str; 19] = [
        "highest",
        "latest",
        "mean",
        "median",
        "mode",
        "mean_of_top",
        "mean_of_recent",
        "median_of_recent",
        "times_at_mastery",
        "m_of_last",
        "in_a_row",
        "weighted_average",
        "decaying_average",
        "linear_trend",
        "power_law",
        "best_fit",
        "bayesian",
        "khan",
        "points",
    ];

    /// The method of that name with those parameters, as in a policy document.
    ///
    /// # Errors
    /// All that is wrong, not the first alone: an unknown name, and parameters that are missing,
    /// out of range, of another shape or without a use.
    pub fn named(
        name: &str,
        parameters: &BTreeMap<String, Parameter>,
    ) -> Result<Self, Vec<MethodFlaw>> {
        let mut given = Given::new(parameters);
        let method = match name {
            "" => return Err(vec![MethodFlaw::MethodMissing]),
            "highest" => Some(Self::Highest),
            "latest" => Some(Self::Latest),
            "mean" => Some(Self::Mean),
            "median" => Some(Self::Median),
            "mode" => Some(Self::Mode),
            "mean_of_top" => given.count("count").map(Self::MeanOfTop),
            "mean_of_recent" => given.count("count").map(Self::MeanOfRecent),
            "median_of_recent" => given.count("count").map(Self::MedianOfRecent),
            "times_at_mastery" => Times::read(&mut given).map(Self::TimesAtMastery),
            "m_of_last" => MOfLast::read(&mut given).map(Self::MOfLast),
            "in_a_row" => given.count("count").map(Self::InARow),
            "weighted_average" => given.weight().map(Self::WeightedAverage),
            "decaying_average" => given.weight().map(Self::DecayingAverage),
            "linear_trend" => Some(Self::LinearTrend),
            "power_law" => Some(Self::PowerLaw),
            "best_fit" => FitBy::read(&mut given).map(Self::BestFit),
            "bayesian" => Bayesian::read(&mut given).map(Self::Bayesian),
            "khan" => Khan::read(&mut given).map(Self::Khan),
            "points" => Points::read(&mut given).map(Self::Points),
            other => return Err(vec![MethodFlaw::MethodUnknown(other.to_owned())]),
        };
        given.finish(method)
    }

    /// The parameters by name, always in the same order; [`Method::named`] makes the same method
    /// of them.
    pub fn parameters(&self) -> Vec<(&'static str, Parameter)> {
        let count = |count: &Count| vec![("count", Parameter::Number(count.get().into()))];
        let weight = |weight: &NewestWeight| {
            vec![("newest_weight_percent", Parameter::Number(weight.percent().into()))]
        };
        match self {
            Self::Highest | Self::Latest | Self::Mean | Self::Median | Self::Mode => Vec::new(),
            Self::LinearTrend | Self::PowerLaw => Vec::new(),
            Self::MeanOfTop(n) | Self::MeanOfRecent(n) | Self::MedianOfRecent(n) => count(n),
            Self::InARow(n) => count(n),
            Self::WeightedAverage(newest) | Self::DecayingAverage(newest) => weight(newest),
            Self::TimesAtMastery(times) => times.parameters(),
            Self::MOfLast(rule) => rule.parameters(),
            Self::BestFit(by) => by.parameters(),
            Self::Bayesian(model) => model.parameters(),
            Self::Khan(rule) => rule.parameters(),
            Self::Points(rule) => rule.parameters(),
        }
    }

    /// The name in a policy.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Highest => "highest",
            Self::Latest => "latest",
            Self::Mean => "mean",
            Self::Median => "median",
            Self::Mode => "mode",
            Self::MeanOfTop(_) => "mean_of_top",
            Self::MeanOfRecent(_) => "mean_of_recent",
            Self::MedianOfRecent(_) => "median_of_recent",
            Self::TimesAtMastery(_) => "times_at_mastery",
            Self::MOfLast(_) => "m_of_last",
            Self::InARow(_) => "in_a_row",
            Self::WeightedAverage(_) => "weighted_average",
            Self::DecayingAverage(_) => "decaying_average",
            Self::LinearTrend => "linear_trend",
            Self::PowerLaw => "power_law",
            Self::BestFit(_) => "best_fit",
            Self::Bayesian(_) => "bayesian",
            Self::Khan(_) => "khan",
            Self::Points(_) => "points",
        }
    }

    /// The newest weight, for the averages that have one.
    pub const fn newest_weight(&self) -> Option<NewestWeight> {
        match self {
            Self::DecayingAverage(weight) | Self::WeightedAverage(weight) => Some(*weight),
            _ => None,
        }
    }
}
