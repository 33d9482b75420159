//! The checker is no yes-man: whoever changes a derivation is found out.

use northstar_mastery_domain::{Standing, derivation_json};
use serde_json::{Value, json};

use crate::learners::derivations;
use crate::program::check;

/// Changes each derivation; the checker must find every one of them, and name the field.
fn is_found(field: &str, tamper: fn(&mut Value)) {
    let with_value = derivations(190)
        .into_iter()
        .filter(|found| found.held.standing >= Standing::BelowMastery && found.used.len() > 1);
    let documents: Vec<String> = with_value
        .map(|found| {
            let text = derivation_json(&found);
            let mut document: Value = serde_json::from_str(&text).expect("JSON");
            tamper(&mut document);
            assert_ne!(document.to_string(), text, "the derivation was changed");
            document.to_string()
        })
        .collect();
    assert!(documents.len() > 50, "{}", documents.len());
    let count = documents.len();
    let said = check(documents);
    assert!(!said.agrees, "{}", said.words);
    for number in 1..=count {
        let found = format!("derivation {number}: {field} is ");
        assert!(said.words.contains(&found), "no {found:?} in {}", said.words);
    }
}

fn number(value: &Value) -> i64 {
    value.as_i64().expect("a number")
}

#[test]
fn another_value() {
    is_found("value_milli", |document| {
        let value = number(&document["value_milli"]);
        document["value_milli"] = json!(if value > 0 { value - 1 } else { value + 1 });
    });
}

#[test]
fn another_exact_value() {
    is_found("exact", |document| document["exact"] = json!("1234567/89"));
}

#[test]
fn another_level() {
    is_found("level", |document| document["level"] = json!(number(&document["level"]) + 1));
}

#[test]
fn another_standing() {
    is_found("standing", |document| {
        let mastered = document["standing"] != "below_mastery";
        document["standing"] = json!(if mastered { "below_mastery" } else { "at_mastery" });
    });
}

#[test]
fn a_sign_off_that_nobody_gave() {
    is_found("provisional", |document| {
        let provisional = document["provisional"] == true;
        document["provisional"] = json!(!provisional);
    });
}

#[test]
fn another_hash() {
    is_found("policy_hash", |document| {
        let hash = document["policy_hash"].as_str().expect("a hash").to_owned();
        let first = if hash.starts_with('0') { "1" } else { "0" };
        document["policy_hash"] = json!(first.to_owned() + &hash[1..]);
    });
}

#[test]
fn another_threshold() {
    is_found("policy_hash", |document| {
        let mastery = number(&document["policy"]["mastery_milli"]);
        document["policy"]["mastery_milli"] = json!(mastery + 1);
    });
}

#[test]
fn an_observation_taken_away() {
    is_found("minimums", |document| {
        document["used"].as_array_mut().expect("a list").remove(0);
    });
}

#[test]
fn an_observation_that_counts_left_out() {
    is_found("left_out", |document| {
        let mut seen = document["used"].as_array_mut().expect("a list").remove(0);
        seen["why"] = json!("expired");
        document["left_out"].as_array_mut().expect("a list").insert(0, seen);
    });
}

#[test]
fn another_order() {
    is_found("used", |document| document["used"].as_array_mut().expect("a list").reverse());
}

#[test]
fn fewer_observations_than_the_value_is_worked_out_from() {
    is_found("of_first", |document| {
        document["of_first"] = json!(number(&document["of_first"]) - 1)
    });
}
