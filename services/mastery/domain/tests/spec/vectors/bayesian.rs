//! Knowledge tracing as pyBKT does it, step by step.

use northstar_mastery_domain::{Bayesian, Method, Probability};
use serde_json::Value;

use super::{Vector, method};

/// Published to ten decimals, with a tolerance of 10^-9.
const TOLERANCE: i64 = Probability::ONE / 1_000_000_000;

fn parts(value: &Value, one: i64) -> i64 {
    (value.as_f64().expect("a probability") * one as f64).round() as i64
}

fn model(vector: &Vector) -> Bayesian {
    let billionths = |name: &str| parts(&vector.0["params"][name], 1_000_000_000);
    let parameters = [
        ("learned_ppb", billionths("p_init")),
        ("learn_ppb", billionths("p_learn")),
        ("forget_ppb", billionths("p_forget")),
        ("guess_ppb", billionths("p_guess")),
        ("slip_ppb", billionths("p_slip")),
        ("right_at_milli", 1),
    ];
    match method("bayesian", &parameters) {
        Method::Bayesian(model) => model,
        other => panic!("{vector}: {other:?}"),
    }
}

fn check(vector: &Vector, at: usize, what: &str, is: Probability) {
    let expected = match &vector.expected()[what] {
        Value::Array(all) => &all[at],
        one => one,
    };
    let off = (is.parts() - parts(expected, Probability::ONE)).abs();
    assert!(off <= TOLERANCE, "{vector}: {what} at {at} is {is}, not {expected}");
}

pub(super) fn run(vector: &Vector) -> bool {
    if vector.algorithm() != "bkt" {
        return false;
    }
    let model = model(vector);
    // A fitted start has more decimals than a policy's; the state has them all.
    let start = parts(&vector.0["params"]["p_init"], Probability::ONE);
    let mut learned = Probability::new(start).expect("a probability");
    assert!((model.start().parts() - start).abs() <= TOLERANCE, "{vector}: start");
    let observations = vector.input("observations").as_array().expect("observations");
    for (at, observation) in observations.iter().enumerate() {
        check(vector, at, "p_learned_before", learned);
        check(vector, at, "p_correct_before", model.right(learned));
        let seen = match observation.as_i64() {
            Some(1) => model.seen(learned, true),
            Some(0) => model.seen(learned, false),
            _ => learned,
        };
        check(vector, at, "p_learned_posterior", seen);
        learned = model.next(seen);
    }
    check(vector, 0, "p_learned_next", learned);
    true
}
