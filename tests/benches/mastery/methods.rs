//! (a) One evaluation by each method, so that those that are slow are seen.

use std::hint::black_box;
use std::time::{Duration, Instant};

use northstar_kernel::Timestamp;
use northstar_mastery_domain::{
    AssessorRole, Method, Observation, Observations, Policy, Scale, evaluate,
};
use northstar_tests::measure::clock::micros;
use northstar_tests::measure::command::Pace;
use northstar_tests::measure::figure::{Bar, Figure};
use serde_json::{Value, json};

use crate::policy;
use crate::shape::{evidence, mixed};

/// As many judgements as a learner has in a competency, and as many as there may ever be.
const FEW: u64 = 6;
const MANY: u64 = 5_000;
/// A sample is a hundredth of the pace's: there are many.
const SHARE: u32 = 100;

pub(crate) fn measure(pace: Pace) -> anyhow::Result<Vec<Figure>> {
    let scale = policy::scale();
    let mut figures = Vec::new();
    for name in Method::NAMES {
        let policy = policy::read(&policy::by(&method(name)))?;
        for (count, what) in [(FEW, "6"), (MANY, "5,000")] {
            let observations = observations(count);
            let what = format!("  {name} of {what} judgements");
            let mut figure = Figure::new(what, "µs", Bar::None);
            for _ in 0..pace.rounds {
                figure.add_alone(one(&policy, &scale, &observations, pace.sample / SHARE));
            }
            figures.push(figure);
        }
    }
    Ok(figures)
}

/// Microseconds of one evaluation, of as many as a sample has time for.
fn one(policy: &Policy, scale: &Scale, observations: &Observations, sample: Duration) -> f64 {
    let end =
        observations.iter().next_back().map_or(Timestamp::from_micros(0), |it| it.observed_at);
    let (begin, mut done) = (Instant::now(), 0);
    loop {
        for _ in 0..10 {
            black_box(evaluate(policy, scale, black_box(observations), end));
        }
        done += 10;
        if begin.elapsed() >= sample {
            return micros(begin.elapsed()) / f64::from(done);
        }
    }
}

fn observations(count: u64) -> Observations {
    Observations::new((0..count).map(|number| Observation {
        observed_at: Timestamp::from_micros(number.cast_signed() * 86_400_000_000),
        recorded_at: Timestamp::from_micros(number.cast_signed() * 86_400_000_000),
        evidence: evidence(number),
        value_milli: 1_000 + (mixed(number) % 4 * 1_000).cast_signed(),
        role: AssessorRole::Teacher,
        assessor: "t1".into(),
        kind: "classroom".into(),
        validated: false,
    }))
}

/// The method with parameters as people choose them.
fn method(name: &str) -> Value {
    let parameters = match name {
        "mean_of_top" | "mean_of_recent" | "median_of_recent" => json!({ "count": 5 }),
        "in_a_row" => json!({ "count": 3 }),
        "times_at_mastery" => json!({ "times": 3 }),
        "m_of_last" => json!({ "m": 3, "n": 5 }),
        "weighted_average" | "decaying_average" => json!({ "newest_weight_percent": 65 }),
        "best_fit" => json!({ "by": "one_step_ahead" }),
        "bayesian" => json!({
            "learned_ppb": 300_000_000, "learn_ppb": 100_000_000, "forget_ppb": 0,
            "guess_ppb": 200_000_000, "slip_ppb": 100_000_000, "right_at_milli": 3_000,
        }),
        "khan" => json!({ "mixed_kinds": ["unit-test"], "right_at_milli": 3_000 }),
        "points" => json!({ "per_mark_milli": 0, "cap_milli": 100_000_000 }),
        _ => json!({}),
    };
    let mut method = json!({ "name": name });
    if let (Value::Object(method), Value::Object(parameters)) = (&mut method, parameters) {
        method.extend(parameters);
    }
    method
}
