//! A method's name for people.

use crate::Method;

/// How `method` reads `judgements` ("4 judgements"), as the beginning of a sentence.
pub(super) fn rule(method: &Method, judgements: &str) -> String {
    let of = |rule: &str| format!("{rule} of {judgements}");
    match method {
        Method::Highest => of("Highest"),
        Method::Latest => of("Latest"),
        Method::Mean => of("Mean"),
        Method::Median => of("Median"),
        Method::Mode => of("Most frequent"),
        Method::MeanOfTop(count) => of(&format!("Mean of the {} highest", count.get())),
        Method::MeanOfRecent(count) => of(&format!("Mean of the {} newest", count.get())),
        Method::MedianOfRecent(count) => of(&format!("Median of the {} newest", count.get())),
        Method::TimesAtMastery(_) => of("Mean of those at mastery"),
        Method::MOfLast(rule) => {
            let (m, n) = (rule.m().get(), rule.n().get());
            format!("What at least {m} of the last {n} reach in {judgements}")
        }
        Method::InARow(count) => of(&format!("Lowest of the last {}", count.get())),
        Method::WeightedAverage(weight) => {
            of(&format!("Weighted average (newest {} %)", weight.percent()))
        }
        Method::DecayingAverage(weight) => {
            of(&format!("Decaying average (newest {} %)", weight.percent()))
        }
        Method::LinearTrend => of("Linear trend"),
        Method::PowerLaw => of("Power-law trend"),
        Method::BestFit(_) => of("Best-fitting trend"),
        Method::Bayesian(_) => format!("Probability of having learned it after {judgements}"),
        Method::Khan(_) => format!("Level moved step by step by {judgements}"),
        Method::Points(_) => of("Points"),
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
