//! Stored shapes are promises: an example of every event type and version, as bytes that never
//! change, and what today's code must read from them.
//!
//! A new version is a new file and a new test; these files are never written again.

use northstar_wire::mastery::v1 as wire;
use prost::Message;

const POLICY_PUBLISHED_1: &str = include_str!("../frozen/policy_published.1.hex");
const MASTERY_CHANGED_1: &str = include_str!("../frozen/mastery_changed.1.hex");

const FRAMEWORK: &str = "6b0a2f3e-0000-4000-8000-000000000001";
const HASH: &str = "4f1c1f2dbb6f0f4b0d7bb5d7c1a0a2b38d2f9f6c5b4a39281706f5e4d3c2b1a0";

fn bytes(hex: &str) -> Vec<u8> {
    let digits: String = hex.split_whitespace().collect();
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal");
    (0..digits.len()).step_by(2).map(byte).collect()
}

fn check<M: Message + Default + PartialEq + std::fmt::Debug>(frozen: &str, expected: &M) {
    let frozen = bytes(frozen);
    let hex: String = expected.encode_to_vec().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(M::decode(&frozen[..]).as_ref(), Ok(expected), "today's bytes: {hex}");
    assert_eq!(expected.encode_to_vec(), frozen, "the shape is written as it was");
}

#[test]
fn policy_published_version_1() {
    let expected = wire::PolicyPublished {
        policy: Some(wire::Policy {
            framework_id: FRAMEWORK.to_owned(),
            method: wire::Method::DecayingAverage.into(),
            newest_weight_percent: 65,
            threshold_milli: 3_000,
            minimum_observations: 2,
            excluded_roles: vec!["peer".to_owned(), "self".to_owned()],
        }),
        policy_hash: HASH.to_owned(),
    };
    check(POLICY_PUBLISHED_1, &expected);
}

#[test]
fn mastery_changed_version_1() {
    let id = |last: u8| format!("6b0a2f3e-0000-4000-8000-0000000000{last:02x}");
    let held = |standing: wire::Standing, value_milli, level| {
        Some(wire::Mastery { standing: standing.into(), value_milli, level })
    };
    let expected = wire::MasteryChanged {
        learner_id: id(2),
        competency_id: id(3),
        framework_id: FRAMEWORK.to_owned(),
        before: held(wire::Standing::AtMastery, 3_214, 3),
        after: held(wire::Standing::BelowMastery, -1, 0),
        policy_hash: HASH.to_owned(),
        evidence_ids: vec![id(4), id(5)],
        cause_evidence_id: id(5),
    };
    check(MASTERY_CHANGED_1, &expected);
}
