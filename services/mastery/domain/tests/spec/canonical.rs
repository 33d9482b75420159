//! A policy's text and hash.

use std::collections::BTreeSet;

use crate::support::{draft, draft_of, number, policy};
use northstar_kernel::Digest;
use northstar_mastery_domain::{AssessorRole, Parameter, Policy, PolicyDraft};
use proptest::prelude::*;
use serde_json::Value;

#[test]
fn the_canonical_text_is_a_promise() {
    let roles = ["self", "peer", "self"].map(str::to_owned).to_vec();
    let policy = policy(PolicyDraft { excluded_roles: roles, ..draft() });
    let expected = format!(
        concat!(
            r#"{{"banked":false,"engine":1,"exceeds_milli":0,"excluded_roles":["peer","self"],"#,
            r#""expires_after_days":0,"framework":"{}","mastery_milli":3000,"#,
            r#""method":{{"name":"decaying_average","newest_weight_percent":65}},"#,
            r#""minimum_assessors":1,"minimum_kinds":1,"minimum_observations":1,"#,
            r#""monotone":false,"name":"","order":"observed","round_to_milli":1,"#,
            r#""validated_only":false}}"#
        ),
        draft().framework
    );
    assert_eq!(policy.canonical(), expected);
    assert_eq!(policy.hash(), Digest::of(expected.as_bytes()));
}

#[test]
fn the_hash_depends_on_every_part_but_not_on_the_order_of_roles() {
    let two = |a: &str, b: &str| PolicyDraft {
        excluded_roles: vec![a.to_owned(), b.to_owned()],
        ..draft()
    };
    assert_eq!(policy(two("self", "peer")).hash(), policy(two("peer", "self")).hash());
    let others = [
        draft(),
        two("self", "peer"),
        PolicyDraft { parameters: number("newest_weight_percent", 66), ..draft() },
        PolicyDraft { method: "weighted_average".to_owned(), ..draft() },
        draft_of("mean"),
        PolicyDraft { name: "honours".to_owned(), ..draft() },
        PolicyDraft { order: "recorded".to_owned(), ..draft() },
        PolicyDraft { round_to_milli: 10, ..draft() },
        PolicyDraft { mastery_milli: 3_001, ..draft() },
        PolicyDraft { exceeds_milli: 4_000, ..draft() },
        PolicyDraft { minimum_observations: 2, ..draft() },
        PolicyDraft { minimum_assessors: 2, ..draft() },
        PolicyDraft { minimum_kinds: 2, ..draft() },
        PolicyDraft { validated_only: true, ..draft() },
        PolicyDraft { expires_after_days: 365, ..draft() },
        PolicyDraft { monotone: true, ..draft() },
        PolicyDraft { banked: true, ..draft() },
    ];
    let count = others.len();
    let hashes: BTreeSet<_> = others.into_iter().map(|draft| policy(draft).hash()).collect();
    assert_eq!(hashes.len(), count);
}

/// Valid drafts of some methods, one of each shape of parameter.
fn drafts() -> impl Strategy<Value = PolicyDraft> {
    let kinds = prop::collection::vec("[^\\x00]{1,12}", 0..4);
    let method = prop_oneof![
        Just(draft_of("mean")),
        (1_i64..=99).prop_map(|w| PolicyDraft {
            parameters: number("newest_weight_percent", w),
            ..draft_of("weighted_average")
        }),
        Just(PolicyDraft {
            parameters: [("by".to_owned(), Parameter::Word("one_step_ahead".to_owned()))].into(),
            ..draft_of("best_fit")
        }),
        kinds.prop_map(|kinds| {
            let mut parameters = number("right_at_milli", 3_000);
            parameters.insert("mixed_kinds".to_owned(), Parameter::Names(kinds));
            PolicyDraft { parameters, ..draft_of("khan") }
        }),
    ];
    let roles = prop::sample::subsequence(AssessorRole::NAMED.to_vec(), 0..6).prop_shuffle();
    let numbers = (1_i64..=100, 1_i64..=100, 1_i64..=100, 0_i64..=36_500, 1_i64..4_000);
    let flags = any::<[bool; 5]>();
    (method, "[a-z0-9-]{0,40}", roles, numbers, flags).prop_map(
        |(method, name, roles, (observations, assessors, kinds, days, mastery), flags)| {
            let [validated_only, monotone, banked, exceeds, recorded] = flags;
            PolicyDraft {
                name,
                order: if recorded { "recorded" } else { "observed" }.to_owned(),
                mastery_milli: mastery,
                exceeds_milli: if exceeds { mastery + 1 } else { 0 },
                minimum_observations: observations,
                minimum_assessors: assessors,
                minimum_kinds: kinds,
                excluded_roles: roles.iter().map(|role| role.name().to_owned()).collect(),
                validated_only,
                expires_after_days: days,
                monotone,
                banked,
                ..method
            }
        },
    )
}

proptest! {
    #[test]
    fn the_canonical_text_is_what_others_write(draft in drafts()) {
        let policy = policy(draft);
        let canonical = policy.canonical();
        let read: Value = serde_json::from_str(&canonical).expect("the canonical text is JSON");
        // This library keeps an object's keys sorted.
        prop_assert_eq!(read.to_string(), canonical);
    }

    #[test]
    fn a_policy_written_down_again_is_the_same(draft in drafts()) {
        let policy = policy(draft);
        let again = Policy::new(&PolicyDraft::from(&policy)).expect("it was valid");
        prop_assert_eq!(again.hash(), policy.hash());
        prop_assert_eq!(again, policy);
    }
}
