//! Numbers that others published for the same methods, in `../shared/mastery/vectors.json`.
//!
//! Every vector there is either run here or listed in `vectors/listed.rs` with the reason why not.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use northstar_mastery_domain::{Exact, Mark, Method, Parameter};
use serde_json::Value;

mod bayesian;
mod khan;
mod listed;
mod quizzes;
mod rules;
mod scores;
mod trends;

/// So many units are one point: thirds and decimals are whole numbers of them.
const POINT: i64 = 1_200_000_000;
/// Units to the second decimal, to which most numbers were published.
const HUNDREDTH: u32 = 12_000_000;
/// Units to the sixth.
const MILLIONTH: u32 = 1_200;

/// One published case.
struct Vector(Value);

impl Vector {
    fn id(&self) -> &str {
        self.0["id"].as_str().expect("a vector has an id")
    }

    fn algorithm(&self) -> &str {
        self.0["algorithm"].as_str().expect("a vector has an algorithm")
    }

    fn input(&self, name: &str) -> &Value {
        &self.0["input"][name]
    }

    fn expected(&self) -> &Value {
        &self.0["expected"]
    }

    /// A parameter that is a whole number.
    fn whole(&self, name: &str) -> i64 {
        self.0["params"][name].as_i64().unwrap_or_else(|| panic!("{self}: no {name}"))
    }

    /// A parameter in units.
    fn points(&self, name: &str) -> i64 {
        units(&self.0["params"][name]).unwrap_or_else(|| panic!("{self}: no {name}"))
    }
}

/// The id and where it comes from.
impl std::fmt::Display for Vector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let source = &self.0["source"];
        let origin = ["repo", "page", "own"].iter().find_map(|key| source[key].as_str());
        write!(f, "{} from {}", self.id(), origin.unwrap_or("an unnamed source"))
    }
}

fn vectors() -> Option<Vec<Vector>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/mastery/vectors.json");
    if !Path::new(path).exists() {
        return None;
    }
    let text = fs::read_to_string(path).expect("the vectors can be read");
    let all: Value = serde_json::from_str(&text).expect("the vectors are JSON");
    Some(all["vectors"].as_array().expect("a list").iter().cloned().map(Vector).collect())
}

/// Points in units; `None` for what is missing.
fn units(value: &Value) -> Option<i64> {
    value.as_f64().map(|value| (value * POINT as f64).round() as i64)
}

fn method(name: &str, parameters: &[(&str, i64)]) -> Method {
    let parameters: BTreeMap<_, _> =
        parameters.iter().map(|(name, n)| ((*name).to_owned(), Parameter::Number(*n))).collect();
    Method::named(name, &parameters).expect("the method is valid")
}

fn marks(values: &[i64]) -> Vec<Mark<'static>> {
    values.iter().map(|value| Mark { value_milli: *value, kind: "" }).collect()
}

/// Rounded as most publish: to the second decimal.
fn hundredths(result: Option<&Exact>) -> Option<i64> {
    result.map(|exact| exact.rounded_to(HUNDREDTH))
}

/// Whether some test of this folder knows how to run it; it fails if the number is another.
fn run(vector: &Vector) -> bool {
    let ways = [scores::run, quizzes::run, trends::run, bayesian::run, khan::run, rules::run];
    ways.iter().any(|way| way(vector))
}

#[test]
fn every_published_vector_is_met_or_listed_with_the_reason() {
    let Some(vectors) = vectors() else {
        return eprintln!("skipped: no shared data");
    };
    let mut met = 0;
    for vector in &vectors {
        match listed::reason(vector.id(), vector.algorithm()) {
            None => assert!(run(vector), "{vector} is neither run nor listed"),
            Some(reason) => {
                assert!(!reason.is_empty() && !run(vector), "{vector} is listed, but can be run");
            }
        }
        met += usize::from(listed::reason(vector.id(), vector.algorithm()).is_none());
    }
    assert!(met >= 77, "{met} of {}: a reader of vectors has stopped reading", vectors.len());
}

#[test]
fn every_entry_of_the_list_is_needed() {
    let Some(vectors) = vectors() else {
        return eprintln!("skipped: no shared data");
    };
    for name in listed::names() {
        let needed = vectors.iter().any(|v| v.id() == name || v.algorithm() == name);
        assert!(needed, "no vector is called {name}");
    }
}
