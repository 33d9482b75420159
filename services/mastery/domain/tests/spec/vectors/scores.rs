//! Methods over plain lists of scores: Canvas, PowerSchool, Otus, Educate, TeacherEase.

use northstar_kernel::{EvidenceId, TenantId, Timestamp};
use northstar_mastery_domain::{Exact, Method};
use serde_json::Value;

use super::{HUNDREDTH, POINT, Vector, hundredths, marks, method, units};

/// What is missing is no value; what has a time stands in its order, without one first.
fn values(vector: &Vector) -> Vec<i64> {
    if let Some(scored) = vector.input("scored_at").as_array() {
        return in_order(scored);
    }
    let (scores, students) = (vector.input("scores"), vector.input("student_scores"));
    let list = scores.as_array().or(students.as_array()).expect("a list of scores");
    list.iter().filter_map(units).collect()
}

/// By time, then as listed, like evidence with ids that follow one another.
fn in_order(scored: &[Value]) -> Vec<i64> {
    let tenant = TenantId::from_slug("vectors");
    let place = |(number, item): (usize, &Value)| {
        let at = Timestamp::from_micros(super::quizzes::day(&item["t"]));
        let evidence = EvidenceId::derive(tenant, &number.to_string());
        (at, evidence, units(&item["score"]).expect("a score"))
    };
    let mut placed: Vec<_> = scored.iter().enumerate().map(place).collect();
    placed.sort_unstable();
    placed.into_iter().map(|(.., value)| value).collect()
}

/// The method and the points from which on a mark is at mastery.
fn of(vector: &Vector) -> Option<(Method, i64)> {
    let counted = |name| method(name, &[("count", vector.whole("k"))]);
    let weighed = |name, rate| method(name, &[("newest_weight_percent", vector.whole(rate))]);
    Some(match vector.algorithm() {
        "highest" => (Method::Highest, 0),
        "latest" => (Method::Latest, 0),
        "average" | "class mean of student scores" => (Method::Mean, 0),
        "class median of student scores" => (Method::Median, 0),
        "mode" => (Method::Mode, 0),
        "average_of_highest_k" => (counted("mean_of_top"), 0),
        "median_of_recent_k" => (counted("median_of_recent"), 0),
        "n_mastery" => {
            let times = method("times_at_mastery", &[("times", vector.whole("n"))]);
            (times, vector.points("mastery_points"))
        }
        "weighted_average (legacy name decaying_average)" => {
            (weighed("weighted_average", "latest_weight_percent"), 0)
        }
        "standard_decaying_average (recursive)" => {
            (weighed("decaying_average", "decay_rate_percent"), 0)
        }
        _ => return None,
    })
}

fn check(vector: &Vector, result: Option<&Exact>) {
    let expected = vector.expected();
    if let Some(unrounded) = units(&expected["unrounded"]) {
        assert_eq!(result, Some(&Exact::whole(unrounded)), "{vector}: exact");
        let displayed = result.map(|exact| exact.rounded_to(10 * HUNDREDTH));
        assert_eq!(displayed, units(&expected["displayed"]), "{vector}: displayed");
    } else {
        assert_eq!(hundredths(result), units(expected), "{vector}");
    }
}

/// The weights themselves: what a lone point among zeros becomes.
fn weights(vector: &Vector) {
    let rate = vector.whole("decay_rate_percent");
    let method = method("decaying_average", &[("newest_weight_percent", rate)]);
    let expected = vector.expected().as_array().expect("a list of weights");
    for (place, weight) in expected.iter().enumerate() {
        let mut lone = vec![0; expected.len()];
        lone[place] = POINT;
        let result = method.apply(&marks(&lone), 0);
        assert_eq!(hundredths(result.as_ref()), units(weight), "{vector}, place {place}");
    }
}

pub(super) fn run(vector: &Vector) -> bool {
    if vector.algorithm() == "standard_decaying_average weights" {
        weights(vector);
        return true;
    }
    let Some((method, mastery)) = of(vector) else { return false };
    check(vector, method.apply(&marks(&values(vector)), mastery).as_ref());
    true
}
