//! The same measures anew, in floating point and without any cleverness.

use northstar_mastery_domain::{CalibrationFinding as Finding, Day, Judgement};

pub(super) type Pairs = Vec<(f64, f64)>;

/// Pairs by looking, for each judgement in turn, for the first free partner.
pub(super) fn pairs(sorted: &[Judgement<'_>], window: i64) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (i, one) in sorted.iter().enumerate() {
        let free = |k: usize| pairs.iter().all(|(a, b)| *a != k && *b != k);
        let fits = |k: &usize| {
            let other = &sorted[*k];
            (one.learner, one.competency, one.rubric)
                == (other.learner, other.competency, other.rubric)
                && one.assessor != other.assessor
                && other.day.since(one.day) <= window
                && free(*k)
        };
        let partner = (i + 1..sorted.len()).find(fits);
        if let Some(k) = partner.filter(|_| free(i)) {
            pairs.push((i, k));
        }
    }
    pairs
}

/// (day, mean of the others less own) of everything `assessor` judged and others did as well.
pub(super) fn differences(all: &[Judgement<'_>], assessor: &str, window: i64) -> Vec<(Day, f64)> {
    let mut found = Vec::new();
    for own in all.iter().filter(|own| own.assessor == assessor) {
        let others: Vec<f64> = all
            .iter()
            .filter(|other| {
                other.learner == own.learner
                    && other.competency == own.competency
                    && other.rubric == own.rubric
                    && other.assessor != assessor
                    && other.day.since(own.day).abs() <= window
            })
            .map(|other| f64::from(other.level))
            .collect();
        if !others.is_empty() {
            found.push((own.day, mean(&others) - f64::from(own.level)));
        }
    }
    found
}

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Kappa and its standard error by the formulas as printed, with weights of agreement.
pub(super) fn kappa(pairs: &Pairs, agreement: impl Fn(f64, f64) -> f64) -> (f64, f64) {
    let n = pairs.len() as f64;
    let by_chance = |f: &dyn Fn(f64, f64) -> f64| {
        let all = pairs.iter().flat_map(|(a, _)| pairs.iter().map(move |(_, b)| (*a, *b)));
        all.map(|(a, b)| f(a, b)).sum::<f64>() / (n * n)
    };
    let observed = pairs.iter().map(|(a, b)| agreement(*a, *b)).sum::<f64>() / n;
    let expected = by_chance(&|a, b| agreement(a, b));
    let kappa = (observed - expected) / (1.0 - expected);
    let row = |a: f64| pairs.iter().map(|(_, b)| agreement(a, *b)).sum::<f64>() / n;
    let column = |b: f64| pairs.iter().map(|(a, _)| agreement(*a, b)).sum::<f64>() / n;
    let squares = pairs
        .iter()
        .map(|(a, b)| (agreement(*a, *b) - (row(*a) + column(*b)) * (1.0 - kappa)).powi(2))
        .sum::<f64>()
        / n;
    let variance =
        (squares - (kappa - expected * (1.0 - kappa)).powi(2)) / (n * (1.0 - expected).powi(2));
    (kappa, variance.max(0.0).sqrt())
}

/// Mean and standard error.
pub(super) fn mean_error(values: &[f64]) -> (f64, f64) {
    let (n, middle) = (values.len() as f64, mean(values));
    let scatter = values.iter().map(|value| (value - middle).powi(2)).sum::<f64>() / (n - 1.0);
    (middle, (scatter / n).sqrt())
}

/// Slope per thirty days and its standard error.
pub(super) fn slope_error(points: &[(Day, f64)]) -> (f64, f64) {
    let days: Vec<f64> = points.iter().map(|(day, _)| f64::from(day.number())).collect();
    let values: Vec<f64> = points.iter().map(|(_, value)| *value).collect();
    let (x, y) = (mean(&days), mean(&values));
    let sxx: f64 = days.iter().map(|day| (day - x).powi(2)).sum();
    let sxy: f64 = days.iter().zip(&values).map(|(day, value)| (day - x) * (value - y)).sum();
    let slope = sxy / sxx;
    let residuals = days.iter().zip(&values).map(|(day, v)| (v - y - slope * (day - x)).powi(2));
    let scatter = residuals.sum::<f64>() / (points.len() as f64 - 2.0);
    (slope * 30.0, (scatter / sxx).sqrt() * 30.0)
}

/// The finding holds that value, and 1.96 errors either way, to one thousandth.
pub(super) fn agrees(finding: Finding, (value, error): (f64, f64), bounded: bool) -> bool {
    let Finding::Known(found) = finding else { return false };
    let bound = |milli: f64| if bounded { milli.clamp(-1_000.0, 1_000.0) } else { milli };
    let expected = [value, value - 1.96 * error, value + 1.96 * error];
    let told = [found.value_milli, found.low_milli, found.high_milli];
    expected
        .into_iter()
        .zip(told)
        .all(|(expected, told)| (bound(expected * 1_000.0) - told as f64).abs() < 1.0)
}
