//! The rules of a framework as one text, and what results rest on.

use northstar_kernel::Digest;
use northstar_mastery_domain::{Criterion, Rollups, Test};

use super::{all, any, id, part, retired, rule, taught};
use crate::support::draft;

#[test]
fn the_text_has_every_rule_by_competency_whatever_order_they_were_written_in() {
    let codes = ["a", "x", "y"];
    let rules = [rule("x", all(&["a"])), rule("y", any(&["a", "x"]))];
    let one = Rollups::new(rules.clone(), codes.map(taught)).expect("valid");
    let other = Rollups::new(rules.into_iter().rev(), codes.map(taught)).expect("valid");
    let framework = draft().framework;
    assert_eq!(one.canonical(framework), other.canonical(framework));
    assert_eq!(one.hash(framework), Digest::of(one.canonical(framework).as_bytes()));
    let none = format!(r#"{{"engine":1,"framework":"{framework}","rollups":[]}}"#);
    assert_eq!(Rollups::EMPTY.canonical(framework), none);
}

#[test]
fn a_result_rests_on_own_evidence_below_and_where_a_rule_asks_for_it() {
    // Given "top" needing "mid", "gone" and its own, "mid" needing "a" or "b", and "gone", which is
    // retired, needing "c",
    let top = Criterion::All(vec![part("mid"), part("gone"), Criterion::Own(Test::Mastery)]);
    let rules = [rule("top", top), rule("mid", any(&["a", "b"])), rule("gone", all(&["c"]))];
    let competencies = ["a", "b", "c", "mid", "top"].map(taught);
    let competencies = competencies.into_iter().chain([retired("gone")]);
    let rollups = Rollups::new(rules, competencies).expect("valid");
    // then "top" rests on "a", "b" and itself, and on nothing that only "gone" needs.
    assert_eq!(rollups.rests_on(id("top")), ["a", "b", "top"].map(id).into());
    assert_eq!(rollups.rests_on(id("mid")), ["a", "b"].map(id).into());
    assert_eq!(rollups.rests_on(id("a")), [id("a")].into());
    assert!(rollups.rests_on(id("elsewhere")).is_empty());
}

#[test]
fn a_criterion_names_its_parts_however_deep() {
    let inner = Criterion::AtLeast { k: 1, parts: vec![part("c"), all(&["a", "d"])] };
    let criterion = Criterion::All(vec![part("a"), inner, Criterion::Own(Test::Mastery)]);
    assert_eq!(criterion.competencies(), ["a", "c", "a", "d"].map(id));
}
