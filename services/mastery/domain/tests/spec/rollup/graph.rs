//! Several parents, any depth, and who is touched by a change.

use std::collections::BTreeMap;

use northstar_kernel::{OverrideId, TenantId};
use northstar_mastery_domain::{Criterion, Finding, Input, Rollups, Standing};

use super::{all, any, evaluated, held, id, own, part, rule, shown, taught, valued};

const DEEP: usize = 100_000;

/// "0" is needed by "1", that by "2" and so on.
fn chain() -> Rollups {
    let codes: Vec<String> = (0..DEEP).map(|link| link.to_string()).collect();
    let drafts = codes.windows(2).map(|pair| rule(&pair[1], all(&[&pair[0]])));
    Rollups::new(drafts, codes.iter().map(|code| taught(code))).expect("valid")
}

#[test]
fn a_chain_of_a_hundred_thousand_is_one_pass() {
    let rollups = chain();
    let top = (DEEP - 1).to_string();
    let mut findings = evaluated(&rollups, &[("0", valued(3_000))]);
    assert_eq!(held(&findings, &top), valued(3_000));
    let order: Vec<_> = rollups.order().map(|competency| competency.code.as_str()).collect();
    assert_eq!((order[0], order[DEEP - 1]), ("0", top.as_str()));
    assert_eq!(rollups.affected(id("0")).len(), DEEP - 1);
    let changed = findings.update(id("0"), own(valued(2_000)));
    assert_eq!((changed.len(), held(&findings, &top)), (DEEP, valued(2_000)));
    assert_eq!(findings.missing_below(id(&top)), [id("0")]);
}

#[test]
fn a_cycle_of_a_hundred_thousand_is_refused_in_few_words() {
    let codes: Vec<String> = (0..DEEP).map(|link| link.to_string()).collect();
    let drafts = (0..DEEP).map(|link| rule(&codes[link], part(&codes[(link + 1) % DEEP])));
    let refusal = Rollups::new(drafts, codes.iter().map(|code| taught(code))).expect_err("a cycle");
    assert_eq!(refusal.flaws.len(), 1);
    assert!(refusal.to_string().ends_with("and so on over 99989 more, back to the first"));
}

/// "a" serves both "x" and "y", which both serve "top"; "b" serves "y" alone.
fn diamond() -> Rollups {
    let drafts =
        [rule("top", all(&["x", "y"])), rule("y", any(&["a", "b"])), rule("x", all(&["a"]))];
    Rollups::new(drafts, ["a", "b", "x", "y", "top", "alone"].map(taught)).expect("valid")
}

#[test]
fn a_part_may_serve_several_competencies() {
    let rollups = diamond();
    let findings = evaluated(&rollups, &[("a", valued(3_500)), ("b", valued(1_000))]);
    assert_eq!(["x", "y", "top"].map(|code| held(&findings, code)), [valued(3_500); 3]);
    let findings = evaluated(&rollups, &[("a", valued(1_500)), ("b", valued(3_000))]);
    let expected = [1_500, 3_000, 1_500].map(valued);
    assert_eq!(["x", "y", "top"].map(|code| held(&findings, code)), expected);
}

#[test]
fn only_what_is_above_is_affected_and_parts_come_first() {
    let rollups = diamond();
    let affected = rollups.affected(id("a"));
    assert_eq!(affected.len(), 3);
    assert_eq!(affected[2], id("top"));
    assert_eq!(rollups.affected(id("b")), [id("y"), id("top")]);
    assert!(rollups.affected(id("alone")).is_empty());
    assert!(rollups.affected(id("unheard of")).is_empty());
}

#[test]
fn a_change_goes_up_only_as_far_as_it_shows() {
    let rollups = diamond();
    let known = [("a", valued(3_500)), ("b", valued(1_000))];
    let mut findings = evaluated(&rollups, &known);
    // The better of two stays the better, so "y" and "top" stay as they are.
    assert_eq!(findings.update(id("b"), own(valued(2_000))), [id("b")]);
    assert_eq!(findings.update(id("b"), own(valued(2_000))), []);
    assert_eq!(findings.update(id("unheard of"), own(valued(2_000))), []);
    assert_eq!(findings.update(id("b"), own(valued(4_000))), [id("b"), id("y")]);
}

#[test]
fn without_rules_everything_is_what_its_own_evidence_says() {
    let rollups = Rollups::new([], ["a", "b"].map(taught)).expect("valid");
    let findings = evaluated(&rollups, &[("a", valued(3_500))]);
    let held: BTreeMap<_, _> = findings.iter().map(|(id, shown)| (id, shown.held)).collect();
    assert_eq!(held, BTreeMap::from([(id("a"), valued(3_500)), (id("b"), Finding::default())]));
    assert_eq!((findings.get(id("c")), findings.explain(id("a"))), (None, None));
}

#[test]
fn a_retired_competency_is_still_worked_out_but_not_read() {
    let drafts = [rule("x", all(&["a"])), rule("top", all(&["x", "b"]))];
    let competencies = [taught("a"), taught("b"), super::retired("x"), taught("top")];
    let rollups = Rollups::new(drafts, competencies).expect("valid");
    let findings = evaluated(&rollups, &[("a", valued(1_000)), ("b", valued(3_000))]);
    assert_eq!(held(&findings, "x"), valued(1_000));
    assert_eq!(held(&findings, "top"), valued(3_000));
}

#[test]
fn own_evidence_of_a_competency_with_a_rule_does_not_count_unless_asked_for() {
    let rollups = diamond();
    let findings = evaluated(&rollups, &[("x", valued(4_000))]);
    assert_eq!(held(&findings, "x"), Finding::default());
    let asked = Criterion::Own(Default::default());
    let rollups = Rollups::new([rule("x", asked)], [taught("x")]).expect("valid");
    assert_eq!(held(&evaluated(&rollups, &[("x", valued(4_000))]), "x"), valued(4_000));
}

#[test]
fn rules_read_what_an_override_shows_and_the_rule_stays_visible() {
    let rollups = diamond();
    let says = super::standing(Standing::AtMastery);
    let by = OverrideId::derive(TenantId::from_slug("front-range"), "1");
    let findings = rollups.evaluate(|competency| match competency {
        competency if competency == id("x") => {
            Input { own: Finding::default(), overriding: Some((by, says)) }
        }
        competency if competency == id("a") => own(valued(2_000)),
        competency if competency == id("b") => own(valued(3_000)),
        _ => Input::default(),
    });
    let x = shown(&findings, "x");
    assert_eq!((x.held, x.by_rule, x.by_override), (says, valued(2_000), Some(by)));
    assert_eq!(held(&findings, "top").standing, Standing::AtMastery);
}
