//! One line of the table.

use std::fmt;

/// What must be so of the ratio or, where there is no baseline, of our own figure.
#[derive(Debug, Clone, Copy)]
pub enum Bar {
    /// That or more.
    AtLeast(f64),
    /// That or less.
    AtMost(f64),
    /// Only shown.
    None,
}

/// Samples of ours and of the baseline, turn by turn.
#[derive(Debug)]
pub struct Figure {
    what: String,
    unit: &'static str,
    bar: Bar,
    ours: Vec<f64>,
    baseline: Vec<f64>,
}

impl Figure {
    /// What stands above the lines.
    pub const HEADER: &str = "  what                                                   \
        |      ours |  baseline | ratio (range)       |     bar | n";

    /// A figure that has no samples yet.
    pub fn new(what: impl Into<String>, unit: &'static str, bar: Bar) -> Self {
        Self { what: what.into(), unit, bar, ours: Vec::new(), baseline: Vec::new() }
    }

    /// One turn of both.
    pub fn add(&mut self, ours: f64, baseline: f64) {
        self.ours.push(ours);
        self.baseline.push(baseline);
    }

    /// One sample of what is compared with nothing but the bar.
    pub fn add_alone(&mut self, ours: f64) {
        self.ours.push(ours);
    }

    /// Whether the bar is cleared.
    pub fn holds(&self) -> bool {
        let judged = median(&self.judged());
        match self.bar {
            Bar::AtLeast(least) => judged >= least,
            Bar::AtMost(most) => judged <= most,
            Bar::None => true,
        }
    }

    fn judged(&self) -> Vec<f64> {
        if self.baseline.is_empty() {
            return self.ours.clone();
        }
        self.ours.iter().zip(&self.baseline).map(|(ours, baseline)| ours / baseline).collect()
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let judged = self.judged();
        let least = judged.iter().copied().fold(f64::INFINITY, f64::min);
        let most = judged.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (baseline, ratio) = match self.baseline.is_empty() {
            true => ("-".to_owned(), format!("({} to {})", short(least), short(most))),
            false => {
                let ratio = format!("{:.2} ({least:.2} to {most:.2})", median(&judged));
                (short(median(&self.baseline)), ratio)
            }
        };
        let bar = match self.bar {
            Bar::AtLeast(bar) => format!(">= {bar}"),
            Bar::AtMost(bar) => format!("<= {bar}"),
            Bar::None => String::new(),
        };
        let verdict = if self.holds() { "" } else { " MISSED" };
        let what = format!("{}, {}", self.what, self.unit);
        let (ours, count) = (short(median(&self.ours)), self.ours.len());
        write!(
            f,
            "{what:<55}| {ours:>9} | {baseline:>9} | {ratio:<19} | {bar:>7} | {count}{verdict}"
        )
    }
}

/// Three digits that matter, or all before the point.
fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    }
}

/// The middle one; of an even number the upper of the two.
pub fn median(samples: &[f64]) -> f64 {
    quantile(samples, 0.5)
}

/// The sample below which the given share of all lies; NaN if there are none.
pub fn quantile(samples: &[f64], share: f64) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (sorted.len() as f64 * share) as usize;
    sorted.get(place.min(sorted.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}
