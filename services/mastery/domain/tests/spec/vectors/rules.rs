//! Which parameters are accepted, and criteria of so many of the last answers.

use std::collections::BTreeMap;

use northstar_mastery_domain::{Method, Parameter};
use serde_json::Value;

use super::{Vector, marks, method};

fn accepts(name: &str, parameter: &str, value: &Value) -> bool {
    let number = value.as_i64().map(|n| (parameter.to_owned(), Parameter::Number(n)));
    Method::named(name, &number.into_iter().collect::<BTreeMap<_, _>>()).is_ok()
}

fn check_parameters(vector: &Vector, name: &str, parameter: &str) {
    let list = |which| vector.input(which).as_array().cloned().unwrap_or_default();
    assert!(!list("accept").is_empty(), "{vector}: nothing to accept");
    for value in list("accept") {
        assert!(accepts(name, parameter, &value), "{vector}: {value} is refused");
    }
    for value in list("reject") {
        assert!(!accepts(name, parameter, &value), "{vector}: {value} is accepted");
    }
}

/// Every sequence of right and wrong answers, a little longer than the rule looks at.
fn sequences(length: u32) -> impl Iterator<Item = Vec<bool>> {
    (1..=length).flat_map(|length| {
        (0..1_u32 << length).map(move |bits| (0..length).map(|i| bits >> i & 1 == 1).collect())
    })
}

/// A named model is at mastery exactly when its last answers are all right, and so are both of our
/// methods with the published numbers.
fn check_models(vector: &Vector) {
    let models = vector.input("models").as_array().expect("models");
    let pairs = vector.expected().as_array().expect("pairs");
    assert_eq!(models.len(), pairs.len(), "{vector}");
    for (model, pair) in models.iter().zip(pairs) {
        let (m, n) = (pair[0].as_i64().expect("m"), pair[1].as_i64().expect("n"));
        let digits = model.as_str().expect("a name").split(|c: char| !c.is_ascii_digit());
        let named: usize = digits.filter_map(|n| n.parse().ok()).next().expect("a number");
        let ways =
            [method("m_of_last", &[("m", m), ("n", n)]), method("in_a_row", &[("count", n)])];
        for answers in sequences(n as u32 + 2) {
            let values: Vec<_> = answers.iter().map(|right| i64::from(*right) * 1_000).collect();
            let all = answers.iter().rev().take_while(|right| **right).count() >= named;
            for way in &ways {
                let value = way.apply(&marks(&values), 1_000).map_or(0, |exact| exact.milli());
                assert_eq!(value >= 1_000, all, "{vector}: {model}, {} {answers:?}", way.name());
            }
        }
    }
}

pub(super) fn run(vector: &Vector) -> bool {
    match (vector.id(), vector.algorithm()) {
        ("canvas-validate-weighted", _) => {
            check_parameters(vector, "weighted_average", "newest_weight_percent");
        }
        ("canvas-validate-nmastery", _) => check_parameters(vector, "times_at_mastery", "times"),
        (_, "mastery model to m-of-n") => check_models(vector),
        _ => return false,
    }
    true
}
