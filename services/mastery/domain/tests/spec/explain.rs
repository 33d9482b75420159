//! The reason for what is held: for a guardian, and for whoever works it out again.

use crate::support::{
    LATER, daily, draft, draft_of, evidence, four_rungs, march, method, number, policy, seen,
    seen_by,
};
use northstar_mastery_domain::{
    AssessorRole, Derivation, LeftOut, Observation, Observations, Parameter, Policy, PolicyDraft,
    Scale, derivation_json, explain, sentence, sentence_without_policy,
};
use serde_json::{Value, json};

fn derived(policy: &Policy, seen: &[Observation]) -> Derivation {
    explain(policy, &four_rungs(), &Observations::new(seen.iter().cloned()), LATER)
}

fn why(policy: &Policy, seen: &[Observation]) -> String {
    sentence(&derived(policy, seen))
}

fn why_daily(draft: PolicyDraft, values: &[i64]) -> String {
    sentence(&explain(&policy(draft), &four_rungs(), &daily(values), LATER))
}

#[test]
fn the_reason_reads_as_a_sentence() {
    assert_eq!(
        why_daily(draft(), &[2, 3, 3, 3, 4]),
        "Decaying average (newest 65 %) of 5 judgements, newest 2026-03-05: 3.635, \
         at or above the threshold 3.00; level 3 of 4."
    );
}

#[test]
fn the_reason_names_what_is_missing_and_what_was_left_out() {
    let strict = policy(PolicyDraft {
        minimum_observations: 2,
        excluded_roles: vec!["self".to_owned(), "peer".to_owned()],
        ..draft()
    });
    let own = seen_by(AssessorRole::Oneself, 2, 4, 4);
    assert_eq!(
        why(&strict, &[seen(1, 1, 2), own.clone()]),
        "Not enough evidence: 1 judgement of 2 needed, newest 2026-03-01. \
         Left out by the policy (peer, self): 1 judgement."
    );
    assert_eq!(
        why(&strict, &[own]),
        "Not enough evidence: 0 judgements of 2 needed. \
         Left out by the policy (peer, self): 1 judgement."
    );
}

#[test]
fn the_reason_names_assessors_and_kinds_that_are_missing() {
    let strict = PolicyDraft { minimum_assessors: 2, minimum_kinds: 3, ..draft() };
    assert_eq!(
        why_daily(strict, &[4, 4]),
        "Not enough evidence: 2 judgements, 1 assessor of 2 needed, 1 kind of 3 needed, \
         newest 2026-03-02."
    );
}

#[test]
fn the_reason_names_what_the_method_still_needs() {
    let twice = PolicyDraft { parameters: number("times", 2), ..draft_of("times_at_mastery") };
    assert_eq!(
        why_daily(twice, &[4, 2]),
        "Not enough evidence: 2 judgements, 2 at mastery needed, newest 2026-03-02."
    );
}

#[test]
fn every_way_of_being_left_out_is_said() {
    let strict = policy(PolicyDraft {
        excluded_roles: vec!["peer".to_owned()],
        validated_only: true,
        expires_after_days: 10,
        ..draft_of("mean")
    });
    let signed = |number, day, value| Observation { validated: true, ..seen(number, day, value) };
    let observations = Observations::new([
        signed(1, 1, 4),
        signed(2, 9, 3),
        seen(3, 10, 2),
        seen_by(AssessorRole::Peer, 4, 10, 1),
        signed(5, 20, 1),
    ]);
    let derivation = explain(&strict, &four_rungs(), &observations, march(12));
    let left_out: Vec<_> =
        derivation.left_out.iter().map(|(seen, why)| (seen.evidence, *why)).collect();
    let mut expected = vec![
        (evidence(1), LeftOut::Expired),
        (evidence(3), LeftOut::NotValidated),
        (evidence(4), LeftOut::RoleExcluded),
        (evidence(5), LeftOut::NotYet),
    ];
    // Two of them were observed at the same instant.
    expected[1..3].sort();
    assert_eq!(left_out, expected);
    assert_eq!(
        sentence(&derivation),
        "Mean of 1 judgement, newest 2026-03-09: 3.00, at or above the threshold 3.00; level 3 of \
         4. Observed only after 2026-03-12: 1 judgement. Left out by the policy (peer): 1 \
         judgement. Not signed off yet: 1 judgement. Expired after 10 days: 1 judgement."
    );
}

