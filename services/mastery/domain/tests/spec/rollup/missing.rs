//! What is missing below a competency.

use northstar_kernel::{OverrideId, TenantId};
use northstar_mastery_domain::{
    Criterion, Finding, Findings, Input, Pointed, Rollups, Standing, Test, Weighted,
};
use proptest::prelude::*;

use super::frameworks::frameworks;
use super::{all, any, evaluated, id, own, part, parts, rule, taught, tested, valued};

const COURSE: [&str; 9] = ["a", "b", "c", "d", "e", "x", "y", "z", "top"];

fn missing(drafts: &[(&str, Criterion)], known: &[(&str, Finding)]) -> Vec<&'static str> {
    let drafts = drafts.iter().map(|(code, criterion)| rule(code, criterion.clone()));
    let rollups = Rollups::new(drafts, COURSE.map(taught)).expect("valid");
    let missing = evaluated(&rollups, known).missing_below(id("top"));
    let code = |competency| COURSE.into_iter().find(|code| id(code) == competency);
    missing.into_iter().map(|competency| code(competency).expect("of the course")).collect()
}

const YES: Finding =
    Finding { standing: Standing::AtMastery, value_milli: Some(4_000), provisional: false };

#[test]
fn unmet_leaves_are_named_once_in_the_order_of_the_rules() {
    let rules =
        [("top", all(&["x", "c", "y"])), ("x", all(&["b", "a"])), ("y", all(&["d", "b", "e"]))];
    assert_eq!(missing(&rules, &[("d", YES)]), ["b", "a", "c", "e"]);
    let everything = ["a", "b", "c", "d", "e"].map(|code| (code, YES));
    assert!(missing(&rules, &everything).is_empty());
}

#[test]
fn of_alternatives_the_nearest_is_named() {
    let rules = [("top", any(&["x", "y"])), ("x", all(&["a", "b"])), ("y", all(&["c", "d", "e"]))];
    assert_eq!(missing(&rules, &[]), ["a", "b"]);
    assert_eq!(missing(&rules, &[("c", YES), ("e", YES)]), ["d"]);
    let two = Criterion::AtLeast { k: 2, parts: parts(&["x", "a", "e"]) };
    assert_eq!(missing(&[("top", two), ("x", all(&["b", "c"]))], &[]), ["a", "e"]);
}

#[test]
fn what_is_needed_anyhow_is_not_chosen_beside() {
    let tree = Criterion::All(vec![any(&["a", "b"]), part("b")]);
    assert_eq!(missing(&[("top", tree)], &[]), ["b"]);
}

#[test]
fn points_are_collected_where_they_are_cheap() {
    let one = |code, points, required| Pointed { criterion: part(code), points, required };
    let parts = vec![one("x", 6, false), one("a", 2, false), one("b", 1, true), one("c", 4, false)];
    let rules = [("top", Criterion::Points { needed: 7, parts }), ("x", all(&["d", "e"]))];
    assert_eq!(missing(&rules, &[]), ["d", "e", "b"]);
    assert_eq!(missing(&rules, &[("d", YES)]), ["e", "b"]);
    assert_eq!(missing(&rules, &[("a", YES)]), ["b", "c"]);
}

#[test]
fn of_means_and_minima_everything_below_the_threshold_is_named() {
    let one = |code| Weighted { criterion: part(code), weight: 1 };
    let mean = Criterion::WeightedMean {
        mastery_milli: 3_500,
        minimum_known_percent: 0,
        parts: ["a", "b", "c"].map(one).to_vec(),
    };
    let known = [("a", valued(3_000)), ("b", valued(3_600))];
    assert_eq!(missing(&[("top", mean)], &known), ["a", "c"]);
    let minimum = Criterion::Minimum { mastery_milli: 2_000, parts: parts(&["a", "x", "d"]) };
    let known = [("a", valued(2_100)), ("b", valued(1_000))];
    assert_eq!(missing(&[("top", minimum), ("x", all(&["b"]))], &known), ["b", "d"]);
}

#[test]
fn a_rule_that_asks_more_than_mastery_names_the_competency_itself() {
    let rules = [("top", tested("x", Test::AtLeast(4_500))), ("x", all(&["a"]))];
    assert_eq!(missing(&rules, &[]), ["a"]);
    assert_eq!(missing(&rules, &[("a", YES)]), ["x"]);
    let own = Criterion::All(vec![part("a"), Criterion::Own(Test::Mastery)]);
    assert_eq!(missing(&[("top", own)], &[]), ["a", "top"]);
}

#[test]
fn what_an_override_holds_down_is_named_itself() {
    let drafts = [rule("top", all(&["x", "b"])), rule("x", all(&["a"]))];
    let rollups = Rollups::new(drafts, COURSE.map(taught)).expect("valid");
    let mut findings = evaluated(&rollups, &[("a", YES)]);
    assert_eq!(findings.missing_below(id("top")), [id("b")]);
    raise(&mut findings, id("x"), valued(1_000));
    assert_eq!(findings.missing_below(id("top")), [id("x"), id("b")]);
    assert!(findings.missing_below(id("unheard of")).is_empty());
}

fn raise(findings: &mut Findings<'_>, to: northstar_kernel::CompetencyId, says: Finding) {
    let by = OverrideId::derive(TenantId::from_slug("front-range"), "raised");
    findings.update(to, Input { own: Finding::default(), overriding: Some((by, says)) });
}

fn at_least() -> BoxedStrategy<Test> {
    let one = prop_oneof![
        3 => Just(Test::Mastery),
        1 => (0_i64..5_000).prop_map(Test::AtLeast),
    ];
    one.boxed()
}

const TOP: Finding =
    Finding { standing: Standing::AtMastery, value_milli: Some(5_000_000), provisional: false };

proptest! {
    #[test]
    fn reaching_what_is_missing_is_enough_and_nothing_of_it_can_be_left_out(
        framework in frameworks(Just(Test::Mastery).boxed(), 3, false),
    ) {
        let rollups = framework.rollups();
        let target = id(&framework.last().to_string());
        let findings = framework.evaluate(&rollups);
        let missing = findings.missing_below(target);
        let reached = |left_out: Option<usize>| {
            let mut findings = findings.clone();
            for (place, competency) in missing.iter().enumerate() {
                if Some(place) != left_out {
                    findings.update(*competency, own(TOP));
                }
            }
            findings.get(target).expect("in the framework").held.standing.is_mastered()
        };
        prop_assert!(reached(None));
        for place in 0..missing.len() {
            prop_assert!(!reached(Some(place)), "{} of {:?}", place, missing);
        }
    }

    #[test]
    fn with_every_kind_of_rule_reaching_what_is_missing_is_enough(
        framework in frameworks(at_least(), 6, false),
    ) {
        let rollups = framework.rollups();
        let target = id(&framework.last().to_string());
        let mut findings = framework.evaluate(&rollups);
        for competency in findings.missing_below(target) {
            raise(&mut findings, competency, TOP);
        }
        prop_assert!(findings.get(target).expect("in it").held.standing.is_mastered());
    }
}
