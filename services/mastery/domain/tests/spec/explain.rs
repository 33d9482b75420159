//! What is held, derived so that it can be worked out again.

use crate::support::{
    LATER, daily, draft, draft_of, evidence, four_rungs, march, method, policy, seen, seen_by,
};
use northstar_mastery_domain::{
    AssessorRole, Derivation, Observation, Observations, Policy, PolicyDraft, derivation_json,
    explain,
};
use serde_json::{Value, json};

fn derived(policy: &Policy, seen: &[Observation]) -> Derivation {
    explain(policy, &four_rungs(), &Observations::new(seen.iter().cloned()), LATER)
}

#[test]
fn the_working_leads_to_the_exact_value() {
    let derivation = explain(&policy(draft()), &four_rungs(), &daily(&[2, 4, 3]), LATER);
    let worked = derivation.worked().expect("there is a value");
    let steps: Vec<_> =
        worked.steps.iter().map(|step| (step.name.as_str(), step.value.as_str())).collect();
    assert_eq!(steps, [("A1", "2000"), ("A2", "3300"), ("A3", "3105")]);
    assert_eq!((worked.value.to_string(), derivation.of_first), ("3105".to_owned(), 3));
}

#[test]
fn the_machine_form_is_a_promise() {
    let strict = policy(PolicyDraft {
        excluded_roles: vec!["self".to_owned()],
        exceeds_milli: 4_000,
        ..draft_of("mean")
    });
    let first = Observation { recorded_at: march(8), validated: true, ..seen(1, 1, 3) };
    let own = seen_by(AssessorRole::Oneself, 2, 2, 1);
    let observations = Observations::new([first, own, seen(3, 3, 4), seen(4, 4, 3)]);
    let text = derivation_json(&explain(&strict, &four_rungs(), &observations, march(5)));
    let document: Value = serde_json::from_str(&strict.canonical()).expect("JSON");
    let judgement = |number: u32, day: i64, value: i64, recorded: i64, validated: bool| {
        json!({
            "assessor": "t1", "evidence": evidence(number).to_string(), "kind": "classroom",
            "observed_at_micros": march(day).micros(), "validated": validated,
            "recorded_at_micros": march(recorded).micros(), "role": "teacher",
            "value_milli": value,
        })
    };
    let mut left_out = judgement(2, 2, 1_000, 2, false);
    left_out["role"] = "self".into();
    left_out["why"] = "role_excluded".into();
    let expected = json!({
        "at_micros": march(5).micros(),
        "exact": "10000/3",
        "left_out": [left_out],
        "level": 3,
        "minimums": [
            {"had": 3, "needed": 1, "what": "observation"},
            {"had": 1, "needed": 1, "what": "assessor"},
            {"had": 1, "needed": 1, "what": "kind"},
        ],
        "of_first": 3,
        "policy": document,
        "policy_hash": strict.hash().to_string(),
        "provisional": false,
        "scale": [1_000, 2_000, 3_000, 4_000],
        "standing": "at_mastery",
        "steps": [{"name": "sum", "value": "10000"}, {"name": "count", "value": "3"}],
        "used": [
            judgement(1, 1, 3_000, 8, true),
            judgement(3, 3, 4_000, 3, false),
            judgement(4, 4, 3_000, 4, false),
        ],
        "value_milli": 3_333,
    });
    assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), expected);
    assert_eq!(expected.to_string(), text, "sorted and not spaced");
}

#[test]
fn the_machine_form_of_nothing_has_every_field_too() {
    let full = derivation_json(&derived(&method("mean"), &[seen(1, 1, 3)]));
    let empty = derivation_json(&derived(&method("mean"), &[]));
    let [full, empty] = [full, empty].map(|text| serde_json::from_str::<Value>(&text));
    let (full, empty) = (full.expect("JSON"), empty.expect("JSON"));
    let keys = |value: &Value| value.as_object().map(|o| o.keys().cloned().collect::<Vec<_>>());
    assert_eq!(keys(&full), keys(&empty));
    assert_eq!((&empty["exact"], &empty["standing"]), (&json!(""), &json!("not_observed")));
    assert_eq!((&empty["of_first"], &empty["used"]), (&json!(0), &json!([])));
}
