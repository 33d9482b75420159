//! Fits: JumpRope's power law, the choice between models, and numbers worked out for this file.

use northstar_mastery_domain::{FitBy, Method, Worked};
use serde_json::Value;

use super::{MILLIONTH, POINT, Vector, hundredths, marks, units};

fn values(vector: &Vector) -> Vec<i64> {
    vector.input("scores").as_array().expect("scores").iter().filter_map(units).collect()
}

/// The sixth decimal, in millionths of a point.
fn sixth(vector: &Vector, value: &Value) -> i64 {
    units(value).unwrap_or_else(|| panic!("{vector}: no number")) / i64::from(MILLIONTH)
}

fn fitted(vector: &Vector) -> Worked {
    let fit = Method::BestFit(FitBy::InSample);
    fit.work(&marks(&values(vector)), 0).unwrap_or_else(|| panic!("{vector}: no fit"))
}

/// The error of a model in millionths of a point.
fn error(worked: &Worked, model: &str) -> i64 {
    let name = format!("error_{model}");
    let step = worked.steps.iter().find(|step| step.name == name).expect("an error");
    (step.value.parse::<f64>().expect("a decimal") / POINT as f64 * 1e6).round() as i64
}

fn check_value(vector: &Vector, method: &Method, expected: &Value) {
    let exact = method.apply(&marks(&values(vector)), 0).expect("a value");
    let off = exact.rounded_to(MILLIONTH) / i64::from(MILLIONTH) - sixth(vector, expected);
    assert_eq!(off, 0, "{vector}: {} at the sixth decimal", method.name());
}

fn check_fits(vector: &Vector) {
    let expected = vector.expected();
    check_value(vector, &Method::Mean, &expected["average"]);
    check_value(vector, &Method::LinearTrend, &expected["linear"]);
    check_value(vector, &Method::PowerLaw, &expected["power_law"]);
    let worked = fitted(vector);
    for model in ["average", "linear", "power_law"] {
        let published = sixth(vector, &expected["total_abs_error"][model]);
        assert_eq!(error(&worked, model), published, "{vector}: error of {model}");
    }
}

/// A vendor with two candidates: whichever errs less.
fn check_choice(vector: &Vector) {
    let worked = fitted(vector);
    let less = error(&worked, "power_law") < error(&worked, "average");
    let chosen = if less { "power_law" } else { "average" };
    assert_eq!(vector.expected()["method"], chosen, "{vector}");
}

pub(super) fn run(vector: &Vector) -> bool {
    match (vector.id(), vector.algorithm()) {
        (_, "power_law at x=n") => {
            let result = Method::PowerLaw.apply(&marks(&values(vector)), 0);
            assert_eq!(hundredths(result.as_ref()), units(vector.expected()), "{vector}");
        }
        (_, "average, linear and power-law fits at x=n") => check_fits(vector),
        ("nha-select-1", _) => check_choice(vector),
        _ => return false,
    }
    true
}