#[test]
fn the_reason_without_a_scale_or_a_policy_claims_nothing_more() {
    let observations = Observations::new([seen(1, 1, 2)]);
    let flat = explain(&method("highest"), &Scale::default(), &observations, LATER);
    assert_eq!(
        sentence(&flat),
        "Highest of 1 judgement, newest 2026-03-01: 2.00, below the threshold 3.00."
    );
    assert_eq!(
        sentence_without_policy(1),
        "1 judgement, but no policy is published for the framework yet."
    );
    assert_eq!(why(&method("mean"), &[]), "Nothing was observed.");
}

#[test]
fn exceeding_and_keeping_the_highest_are_said() {
    let kept = PolicyDraft { monotone: true, exceeds_milli: 3_500, ..draft_of("mean") };
    assert_eq!(
        why_daily(kept, &[3, 4, 1, 1]),
        "Mean of 2 judgements, newest 2026-03-02: 3.50, at or above 3.50, which exceeds mastery; \
         level 3 of 4. Kept as the highest so far; later: 2 judgements."
    );
}

#[test]
fn the_newest_is_the_one_observed_last_in_whatever_order_they_are_read() {
    let recorded = policy(PolicyDraft { order: "recorded".to_owned(), ..draft_of("latest") });
    let late = Observation { recorded_at: march(9), ..seen(1, 1, 2) };
    let said = why(&recorded, &[late, seen(2, 5, 4)]);
    assert!(said.starts_with("Latest of 2 judgements, newest 2026-03-05: 2.00, below"), "{said}");
}

/// Each method with parameters, and how its sentence begins for 2, 3, 4 and 3.
#[test]
fn every_method_has_its_words() {
    let count = number("count", 2);
    let m_of_n = [("m", 2), ("n", 3)].map(|(k, v)| (k.to_owned(), Parameter::Number(v))).into();
    let by = [("by".to_owned(), Parameter::Word("in_sample".to_owned()))].into();
    let weight = number("newest_weight_percent", 65);
    let cases = [
        ("highest", Default::default(), "Highest of 4 judgements"),
        ("latest", Default::default(), "Latest of 4 judgements"),
        ("mean", Default::default(), "Mean of 4 judgements"),
        ("median", Default::default(), "Median of 4 judgements"),
        ("mode", Default::default(), "Most frequent of 4 judgements"),
        ("mean_of_top", count.clone(), "Mean of the 2 highest of 4 judgements"),
        ("mean_of_recent", count.clone(), "Mean of the 2 newest of 4 judgements"),
        ("median_of_recent", count.clone(), "Median of the 2 newest of 4 judgements"),
        ("times_at_mastery", number("times", 2), "Mean of those at mastery of 4 judgements"),
        ("m_of_last", m_of_n, "What at least 2 of the last 3 reach in 4 judgements"),
        ("in_a_row", count, "Lowest of the last 2 of 4 judgements"),
        ("weighted_average", weight, "Weighted average (newest 65 %) of 4 judgements"),
        ("linear_trend", Default::default(), "Linear trend of 4 judgements"),
        ("power_law", Default::default(), "Power-law trend of 4 judgements"),
        ("best_fit", by, "Best-fitting trend of 4 judgements"),
    ];
    for (method, parameters, beginning) in cases {
        let said = why_daily(PolicyDraft { parameters, ..draft_of(method) }, &[2, 3, 4, 3]);
        assert!(said.starts_with(&format!("{beginning}, newest 2026-03-04: ")), "{said}");
    }
}

#[test]
fn the_working_leads_to_the_exact_value() {
    let derivation = explain(&policy(draft()), &four_rungs(), &daily(&[2, 4, 3]), LATER);
    let worked = derivation.worked.expect("there is a value");
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
