//! The independent program works roll-ups out again too: `tests/checker.py`.

#[path = "../../checker/program.rs"]
mod program;

use std::collections::BTreeSet;

use northstar_mastery_domain::{Input, Json};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::frameworks::{Framework, finding, frameworks, test};
use program::check;

/// Random frameworks until there are so many roll-ups; the same in every run. One competency of
/// each framework is overridden.
fn derivations(count: usize) -> Vec<Json> {
    let mut runner = TestRunner::deterministic();
    let strategy = (frameworks(test(), 6, true), finding());
    let mut found = Vec::new();
    while found.len() < count {
        let (framework, says) =
            strategy.new_tree(&mut runner).expect("nothing is filtered out").current();
        found.extend(of(&framework, says));
    }
    found.truncate(count);
    found
}

fn of(framework: &Framework, says: northstar_mastery_domain::Finding) -> Vec<Json> {
    let rollups = framework.rollups();
    let by = northstar_kernel::OverrideId::derive(northstar_kernel::TenantId::COMMONS, "one");
    let findings = rollups.evaluate(|competency| {
        let number = framework.number(competency);
        Input { own: framework.findings[number], overriding: (number == 3).then_some((by, says)) }
    });
    let rules = framework.rules.iter();
    rules.filter_map(|rule| Some(findings.explain(rule.competency)?.derivation)).collect()
}

fn how_many() -> usize {
    let thorough = std::env::var_os("NORTHSTAR_THOROUGH").is_some_and(|wanted| wanted == "1");
    if thorough { 10_000 } else { 500 }
}

/// The text of `field` wherever it stands.
fn words(json: &Json, field: &str, found: &mut BTreeSet<String>) {
    match json {
        Json::Object(fields) => {
            found.extend(fields.get(field).map(ToString::to_string));
            fields.values().for_each(|value| words(value, field, found));
        }
        Json::List(values) => values.iter().for_each(|value| words(value, field, found)),
        _ => {}
    }
}

#[test]
fn the_checker_comes_to_the_same_verdicts() {
    let derivations = derivations(how_many());
    let said = check(derivations.iter().map(ToString::to_string));
    assert!(said.agrees, "{}", said.words);
    assert_eq!(said.words.trim(), format!("{} checked, 0 disagreements", how_many()));
}

#[test]
fn what_it_checks_is_every_kind_test_and_verdict() {
    let derivations = derivations(500);
    let all = |field: &str| {
        let mut found = BTreeSet::new();
        derivations.iter().for_each(|derivation| words(derivation, field, &mut found));
        found.into_iter().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        all("kind"),
        r#""all" "any" "at_least" "competency" "minimum" "own" "points" "weighted_mean""#
    );
    assert_eq!(all("verdict"), r#""missed" "not_counting" "open" "reached""#);
    assert_eq!(all("test"), r#""gte" "lte" "mastery""#);
    assert!(derivations.iter().any(|one| one.get("override").is_some()));
}

#[test]
fn whoever_changes_a_roll_up_is_found_out() {
    // What was read of a part is given; all else follows from it.
    let changes = [
        (r#""verdict":"missed""#, r#""verdict":"reached""#),
        (r#""by_rule":{"provisional":false,"#, r#""by_rule":{"provisional":true,"#),
        (r#""weight":"#, r#""weight":1"#),
        (r#""milli":"#, r#""milli":9"#),
        (r#""rollup_hash":""#, r#""rollup_hash":"0"#),
        (r#""retired":false"#, r#""retired":true"#),
    ];
    let derivations: Vec<_> = derivations(300).iter().map(ToString::to_string).collect();
    for (from, to) in changes {
        let changed = derivations.iter().filter(|text| text.contains(from));
        let changed: Vec<_> = changed.map(|text| text.replacen(from, to, 1)).collect();
        assert!(changed.len() > 20, "{from}: {}", changed.len());
        let count = changed.len();
        let said = check(changed);
        for number in 1..=count {
            let found = format!("derivation {number}: ");
            assert!(said.words.contains(&found), "{from} -> {to}: no {found} in {}", said.words);
        }
    }
}
