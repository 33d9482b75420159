//! Khan Academy's levels.

use std::collections::BTreeMap;

use northstar_mastery_domain::{Mark, Method, Parameter};

use super::Vector;

const EXERCISE: &str = "exercise";
const MIXED: &str = "quiz";

const fn mark(kind: &'static str, value_milli: i64) -> Mark<'static> {
    Mark { value_milli, kind }
}

/// Marks that lead to a level.
fn history(level: &str) -> Vec<Mark<'static>> {
    match level {
        "not_started" => Vec::new(),
        "attempted" => vec![mark(EXERCISE, 0)],
        "familiar" => vec![mark(EXERCISE, 700)],
        "proficient" => vec![mark(EXERCISE, 1_000)],
        "mastered" => vec![mark(EXERCISE, 1_000), mark(MIXED, 1_000)],
        other => panic!("there is no level {other}"),
    }
}

fn levels() -> Method {
    let parameters = BTreeMap::from([
        ("mixed_kinds".to_owned(), Parameter::Names(vec![MIXED.to_owned()])),
        ("right_at_milli".to_owned(), Parameter::Number(1_000)),
    ]);
    Method::named("khan", &parameters).expect("valid")
}

fn level(marks: &[Mark<'_>]) -> &'static str {
    match levels().apply(marks, 0).map(|exact| exact.milli()) {
        None => "not_started",
        Some(1_000) => "attempted",
        Some(2_000) => "familiar",
        Some(3_000) => "proficient",
        Some(4_000) => "mastered",
        Some(other) => panic!("{other} is no level"),
    }
}

pub(super) fn run(vector: &Vector) -> bool {
    let next = match vector.algorithm() {
        "khan level after an exercise" => {
            let fraction = vector.input("fraction_correct").as_f64().expect("a fraction");
            mark(EXERCISE, (fraction * 1_000.0).round() as i64)
        }
        "khan level after a mixed-skill item" => {
            mark(MIXED, if vector.input("correct") == true { 1_000 } else { 0 })
        }
        _ => return false,
    };
    let from = vector.input("from").as_str().expect("a level");
    let mut marks = history(from);
    assert_eq!(level(&marks), from, "{vector}: the history");
    marks.push(next);
    assert_eq!(vector.expected(), level(&marks), "{vector}");
    true
}
