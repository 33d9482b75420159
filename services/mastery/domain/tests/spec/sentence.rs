//! The reason for what is held, as a guardian reads it.

use std::collections::BTreeMap;

use crate::support::{
    LATER, daily, draft, draft_of, evidence, four_rungs, march, method, number, policy, seen,
    seen_by,
};
use northstar_mastery_domain::{
    AssessorRole, LeftOut, Method, Observation, Observations, Parameter, Policy, PolicyDraft,
    Scale, explain, sentence, sentence_without_policy,
};

fn why(policy: &Policy, seen: &[Observation]) -> String {
    let observations = Observations::new(seen.iter().cloned());
    sentence(&explain(policy, &four_rungs(), &observations, LATER))
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

/// Each method, its parameters, and how its sentence begins for four judgements.
type Words = (&'static str, &'static [(&'static str, i64)], &'static str);

const WORDS: [Words; 17] = [
    ("highest", &[], "Highest of 4 judgements"),
    ("latest", &[], "Latest of 4 judgements"),
    ("mean", &[], "Mean of 4 judgements"),
    ("median", &[], "Median of 4 judgements"),
    ("mode", &[], "Most frequent of 4 judgements"),
    ("mean_of_top", &[("count", 2)], "Mean of the 2 highest of 4 judgements"),
    ("mean_of_recent", &[("count", 2)], "Mean of the 2 newest of 4 judgements"),
    ("median_of_recent", &[("count", 2)], "Median of the 2 newest of 4 judgements"),
    ("times_at_mastery", &[("times", 2)], "Mean of those at mastery of 4 judgements"),
    ("m_of_last", &[("m", 2), ("n", 3)], "What at least 2 of the last 3 reach in 4 judgements"),
    ("in_a_row", &[("count", 2)], "Lowest of the last 2 of 4 judgements"),
    (
        "weighted_average",
        &[("newest_weight_percent", 65)],
        "Weighted average (newest 65 %) of 4 judgements",
    ),
    (
        "decaying_average",
        &[("newest_weight_percent", 65)],
        "Decaying average (newest 65 %) of 4 judgements",
    ),
    ("linear_trend", &[], "Linear trend of 4 judgements"),
    ("power_law", &[], "Power-law trend of 4 judgements"),
    (
        "bayesian",
        &[
            ("learned_ppb", 300_000_000),
            ("learn_ppb", 100_000_000),
            ("forget_ppb", 0),
            ("guess_ppb", 200_000_000),
            ("slip_ppb", 100_000_000),
            ("right_at_milli", 3_000),
        ],
        "Probability of having learned it after 4 judgements",
    ),
    ("points", &[("per_mark_milli", 0), ("cap_milli", 9_000)], "Points of 4 judgements"),
];

fn begins(method: &str, parameters: BTreeMap<String, Parameter>, beginning: &str) {
    let draft = PolicyDraft { parameters, mastery_milli: 900, ..draft_of(method) };
    let said = why_daily(draft, &[2, 3, 4, 3]);
    assert!(said.starts_with(&format!("{beginning}, newest 2026-03-04: ")), "{said}");
}

#[test]
fn every_method_has_its_words() {
    for (method, numbers, beginning) in WORDS {
        let number = |(name, value): &(&str, i64)| (name.to_string(), Parameter::Number(*value));
        begins(method, numbers.iter().map(number).collect(), beginning);
    }
    let by = Parameter::Word("in_sample".to_owned());
    begins("best_fit", [("by".to_owned(), by)].into(), "Best-fitting trend of 4 judgements");
    let mut khan = number("right_at_milli", 3_000);
    khan.insert("mixed_kinds".to_owned(), Parameter::Names(Vec::new()));
    begins("khan", khan, "Level moved step by step by 4 judgements");
    assert_eq!(WORDS.len() + 2, Method::NAMES.len());
}
