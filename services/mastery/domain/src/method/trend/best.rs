//! The best fit of mean, straight line and power law.

use super::super::mark::values;
use super::super::{Mark, Step};
use super::line::Line;
use super::power::{Curve, Power};
use super::{FitBy, MICRO};
use crate::Exact;
use crate::exact::half_away;

/// The candidates, simplest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Model {
    Average,
    Linear,
    PowerLaw,
}

impl Model {
    const fn name(self) -> &'static str {
        match self {
            Self::Average => "average",
            Self::Linear => "linear",
            Self::PowerLaw => "power_law",
        }
    }
}

/// The candidates fitted to all values, and how far off each was.
pub(super) struct Fitted {
    line: Line,
    /// `None` if a value is not above zero.
    curve: Option<Curve>,
    errors: Errors,
}

/// Sums of absolute errors in millionths of a thousandth, over the same places for each candidate.
#[derive(Default)]
struct Errors {
    places: i128,
    average: i128,
    linear: i128,
    power: i128,
}

impl Errors {
    fn add(&mut self, value: i64, line: &Line, curve: Option<&Curve>, x: u32) {
        let off = |forecast: i128| (i128::from(value) * MICRO - forecast).abs();
        self.places += 1;
        self.average += off(on_grid(line.mean_parts()));
        self.linear += off(on_grid(line.parts(x)));
        self.power += curve.map_or(0, |curve| off(curve.at(x)));
    }
}

impl Fitted {
    pub(super) fn new(by: FitBy, marks: &[Mark<'_>]) -> Self {
        match by {
            FitBy::InSample => Self::in_sample(marks),
            FitBy::OneStepAhead => Self::one_step_ahead(marks),
        }
    }

    fn in_sample(marks: &[Mark<'_>]) -> Self {
        let line = Line::through(values(marks));
        let curve = Power::through(values(marks)).map(|power| power.curve());
        let mut errors = Errors::default();
        for (x, value) in (1..).zip(values(marks)) {
            errors.add(value, &line, curve.as_ref(), x);
        }
        Self { line, curve, errors }
    }

    /// From the third value on, each is forecast from those before it.
    fn one_step_ahead(marks: &[Mark<'_>]) -> Self {
        let (mut line, mut power) = (Line::default(), Some(Power::default()));
        let mut errors = Errors::default();
        for (x, value) in (1..).zip(values(marks)) {
            if x > 2 {
                let curve = power.map(|power| power.curve());
                errors.add(value, &line, curve.as_ref(), x);
            }
            line.add(value);
            power = power.and_then(|power| power.with(value));
        }
        Self { line, curve: power.map(|power| power.curve()), errors }
    }

    /// Each error is off by half a millionth at most, so a difference of one for each place may
    /// be rounding alone: that is a tie, and the simpler model wins it.
    fn winner(&self) -> Model {
        let Errors { places, average, linear, power } = self.errors;
        let (mut winner, mut least) = (Model::Average, average);
        if linear + places < least {
            (winner, least) = (Model::Linear, linear);
        }
        if self.curve.is_some() && power + places < least {
            winner = Model::PowerLaw;
        }
        winner
    }

    pub(super) fn value(&self) -> Option<Exact> {
        let newest = self.line.count();
        match (self.winner(), &self.curve) {
            (Model::Average, _) => self.line.mean(),
            (Model::PowerLaw, Some(curve)) => Exact::ratio(curve.at(newest), MICRO),
            (Model::Linear | Model::PowerLaw, _) => self.line.at(newest),
        }
    }

    pub(super) fn steps(&self) -> Vec<Step> {
        let Errors { average, linear, power, .. } = self.errors;
        let mut steps = vec![
            Step::new("error_average", micro(average)),
            Step::new("error_linear", micro(linear)),
        ];
        steps.extend(self.curve.map(|_| Step::new("error_power_law", micro(power))));
        steps.push(Step::new("winner", self.winner().name()));
        steps
    }
}

/// A fraction of thousandths in whole millionths of a thousandth, halves away from zero.
fn on_grid((n, d): (i128, i128)) -> i128 {
    half_away(n * MICRO, d.max(1))
}

/// Millionths of a thousandth, none below zero, as thousandths with six decimals.
pub(super) fn micro(millionths: i128) -> String {
    format!("{}.{:06}", millionths / MICRO, millionths % MICRO)
}
