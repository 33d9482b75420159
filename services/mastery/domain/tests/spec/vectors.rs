//! Numbers that others published for the same methods, in `../shared/mastery/vectors.json`.
//!
//! Values there have up to four decimals, so the tests count in ten-thousandths.

use std::fs;
use std::path::Path;

use northstar_kernel::{EvidenceId, TenantId, Timestamp};
use northstar_mastery_domain::{
    AssessorRole, Exact, Mark, Method, NewestWeight, Observation, Observations,
};
use serde_json::Value;

const ONE: f64 = 10_000.0;
const HUNDREDTH: u32 = 100;

fn vectors() -> Option<Vec<Value>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/mastery/vectors.json");
    if !Path::new(path).exists() {
        return None;
    }
    let text = fs::read_to_string(path).expect("the vectors can be read");
    let all: Value = serde_json::from_str(&text).expect("the vectors are JSON");
    Some(all["vectors"].as_array().expect("a list of vectors").clone())
}

fn name(vector: &Value) -> String {
    let source = &vector["source"];
    let origin = ["repo", "page", "own"].iter().find_map(|key| source[key].as_str());
    format!("{} from {}", vector["id"], origin.unwrap_or("an unnamed source"))
}

fn fixed(value: &Value) -> Option<i64> {
    value.as_f64().map(|value| (value * ONE).round() as i64)
}

/// What is missing is no value; what has a time stands in its order, without one first.
fn values(input: &Value) -> Vec<i64> {
    if let Some(scored) = input["scored_at"].as_array() {
        return in_order(scored);
    }
    let list = input["scores"].as_array().or(input["student_scores"].as_array());
    list.expect("a list of scores").iter().filter_map(fixed).collect()
}

fn in_order(scored: &[Value]) -> Vec<i64> {
    let tenant = TenantId::from_slug("vectors");
    let observation = |(number, item): (usize, &Value)| Observation {
        observed_at: Timestamp::from_micros(match item["t"].as_str() {
            Some("T") => 2,
            Some("T-1d") => 1,
            _ => 0,
        }),
        evidence: EvidenceId::derive(tenant, &number.to_string()),
        value_milli: fixed(&item["score"]).expect("a score"),
        role: AssessorRole::Teacher,
    };
    let observations = Observations::new(scored.iter().enumerate().map(observation));
    observations.iter().map(|observation| observation.value_milli).collect()
}

fn method(vector: &Value) -> Option<Method> {
    match vector["algorithm"].as_str()? {
        "highest" => Some(Method::Highest),
        "latest" => Some(Method::Latest),
        "average" | "class mean of student scores" => Some(Method::Mean),
        "standard_decaying_average (recursive)" => Some(decaying(vector)),
        _ => None,
    }
}

fn apply(method: &Method, values: Vec<i64>) -> Option<Exact> {
    let mark = |value_milli| Mark { value_milli, kind: "" };
    method.apply(&values.into_iter().map(mark).collect::<Vec<_>>(), 0)
}

fn decaying(vector: &Value) -> Method {
    let percent = vector["params"]["decay_rate_percent"].as_u64().expect("a rate");
    let weight = u32::try_from(percent).ok().and_then(NewestWeight::new).expect("from 1 to 99");
    Method::DecayingAverage(weight)
}

fn check(vector: &Value, result: Option<&Exact>) {
    let (name, expected) = (name(vector), &vector["expected"]);
    if let Some(unrounded) = fixed(&expected["unrounded"]) {
        assert_eq!(result, Some(&Exact::whole(unrounded)), "{name}: exact");
        let displayed = result.map(|exact| exact.rounded_to(10 * HUNDREDTH));
        assert_eq!(displayed, fixed(&expected["displayed"]), "{name}: displayed");
    } else {
        let rounded = result.map(|exact| exact.rounded_to(HUNDREDTH));
        assert_eq!(rounded, fixed(expected), "{name}");
    }
}

#[test]
fn published_numbers_of_the_four_methods() {
    let Some(vectors) = vectors() else {
        return eprintln!("skipped: no shared data");
    };
    let mut checked = [0; 4];
    for vector in &vectors {
        let Some(method) = method(vector) else { continue };
        check(vector, apply(&method, values(&vector["input"])).as_ref());
        checked[match method {
            Method::Highest => 0,
            Method::Latest => 1,
            Method::Mean => 2,
            _ => 3,
        }] += 1;
    }
    assert!(checked.iter().zip([3, 2, 6, 6]).all(|(n, least)| *n >= least), "{checked:?}");
}

/// The weights themselves: what a lone 1 among zeros becomes.
#[test]
fn published_weights_of_the_decaying_average() {
    let Some(vectors) = vectors() else {
        return eprintln!("skipped: no shared data");
    };
    let is_weights = |v: &&Value| v["algorithm"] == "standard_decaying_average weights";
    let vector = vectors.iter().find(is_weights).expect("a vector of weights");
    let expected = vector["expected"].as_array().expect("a list of weights");
    for (place, weight) in expected.iter().enumerate() {
        let lone = (0..expected.len()).map(|i| if i == place { ONE as i64 } else { 0 });
        let result =
            apply(&decaying(vector), lone.collect()).map(|exact| exact.rounded_to(HUNDREDTH));
        assert_eq!(result, fixed(weight), "{}, place {place}", name(vector));
    }
}
