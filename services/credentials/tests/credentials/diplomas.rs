//! Diploma endorsements and accountability indicators as states write them, as criteria.

use std::collections::BTreeMap;
use std::fs;

use northstar_credentials_domain::criteria::{Criteria, Holdings, Missing, Outcome, Rule};
use serde_json::Value;

/// The rules among the shared data that have conditions, by id; empty, said plainly, without it.
fn rules() -> BTreeMap<String, Rule> {
    let Some(shared) = northstar_testkit::shared_data() else { return BTreeMap::new() };
    let file = shared.join("data/frameworks/endorsement_and_accountability_rules.json");
    let text = fs::read_to_string(file).expect("the rules are among the shared data");
    let file: Value = serde_json::from_str(&text).expect("they are JSON");
    ["diploma_endorsements", "accountability_indicators"]
        .iter()
        .flat_map(|list| file[list].as_array().expect("a list"))
        .filter_map(|rule| {
            let id = rule["id"].as_str().expect("an id").to_owned();
            Some((id, Rule::define(criteria(rule)?).expect("sound")))
        })
        .collect()
}

fn criteria(rule: &Value) -> Option<Criteria> {
    let parts = |value: &Value| value.as_array().map(|all| all.iter().map(condition).collect());
    parts(&rule["all_of"]).map(Criteria::All).or_else(|| parts(&rule["any_of"]).map(Criteria::Any))
}

fn condition(value: &Value) -> Criteria {
    if let Some(name) = value.as_str() {
        return Criteria::Fact { name: name.into(), at_least: 1 };
    }
    let object = value.as_object().expect("a name or a condition");
    if let Some(of) = value["of"].as_array() {
        let k = u32::try_from(value["count_min"].as_u64().expect("a count")).expect("small");
        return Criteria::AtLeast { k, of: of.iter().map(condition).collect() };
    }
    let (name, wanted) = object.iter().next().expect("one member");
    let at_least = match wanted {
        Value::Bool(true) => 1,
        number => u32::try_from(number.as_u64().expect("a number")).expect("small"),
    };
    Criteria::Fact { name: name.trim_end_matches("_min").into(), at_least }
}

fn stated(facts: &[(&str, u32)]) -> Holdings {
    let facts = facts.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect();
    Holdings { facts, ..Holdings::default() }
}

#[test]
fn indianas_honors_ask_for_two_of_five_beside_the_rest() {
    let rules = rules();
    let Some(honors) = rules.get("IN-core40-technical-honors") else { return };
    let mut facts = vec![
        ("core40_academic", 1),
        ("career_technical_credits", 8),
        ("dual_credit_technical", 1),
        ("work_based_learning_experience", 1),
    ];
    assert_eq!(honors.evaluate(&stated(&facts)), Outcome::Met);
    facts.pop();
    let Outcome::Missing(Missing::All(missing)) = honors.evaluate(&stated(&facts)) else {
        panic!("one of two is there");
    };
    let [Missing::Some { more: 1, of }] = &missing[..] else { panic!("{missing:?}") };
    assert_eq!(of.len(), 4, "any of the other four will do");
    facts[1].1 = 7;
    let Outcome::Missing(Missing::All(missing)) = honors.evaluate(&stated(&facts)) else {
        panic!("a credit is missing too");
    };
    assert_eq!(missing.len(), 2);
}

#[test]
fn every_rule_is_met_by_what_it_asks_for_and_not_by_nothing() {
    let cases = [
        ("VA-standard-diploma", vec![("board_approved_cte_credentials", 1)]),
        (
            "VA-advanced-studies-reported",
            vec![("college_preparatory_course_of_study", 1), ("industry_credentials", 2)],
        ),
        ("RI-proficiency", vec![("senior_project", 1)]),
        ("KY-academic", vec![("asvab_benchmark", 1)]),
        ("KY-technical", vec![("industry_credential", 1)]),
        ("GA-bonus", vec![("capstone_project", 1)]),
    ];
    let rules = rules();
    for (id, facts) in cases.iter().filter(|_| !rules.is_empty()) {
        assert_eq!(rules[*id].evaluate(&stated(facts)), Outcome::Met, "{id}");
        assert!(matches!(rules[*id].evaluate(&stated(&[])), Outcome::Missing(_)), "{id}");
    }
    assert!(rules.is_empty() || rules.len() == cases.len() + 1);
}
