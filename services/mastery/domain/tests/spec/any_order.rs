//! Whatever order evidence arrives in, the state is the same; and the numbers are exact.

use std::collections::BTreeMap;

use crate::support::{draft, evidence, policy};
use northstar_kernel::{EvidenceId, Timestamp};
use northstar_mastery_domain::{
    AssessorRole, Exact, Mark, Method, NewestWeight, Observation, Observations, Scale, evaluate,
};
use num_bigint::BigInt;
use proptest::prelude::*;

/// What happens to one piece of evidence, in the order it happens.
#[derive(Debug, Clone)]
enum Step {
    Record(Observation),
    Correct(Observation),
    Retract(EvidenceId),
}

impl Step {
    fn apply(&self, observations: &mut Observations) {
        match self {
            Self::Record(observation) => observations.record(*observation),
            Self::Correct(observation) => observations.correct(*observation),
            Self::Retract(evidence) => _ = observations.retract(*evidence),
        }
    }
}

/// Few instants, so that ties are common.
fn observation(number: u32) -> impl Strategy<Value = Observation> {
    let role = prop::sample::select(AssessorRole::NAMED.as_slice());
    (0_i64..5, -9_000_i64..9_000, role).prop_map(move |(instant, value_milli, role)| Observation {
        observed_at: Timestamp::from_micros(instant),
        evidence: evidence(number),
        value_milli,
        role,
    })
}

fn life(number: u32) -> impl Strategy<Value = Vec<Step>> {
    let corrections = prop::collection::vec(observation(number), 0..3);
    (observation(number), corrections, any::<bool>()).prop_map(move |(first, later, retracted)| {
        let mut steps = vec![Step::Record(first)];
        steps.extend(later.into_iter().map(Step::Correct));
        steps.extend(retracted.then_some(Step::Retract(evidence(number))));
        steps
    })
}

/// Several lives, and in which order their steps arrive: each keeps its own order.
fn lives_and_arrivals() -> impl Strategy<Value = (Vec<Vec<Step>>, Vec<usize>)> {
    prop::collection::vec(any::<()>(), 1..12)
        .prop_flat_map(|lives| (0..lives.len() as u32).map(life).collect::<Vec<_>>())
        .prop_flat_map(|lives| {
            let whose: Vec<usize> = lives
                .iter()
                .enumerate()
                .flat_map(|(life, steps)| std::iter::repeat_n(life, steps.len()))
                .collect();
            (Just(lives), Just(whose).prop_shuffle())
        })
}

/// The same, thought out anew: keep the last word on each piece, then sort.
fn oracle(lives: &[Vec<Step>]) -> Vec<Observation> {
    let mut standing = BTreeMap::new();
    for life in lives {
        if let Some(Step::Record(last) | Step::Correct(last)) = life.last() {
            standing.insert((last.observed_at, last.evidence), *last);
        }
    }
    standing.into_values().collect()
}

fn fold(lives: &[Vec<Step>], arrivals: &[usize]) -> Observations {
    let mut next = vec![0; lives.len()];
    let mut observations = Observations::default();
    for life in arrivals {
        lives[*life][next[*life]].apply(&mut observations);
        next[*life] += 1;
    }
    observations
}

fn apply(method: &Method, values: &[i64]) -> Option<Exact> {
    let marks: Vec<_> = values.iter().map(|value| Mark { value_milli: *value, kind: "" }).collect();
    method.apply(&marks, 3_000)
}

/// The definition as a sum of weights, in whole numbers of any length.
fn decaying_milli(values: &[i64], percent: u8) -> BigInt {
    let (old, new) = (BigInt::from(100 - percent), BigInt::from(percent));
    let steps = values.len() as u32 - 1;
    let mut sum = BigInt::ZERO;
    for (i, value) in values.iter().enumerate() {
        let age = steps - i as u32;
        let weight = if i == 0 { old.pow(steps) } else { &new * old.pow(age) };
        sum += weight * value * BigInt::from(100).pow(if i == 0 { 0 } else { steps - age - 1 });
    }
    // Away from zero: floor(|x| + 1/2), with the sign put back.
    let (base, negative) = (BigInt::from(100).pow(steps), sum < BigInt::ZERO);
    let magnitude = if negative { -sum } else { sum };
    let rounded: BigInt = (magnitude * 2 + &base) / (base * 2);
    if negative { -rounded } else { rounded }
}

proptest! {
    #[test]
    fn arrival_order_is_forgotten((lives, arrivals) in lives_and_arrivals()) {
        let observations = fold(&lives, &arrivals);
        prop_assert!(observations.iter().eq(oracle(&lives).iter()));
        let in_order: Vec<usize> = {
            let mut sorted = arrivals.clone();
            sorted.sort_unstable();
            sorted
        };
        let scale = Scale::new([1_000, 2_000, 3_000]);
        let held = |seen: &Observations| evaluate(&policy(draft()), &scale, seen);
        prop_assert_eq!(held(&observations), held(&fold(&lives, &in_order)));
    }

    #[test]
    fn decaying_averages_are_exact_at_any_length(
        values in prop::collection::vec(-10_000_i64..10_000, 1..80),
        percent in 1_u8..100,
    ) {
        let weight = NewestWeight::new(percent.into()).expect("from 1 to 99");
        let exact = apply(&Method::DecayingAverage(weight), &values);
        let milli = exact.map(|exact| BigInt::from(exact.milli()));
        prop_assert_eq!(milli, Some(decaying_milli(&values, percent)));
    }

    #[test]
    fn every_method_stays_between_the_smallest_and_the_largest(
        values in prop::collection::vec(any::<i64>(), 1..40),
        percent in 1_u32..100,
    ) {
        let weight = NewestWeight::new(percent).expect("from 1 to 99");
        let range = values.iter().min()..=values.iter().max();
        let decaying = Method::DecayingAverage(weight);
        for method in [Method::Highest, Method::Latest, Method::Mean, decaying] {
            let milli = apply(&method, &values).map(|exact| exact.milli());
            prop_assert!(range.contains(&milli.as_ref()), "{method:?}: {milli:?}");
        }
    }
}
