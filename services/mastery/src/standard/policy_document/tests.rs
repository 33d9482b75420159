use northstar_kernel::{Kind, Refusal as _};
use northstar_mastery_domain::{Method, Parameter, Policy};

use super::*;

const FRAMEWORK: &str = "6b0a2f3e-0000-4000-8000-000000000001";

fn problems(text: &str) -> Vec<String> {
    let refusal = read_policy_document(text).expect_err("not a policy document");
    refusal.problems.into_iter().map(|it| format!("{} {}", it.path, it.what)).collect()
}

fn with(fields: &str) -> String {
    format!(
        r#"{{"framework":"{FRAMEWORK}","method":{{"name":"mean"}},"mastery_milli":3000{fields}}}"#
    )
}

#[test]
fn what_a_document_leaves_out_has_the_defaults_of_a_draft() {
    let draft = read_policy_document(&with("")).expect("a document");
    let framework = FRAMEWORK.parse().expect("a UUID");
    let expected = PolicyDraft {
        method: "mean".to_owned(),
        mastery_milli: 3_000,
        ..PolicyDraft::new(framework)
    };
    assert_eq!(draft, expected);
}

#[test]
fn every_field_can_be_said() {
    let text = format!(
        r#"{{"engine":1,"framework":"{FRAMEWORK}","name":"strict","order":"recorded",
            "method":{{"name":"khan","mixed_kinds":["quiz","exam"],"right_at_milli":800}},
            "round_to_milli":500,"mastery_milli":3000,"exceeds_milli":4000,
            "minimum_observations":2,"minimum_assessors":3,"minimum_kinds":4,
            "excluded_roles":["self","peer"],"validated_only":true,"expires_after_days":365,
            "monotone":true,"banked":true}}"#
    );
    let draft = read_policy_document(&text).expect("a document");
    assert_eq!(draft.parameters["right_at_milli"], Parameter::Number(800));
    let policy = Policy::new(&draft).expect("a valid policy");
    assert_eq!((policy.name(), policy.order().name()), ("strict", "recorded"));
    let minimums =
        (policy.minimum_observations(), policy.minimum_assessors(), policy.minimum_kinds());
    assert_eq!((policy.round_to_milli(), minimums), (500, (2, 3, 4)));
    assert_eq!((policy.exceeds_milli(), policy.expires_after_days()), (Some(4_000), 365));
    assert!(policy.validated_only() && policy.monotone() && policy.banked());
    assert_eq!(policy.excluded_roles().len(), 2);
}

/// Parameters with which each method is valid.
fn parameters(method: &str) -> &'static str {
    match method {
        "mean_of_top" | "mean_of_recent" | "median_of_recent" | "in_a_row" => r#","count":3"#,
        "times_at_mastery" => r#","times":2"#,
        "m_of_last" => r#","m":2,"n":3"#,
        "weighted_average" | "decaying_average" => r#","newest_weight_percent":65"#,
        "best_fit" => r#","by":"in_sample""#,
        "bayesian" => {
            r#","learned_ppb":1,"learn_ppb":1,"forget_ppb":1,"guess_ppb":1,"slip_ppb":1,"right_at_milli":1"#
        }
        "khan" => r#","mixed_kinds":[],"right_at_milli":1"#,
        "points" => r#","per_mark_milli":0,"cap_milli":9000"#,
        _ => "",
    }
}

#[test]
fn the_canonical_form_of_every_method_reads_back_as_the_same_policy() {
    for method in Method::NAMES {
        let text = format!(
            r#"{{"framework":"{FRAMEWORK}","method":{{"name":"{method}"{}}},"mastery_milli":900}}"#,
            parameters(method)
        );
        let policy = Policy::new(&read_policy_document(&text).expect(method)).expect(method);
        let again = read_policy_document(&policy.canonical()).expect("its own form");
        assert_eq!(Policy::new(&again), Ok(policy), "{method}");
    }
}

#[test]
fn every_problem_is_named_with_its_path() {
    let text = r#"{"framework":"north-star","method":{"weight":null,"kinds":["a",1],"share":0.5},
        "minimum_observations":2.0,"mastery_milli":"3","monotone":1,"excluded_roles":"self",
        "round_to_milli":99999999999999999999,"treshold":3,"banked":null}"#;
    let expected = [
        "policy.framework must be a UUID, not \"north-star\"",
        "policy.method.name is missing",
        "policy.method.kinds[1] must be a text, not 1",
        "policy.method.share must be a whole number, a text or a list of texts, not 0.5",
        "policy.method.weight must be a whole number, a text or a list of texts, not null",
        "policy.round_to_milli must be a whole number, not 1e+20",
        "policy.mastery_milli must be a whole number, not \"3\"",
        "policy.minimum_observations must be a whole number, not 2.0",
        "policy.monotone must be true or false, not 1",
        "policy.banked must be true or false, not null",
        "policy.excluded_roles must be a list of texts, not \"self\"",
        "policy.treshold is no field of a policy",
    ];
    assert_eq!(problems(text), expected);
}

#[test]
fn what_must_be_given_is_missed() {
    let expected = [
        "policy.framework is missing",
        "policy.mastery_milli is missing",
        "policy.method is missing",
    ];
    assert_eq!(problems("{}"), expected);
    let named = with("").replace(r#"{"name":"mean"}"#, r#""mean""#);
    let expected = "policy.method must be an object with the method's name, not \"mean\"";
    assert_eq!(problems(&named), [expected]);
}

#[test]
fn what_is_not_json_or_no_object_is_refused() {
    assert!(problems("method: mean")[0].starts_with("policy is not JSON: "));
    assert_eq!(problems("[]"), ["policy must be an object, not a list"]);
    assert!(problems(&"[".repeat(100_000))[0].starts_with("policy is not JSON: "));
}

#[test]
fn a_field_that_is_said_twice_is_refused_wherever_it_stands() {
    let twice = with(r#","mastery_milli":2000"#);
    assert!(problems(&twice)[0].contains(r#"the field "mastery_milli" is said twice"#));
    let inside = with("").replace(r#""mean""#, r#""mean","name":"latest""#);
    assert!(problems(&inside)[0].contains(r#"the field "name" is said twice"#));
}

#[test]
fn a_refusal_names_its_fields_for_programs() {
    let refusal = read_policy_document("{}").expect_err("nothing is given");
    assert_eq!((refusal.reason(), refusal.kind()), ("POLICY_DOCUMENT_INVALID", Kind::Invalid));
    let fields: Vec<_> = refusal.violations().into_iter().map(|it| it.field).collect();
    assert_eq!(fields, ["policy.framework", "policy.mastery_milli", "policy.method"]);
}
