//! What is measured of a rater, a rubric or a school.

use super::finding::Finding;
use super::judgement::Terms;
use super::series::Series;
use super::table::Table;

/// What has been counted of one rater, rubric or school.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    pub(crate) table: Table,
    pub(crate) severities: Series,
}

/// How severity moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drift {
    /// The least-squares slope of the severity, in thousandths of a level per 30 days.
    pub per_30_days: Finding,
    /// The severity up to the middle of the time that the comparisons span.
    pub first_half: Finding,
    /// The severity after that.
    pub second_half: Finding,
    /// How much more severe the second half is than the first.
    pub rise: Finding,
}

/// The measures of agreement of one rater, rubric or school.
///
/// Intervals take pairs, and comparisons, as independent of each other. Pairs share no judgement;
/// comparisons do share the judgements that make up the consensus, so theirs are rather narrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measures {
    /// How many pairs of judgements there are.
    pub pairs: u64,
    /// The share of pairs on the same level, with Wilson's interval.
    pub exact: Finding,
    /// The share of pairs on the same or a neighbouring level, with Wilson's interval.
    pub adjacent: Finding,
    /// Cohen's kappa, with the large-sample interval of Fleiss, Cohen and Everitt. That interval
    /// has no width where all pairs agree.
    pub kappa: Finding,
    /// Cohen's kappa with quadratic weights, with the same kind of interval.
    pub weighted_kappa: Finding,
    /// How many judgements had others to be held against.
    pub comparisons: u64,
    /// The mean of the others less the own judgement, in thousandths of a level: above zero for
    /// who judges more severely than the others.
    pub severity: Finding,
    /// How the severity moves.
    pub drift: Drift,
}

impl Measures {
    pub(crate) fn of(tally: &Tally, terms: &Terms) -> Self {
        let (table, pairs) = (&tally.table, tally.table.pairs());
        let need = u64::from(terms.minimum());
        let all = tally.severities.all();
        Self {
            pairs,
            exact: Finding::of(pairs, need, || table.agreement(0)),
            adjacent: Finding::of(pairs, need, || table.agreement(1)),
            kappa: Finding::of(pairs, need, || table.kappa()),
            weighted_kappa: Finding::of(pairs, need, || table.quadratic_kappa()),
            comparisons: all.count(),
            severity: Finding::of(all.count(), need, || all.mean()),
            drift: drift(&tally.severities, need),
        }
    }
}

fn drift(severities: &Series, need: u64) -> Drift {
    let (early, late) = severities.halves();
    let fewer = early.count().min(late.count());
    Drift {
        per_30_days: Finding::of(severities.all().count(), need, || severities.slope()),
        first_half: Finding::of(early.count(), need, || early.mean()),
        second_half: Finding::of(late.count(), need, || late.mean()),
        rise: Finding::of(fewer, need, || early.rise_to(late)),
    }
}

/// Whether different raters come to the same level with a rubric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stability {
    /// Too few pairs to say.
    TooFewPairs,
    /// Only one level was ever given: that says nothing about the rubric.
    Undefined,
    /// The whole interval of the quadratic-weighted kappa is below the bar.
    Unstable,
    /// The bar lies within the interval: more pairs would tell.
    Unclear,
    /// The whole interval is at or above the bar.
    Stable,
}

impl Stability {
    pub(crate) const fn of(weighted_kappa: Finding, bar_milli: i64) -> Self {
        match weighted_kappa {
            Finding::TooFew { .. } => Self::TooFewPairs,
            Finding::Undefined => Self::Undefined,
            Finding::Known(kappa) if kappa.high_milli < bar_milli => Self::Unstable,
            Finding::Known(kappa) if kappa.low_milli < bar_milli => Self::Unclear,
            Finding::Known(_) => Self::Stable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibration::finding::Estimate;

    #[test]
    fn a_rubric_is_called_unstable_only_when_the_whole_interval_is_below_the_bar() {
        let known = |low_milli, high_milli| {
            Finding::Known(Estimate {
                value_milli: (low_milli + high_milli) / 2,
                low_milli,
                high_milli,
            })
        };
        for (finding, stability) in [
            (known(500, 699), Stability::Unstable),
            (known(500, 700), Stability::Unclear),
            (known(699, 900), Stability::Unclear),
            (known(700, 900), Stability::Stable),
            (Finding::Undefined, Stability::Undefined),
            (Finding::TooFew { have: 1, need: 30 }, Stability::TooFewPairs),
        ] {
            assert_eq!(Stability::of(finding, 700), stability, "{finding:?}");
        }
    }

    #[test]
    fn nothing_counted_is_too_few_of_everything() {
        let measures = Measures::of(&Tally::default(), &Terms::default());
        let none = Finding::TooFew { have: 0, need: 30 };
        let told = [measures.exact, measures.kappa, measures.severity, measures.drift.rise];
        assert_eq!(told, [none; 4]);
    }
}
