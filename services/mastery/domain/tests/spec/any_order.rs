//! Whatever order evidence arrives in, the state is the same; and the numbers are exact.

use crate::lives::{fold, lives_and_arrivals, oracle};
use northstar_mastery_domain::{Exact, Mark, Method, NewestWeight};
use num_bigint::BigInt;
use proptest::prelude::*;

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
