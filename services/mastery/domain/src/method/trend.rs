//! trend
use super::parameter::{Given, Parameter};

/// How the best of the three models is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FitBy {
    /// By the sum of absolute errors over the values that it was fitted to, as published.
    InSample,
    /// By the sum of absolute errors of forecasts, each made from what came before alone.
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
}
