//! Any policy there can be.

use std::collections::BTreeMap;

use northstar_kernel::{FrameworkId, TenantId};
use northstar_mastery_domain::{
    AssessorRole, Order, Parameter, Policy, PolicyDraft, ROUNDINGS_MILLI,
};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

type Parameters = BTreeMap<String, Parameter>;

/// Kinds of evidence; the first two are those that a rule may call mixed.
pub(crate) const KINDS: [&str; 4] = ["mixed", "größer \"3\"\n", "", "exercise"];

/// Any policy with the method of that name.
pub(crate) fn policy(method: &'static str) -> impl Strategy<Value = Policy> {
    let minimums = [1_i64..3, 1_i64..3, 1_i64..3];
    let few_roles = subsequence(AssessorRole::NAMED.to_vec(), 0..3);
    let expiry = prop_oneof![Just(0_i64), 1_i64..200, Just(36_500)];
    let settings = (select(&Order::ALL[..]), select(&ROUNDINGS_MILLI[..]), minimums, expiry);
    (parameters(method), settings, few_roles, any::<[bool; 4]>(), any::<[u32; 2]>()).prop_map(
        move |(parameters, settings, roles, [strict, monotone, exceeds, named], places)| {
            let (order, round_to_milli, [observations, assessors, kinds], expiry) = settings;
            let top = top(method, &parameters);
            let mastery_milli = within(1, top, places[0]);
            let draft = PolicyDraft {
                name: if named { "pilot-2" } else { "" }.to_owned(),
                method: method.to_owned(),
                parameters,
                order: order.name().to_owned(),
                round_to_milli,
                mastery_milli,
                exceeds_milli: match exceeds && mastery_milli < top {
                    true => within(mastery_milli + 1, top, places[1]),
                    false => 0,
                },
                minimum_observations: observations,
                minimum_assessors: assessors,
                minimum_kinds: kinds,
                excluded_roles: roles.iter().map(|role| role.name().to_owned()).collect(),
                // Rarely, since most evidence is not signed off.
                validated_only: strict && named,
                expires_after_days: expiry,
                monotone,
                ..PolicyDraft::new(FrameworkId::derive(TenantId::COMMONS, "checked"))
            };
            Policy::new(&draft).expect("the draft is within all bounds")
        },
    )
}

fn within(least: i64, most: i64, place: u32) -> i64 {
    least + i64::from(place) % (most - least + 1)
}

/// The highest threshold worth asking for.
fn top(method: &str, parameters: &Parameters) -> i64 {
    match (method, parameters.get("cap_milli")) {
        ("bayesian", _) => 1_000,
        (_, Some(Parameter::Number(cap))) => *cap,
        _ => 4_000,
    }
}

fn parameters(method: &'static str) -> BoxedStrategy<Parameters> {
    let weight = prop_oneof![Just(1_i64), Just(65), Just(99), 1_i64..=99];
    let probability = || prop_oneof![0_i64..=1_000_000_000, select(&[0, 1, 1_000_000_000][..])];
    let below_half = || prop_oneof![0_i64..500_000_000, select(&[0, 1, 499_999_999][..])];
    let right_at = select(&[1_i64, 500, 1_000, 3_000][..]);
    match method {
        "mean_of_top" | "mean_of_recent" | "median_of_recent" => {
            numbers(["count"], (1_i64..8).prop_map(|all| [all]))
        }
        "in_a_row" => numbers(["count"], (1_i64..4).prop_map(|all| [all])),
        "times_at_mastery" => numbers(["times"], (1_i64..4).prop_map(|all| [all])),
        "m_of_last" => {
            numbers(["m", "n"], (1_i64..5, 0_i64..5).prop_map(|(m, more)| [m, m + more]))
        }
        "weighted_average" | "decaying_average" => {
            numbers(["newest_weight_percent"], weight.prop_map(|percent| [percent]))
        }
        "best_fit" => select(&["in_sample", "one_step_ahead"][..])
            .prop_map(|by| Parameters::from([("by".to_owned(), Parameter::Word(by.to_owned()))]))
            .boxed(),
        "bayesian" => {
            let names = [
                "learned_ppb",
                "learn_ppb",
                "forget_ppb",
                "guess_ppb",
                "slip_ppb",
                "right_at_milli",
            ];
            let chances = [probability(), probability(), probability()];
            let all = (chances, [below_half(), below_half()], right_at);
            numbers(
                names,
                all.prop_map(|([a, b, c], [guess, slip], right_at)| {
                    [a, b, c, guess, slip, right_at]
                }),
            )
        }
        "khan" => (subsequence(KINDS[..2].to_vec(), 0..=2), right_at).prop_map(khan).boxed(),
        "points" => {
            let per_mark = prop_oneof![Just(0_i64), 1_i64..2_000];
            let cap = prop_oneof![1_i64..9_000, Just(1_000_000_000)];
            numbers(["per_mark_milli", "cap_milli"], [per_mark.boxed(), cap.boxed()])
        }
        _ => Just(Parameters::new()).boxed(),
    }
}

fn numbers<const N: usize>(
    names: [&'static str; N],
    values: impl Strategy<Value = [i64; N]> + 'static,
) -> BoxedStrategy<Parameters> {
    let named = move |values: [i64; N]| {
        let pairs = names.into_iter().zip(values);
        pairs.map(|(name, value)| (name.to_owned(), Parameter::Number(value))).collect()
    };
    values.prop_map(named).boxed()
}

fn khan((mixed, right_at): (Vec<&'static str>, i64)) -> Parameters {
    let mixed = mixed.into_iter().map(str::to_owned).collect();
    Parameters::from([
        ("mixed_kinds".to_owned(), Parameter::Names(mixed)),
        ("right_at_milli".to_owned(), Parameter::Number(right_at)),
    ])
}
