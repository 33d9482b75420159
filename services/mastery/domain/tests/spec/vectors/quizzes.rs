//! Canvas, results of quizzes: what they come to in points is worked out here, as its importer
//! would; the methods do the rest.

use std::collections::BTreeMap;

use northstar_mastery_domain::Method;
use serde_json::Value;

use super::{POINT, Vector, hundredths, marks, method, units};

/// The day of `T`, `T-1d` and so on; what has no time comes before all.
pub(super) fn day(time: &Value) -> i64 {
    match time.as_str() {
        None => -1_000,
        Some("T") => 0,
        Some(other) => {
            let days = other.strip_prefix("T-").and_then(|rest| rest.strip_suffix('d'));
            -days.and_then(|days| days.parse::<i64>().ok()).expect("T, T-1d and so on")
        }
    }
}

/// A percentage as a fraction of 10,000.
fn parts(result: &Value) -> Option<i64> {
    result["percent"].as_f64().map(|percent| (percent * 10_000.0).round() as i64)
}

fn possible(result: &Value) -> i64 {
    result["possible"].as_f64().map_or(100, |points| (points * 100.0).round() as i64)
}

/// Each quiz's mean, weighed by possible points, as a fraction.
fn quizzes(results: &[Value]) -> BTreeMap<String, (i64, i64)> {
    let mut all = BTreeMap::new();
    for result in results {
        if let Some(parts) = parts(result) {
            let quiz: &mut (i64, i64) = all.entry(quiz(result)).or_default();
            quiz.0 += parts * possible(result);
            quiz.1 += 10_000 * possible(result);
        }
    }
    all
}

/// A result that names no quiz stands alone.
fn quiz(result: &Value) -> String {
    match &result["association"] {
        Value::Null => result.to_string(),
        association => association.to_string(),
    }
}

/// Results in points, oldest first, each quiz's replaced by its mean where the method does so.
fn values(vector: &Vector, by_quiz: bool) -> Vec<i64> {
    let results = vector.input("results").as_array().expect("a list of results");
    let quizzes = quizzes(results);
    let full = i128::from(vector.points("points_possible"));
    let value = |result: &Value| {
        let Some(parts) = parts(result) else {
            return units(&result["rubric_score"]).expect("a percentage or a score");
        };
        let (n, d) = if by_quiz { quizzes[&quiz(result)] } else { (parts, 10_000) };
        let (n, d) = (i128::from(n) * full, i128::from(d));
        i64::try_from((2 * n + d) / (2 * d)).expect("a few points")
    };
    let mut placed: Vec<_> = results.iter().map(|r| (day(&r["t"]), value(r))).collect();
    placed.sort_by_key(|(day, _)| *day);
    placed.into_iter().map(|(_, value)| value).collect()
}

pub(super) fn run(vector: &Vector) -> bool {
    let (name, _) = vector.algorithm().split_once([' ', ',']).unwrap_or_default();
    if vector.input("results").is_null() {
        return false;
    }
    let (method, mastery, by_quiz) = match name {
        "highest" => (Method::Highest, 0, false),
        "latest" => (Method::Latest, 0, true),
        "average" => (Method::Mean, 0, true),
        "n_mastery" => {
            let times = method("times_at_mastery", &[("times", vector.whole("n"))]);
            (times, vector.points("mastery_points"), false)
        }
        "weighted_average" => {
            let weight = ("newest_weight_percent", vector.whole("latest_weight_percent"));
            (method("weighted_average", &[weight]), 0, true)
        }
        _ => return false,
    };
    let result = method.apply(&marks(&values(vector, by_quiz)), mastery);
    assert_eq!(hundredths(result.as_ref()), units(vector.expected()), "{vector}");
    true
}

/// The unit is fine enough that no published case above depends on how it is rounded.
#[test]
fn a_third_of_a_point_is_a_whole_number_of_units() {
    assert_eq!(POINT % 3, 0);
}
