//! Random learners, the same in every run.

use northstar_kernel::{EvidenceId, TenantId, Timestamp};
use northstar_mastery_domain::{
    AssessorRole, Derivation, Method, Observation, Observations, Scale, explain,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::policies::{KINDS, policy};

const DAY: i64 = 86_400_000_000;

/// So many derivations, the methods taking turns.
pub(crate) fn derivations(count: usize) -> Vec<Derivation> {
    let mut runner = TestRunner::deterministic();
    let methods = Method::NAMES.into_iter().cycle().take(count);
    methods.map(|method| one(method, &mut runner)).collect()
}

fn one(method: &'static str, runner: &mut TestRunner) -> Derivation {
    let learner = (policy(method), scale(), observations(), at());
    let learner = learner.new_tree(runner).expect("nothing is filtered out").current();
    let (policy, scale, observations, at) = learner;
    explain(&policy, &scale, &observations, at)
}

fn scale() -> impl Strategy<Value = Scale> {
    let rubric = Just(vec![1_000, 2_000, 3_000, 4_000]);
    prop_oneof![rubric, vec(-9_000_i64..9_000, 0..6)].prop_map(Scale::new)
}

fn at() -> impl Strategy<Value = Timestamp> {
    let days = prop_oneof![-1_i64..30, 0_i64..600].prop_map(|days| days * DAY);
    prop_oneof![4 => days, 1 => Just(i64::MAX)].prop_map(Timestamp::from_micros)
}

/// Values of one sort, on a few days or on many.
fn observations() -> impl Strategy<Value = Observations> {
    let rubric = select(&[0_i64, 1_000, 2_000, 2_500, 3_000, 4_000][..]);
    let above_zero = select(&[1_000_i64, 2_000, 2_500, 3_000, 4_000][..]);
    let shares = select(&[0_i64, 333, 500, 699, 700, 950, 999, 1_000][..]);
    let extremes = select(&[i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX - 1, i64::MAX][..]);
    let sorts = prop_oneof![
        4 => Just(rubric.boxed()),
        4 => Just(above_zero.boxed()),
        3 => Just(shares.boxed()),
        2 => Just((-9_000_i64..9_000).boxed()),
        2 => Just((1_i64..9_000).boxed()),
        1 => Just((1_i64..1_000_000_000_000).boxed()),
        1 => Just(extremes.boxed()),
    ];
    let lengths = prop_oneof![8 => 0_usize..10, 2 => 10_usize..40, 1 => 70_usize..90];
    (sorts, lengths, select(&[3_i64, 40, 600][..]))
        .prop_flat_map(|(values, length, days)| vec(observation(values, days), length))
        .prop_map(|all| {
            Observations::new((0_u32..).zip(all).map(|(number, seen)| Observation {
                evidence: EvidenceId::derive(TenantId::COMMONS, &number.to_string()),
                ..seen
            }))
        })
}

/// Its evidence is put in later.
fn observation(values: BoxedStrategy<i64>, days: i64) -> impl Strategy<Value = Observation> {
    let time = move || {
        let within = (0..days).prop_map(|day| day * DAY);
        let micros = prop_oneof![60 => within, 1 => Just(i64::MIN), 1 => Just(i64::MAX)];
        micros.prop_map(Timestamp::from_micros)
    };
    let role = select([&AssessorRole::NAMED[..], &[AssessorRole::Other]].concat());
    let assessor = select(&["", "t1", "t2", "Zoë \\ \u{7f}\t"][..]);
    let values = (values, role, assessor, select(&KINDS[..]), prop::bool::weighted(0.3));
    (time(), time(), values).prop_map(
        |(observed_at, recorded_at, (value_milli, role, assessor, kind, validated))| Observation {
            observed_at,
            recorded_at,
            evidence: EvidenceId::derive(TenantId::COMMONS, ""),
            value_milli,
            role,
            assessor: assessor.into(),
            kind: kind.into(),
            validated,
        },
    )
}
