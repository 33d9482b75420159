//! An independent program works every derivation out again: `tests/checker.py`, which shares
//! nothing with this crate, not even the language.

mod learners;
mod policies;
mod program;
mod tampering;

use std::collections::BTreeSet;

use learners::derivations;
use northstar_mastery_domain::{Derivation, LeftOut, Method, Order, Standing, derivation_json};
use program::check;

/// The long schedule is for whoever asks for it, and for what must hold before a change lands.
fn how_many() -> usize {
    let thorough = std::env::var_os("NORTHSTAR_THOROUGH").is_some_and(|wanted| wanted == "1");
    if thorough { 10_000 } else { 500 }
}

#[test]
fn the_checker_comes_to_the_same_numbers() {
    let derivations = derivations(how_many());
    let said = check(derivations.iter().map(derivation_json));
    assert!(said.agrees, "{}", said.words);
    assert_eq!(said.words.trim(), format!("{} checked, 0 disagreements", how_many()));
}

#[test]
fn what_it_checks_is_all_that_a_policy_can_do() {
    let derivations = derivations(500);
    let valued = derivations.iter().filter(|found| found.of_first > 0);
    let methods: BTreeSet<_> = valued.map(|found| found.policy.method().name()).collect();
    assert_eq!(methods, Method::NAMES.into_iter().collect(), "each method has given a value");
    let standings: BTreeSet<_> = derivations.iter().map(|found| found.held.standing).collect();
    assert_eq!(standings, Standing::ALL.into_iter().collect());
    let left_out = derivations.iter().flat_map(|found| &found.left_out).map(|(_, why)| *why);
    assert_eq!(left_out.collect::<BTreeSet<_>>(), LeftOut::ALL.into_iter().collect());
    let orders: BTreeSet<_> = derivations.iter().map(|found| found.policy.order()).collect();
    assert_eq!(orders, Order::ALL.into_iter().collect());
    let some = |what: &str, of: fn(&Derivation) -> bool| {
        assert!(derivations.iter().any(of), "{what} has occurred");
        assert!(!derivations.iter().all(of), "the opposite of {what} has occurred");
    };
    some("a value kept from before", |found| (1..found.used.len()).contains(&found.of_first));
    some("something signed off", |found| found.of_first > 0 && !found.held.provisional);
    some("a value that was rounded", |found| {
        found.worked().is_some_and(|worked| worked.value.to_string().contains('/'))
    });
    some("a tie", |found| {
        found.used.windows(2).any(|pair| pair[0].observed_at == pair[1].observed_at)
    });
}

#[test]
fn to_have_checked_nothing_is_not_to_agree() {
    assert!(!check([]).agrees);
    let said = check(["no derivation".to_owned()]);
    assert!(!said.agrees && said.words.contains("none of engine 1"), "{}", said.words);
}
