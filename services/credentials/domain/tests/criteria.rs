//! What the business says about criteria.

use std::collections::{BTreeMap, BTreeSet};

use northstar_credentials_domain::achievement::{Achievement, Alignment, Standing};
use northstar_credentials_domain::criteria::{
    Criteria, DEEPEST, Holdings, Level, MOST_PARTS, Missing, Outcome, Rule, stacking_flaws,
};
use northstar_kernel::{AchievementId, CompetencyId, TenantId};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

fn competency(key: &str) -> CompetencyId {
    CompetencyId::derive(TenantId::COMMONS, key)
}

fn achievement(key: &str) -> AchievementId {
    AchievementId::derive(TenantId::COMMONS, key)
}

fn at(key: &str, base: u32) -> Criteria {
    Criteria::Competency { competency: competency(key), level: Level::of(base) }
}

fn fact(name: &str, at_least: u32) -> Criteria {
    Criteria::Fact { name: name.into(), at_least }
}

fn rule(criteria: Criteria) -> Rule {
    Rule::define(criteria).expect("sound")
}

fn mastered(level: u32) -> Standing {
    Standing { at_mastery: true, level }
}

fn holding(standings: &[(&str, Standing)]) -> Holdings {
    let standings = standings.iter().map(|(key, standing)| (competency(key), *standing));
    Holdings { standings: standings.collect(), ..Holdings::default() }
}

fn lacks(key: &str, needed: u32, held: Standing) -> Missing {
    Missing::Level { competency: competency(key), needed, held }
}

#[test]
fn one_competency_is_earned_as_an_achievement_of_one_competency_is() {
    let one = Achievement {
        id: achievement("communication-3"),
        key: "communication-3".into(),
        name: "Communication".into(),
        description: "Is understood.".into(),
        criteria: "Mastery at level 3.".into(),
        alignment: Alignment {
            competency: competency("com"),
            code: String::new(),
            name: "Communication".into(),
            uri: "https://frameworks.example/com".into(),
        },
        required_level: 3,
        rule: None,
        further: Vec::new(),
        valid_days: 0,
    };
    let rule = rule(Criteria::from(&one));
    for standing in
        [mastered(2), mastered(3), mastered(4), Standing { at_mastery: false, level: 4 }]
    {
        let met = rule.evaluate(&holding(&[("com", standing)])) == Outcome::Met;
        assert_eq!(met, one.earned_at(standing), "{standing:?}");
    }
}

#[test]
fn all_asks_for_every_part_and_tells_those_that_are_missing() {
    let rule = rule(Criteria::All(vec![at("a", 2), at("b", 3), at("c", 1)]));
    let held = holding(&[("a", mastered(2)), ("b", mastered(2))]);
    let missing = vec![lacks("b", 3, mastered(2)), lacks("c", 1, Standing::default())];
    assert_eq!(rule.evaluate(&held), Outcome::Missing(Missing::All(missing)));
    let all = holding(&[("a", mastered(2)), ("b", mastered(4)), ("c", mastered(1))]);
    assert_eq!(rule.evaluate(&all), Outcome::Met);
}

#[test]
fn any_asks_for_one_part() {
    let rule = rule(Criteria::Any(vec![at("a", 2), at("b", 2)]));
    assert_eq!(rule.evaluate(&holding(&[("b", mastered(2))])), Outcome::Met);
    let of = vec![lacks("a", 2, mastered(1)), lacks("b", 2, Standing::default())];
    let nothing = Outcome::Missing(Missing::Some { more: 1, of });
    assert_eq!(rule.evaluate(&holding(&[("a", mastered(1))])), nothing);
}

#[test]
fn so_many_of_several_tells_how_many_more() {
    let of = ["a", "b", "c", "d"].map(|key| at(key, 1)).to_vec();
    let rule = rule(Criteria::AtLeast { k: 3, of });
    let one = holding(&[("c", mastered(1))]);
    let of = ["a", "b", "d"].map(|key| lacks(key, 1, Standing::default())).to_vec();
    assert_eq!(rule.evaluate(&one), Outcome::Missing(Missing::Some { more: 2, of }));
    let three = holding(&[("a", mastered(1)), ("c", mastered(1)), ("d", mastered(2))]);
    assert_eq!(rule.evaluate(&three), Outcome::Met);
}

#[test]
fn what_only_parts_and_facts_are_missing_to_is_mastered() {
    let (part, competency) = (achievement("part"), competency("a"));
    let fact = || Criteria::Fact { name: "hours".into(), at_least: 40 };
    let of = vec![
        Criteria::Competency { competency, level: Level::of(2) },
        Criteria::All(vec![Criteria::Achievement(part), fact()]),
    ];
    let rule = rule(Criteria::All(of));
    assert_eq!(rule.competencies(), BTreeSet::from([competency]));
    assert_eq!(rule.facts(), BTreeSet::from(["hours"]));
    assert!(!rule.asks_for_role());
    assert!(rule.is_mastered(&holding(&[("a", mastered(2))])));
    assert!(!rule.is_mastered(&holding(&[("a", mastered(1))])));
}

/// As in the educator badges: who leads needs more than who teaches.
#[test]
fn the_level_may_depend_on_the_role() {
    let by_role = BTreeMap::from([("teacher".to_owned(), 3), ("leader".to_owned(), 4)]);
    let level = Level { base: 2, by_role };
    let rule = rule(Criteria::Competency { competency: competency("CE.7"), level });
    let mut held = holding(&[("CE.7", mastered(3))]);
    for (role, met) in
        [(None, true), (Some("parent"), true), (Some("teacher"), true), (Some("leader"), false)]
    {
        held.roles = role.map(ToOwned::to_owned).into_iter().collect();
        assert_eq!(rule.evaluate(&held) == Outcome::Met, met, "{role:?}");
    }
    assert_eq!(rule.evaluate(&held), Outcome::Missing(lacks("CE.7", 4, mastered(3))));
    held.roles.insert("teacher".to_owned());
    assert_eq!(rule.evaluate(&held), Outcome::Met, "of two roles, the one that needs less");
    assert!(rule.asks_for_role());
}

#[test]
fn achievements_stack() {
    let stack = Criteria::All(vec![
        Criteria::Achievement(achievement("first-aid")),
        Criteria::Any(vec![Criteria::Achievement(achievement("swimming")), at("rescue", 2)]),
    ]);
    let rule = rule(stack);
    assert!(rule.requires().into_iter().eq({
        let mut both = [achievement("first-aid"), achievement("swimming")];
        both.sort_unstable();
        both
    }));
    let mut held = holding(&[("rescue", mastered(2))]);
    let aid = Missing::Achievement(achievement("first-aid"));
    assert_eq!(rule.evaluate(&held), Outcome::Missing(Missing::All(vec![aid])));
    held.achievements.insert(achievement("first-aid"));
    assert_eq!(rule.evaluate(&held), Outcome::Met);
}

#[test]
fn a_fact_counts_as_often_as_it_is_stated() {
    let rule = rule(fact("career_technical_credits", 8));
    let mut held = Holdings::default();
    for (stated, met) in [(None, false), (Some(7), false), (Some(8), true), (Some(9), true)] {
        held.facts =
            stated.map(|n| ("career_technical_credits".to_owned(), n)).into_iter().collect();
        match rule.evaluate(&held) {
            Outcome::Met => assert!(met, "{stated:?}"),
            Outcome::Missing(missing) => {
                let (name, needed) = ("career_technical_credits".to_owned(), 8);
                let held = stated.unwrap_or(0);
                assert_eq!((missing, met), (Missing::Fact { name, needed, held }, false));
            }
        }
    }
}

fn nested(depth: usize) -> Criteria {
    (1..depth).fold(at("a", 1), |inner, _| Criteria::All(vec![inner]))
}

#[test]
fn each_flaw_is_named_by_its_path() {
    let by_role = BTreeMap::from([("Head teacher".to_owned(), 101)]);
    let role =
        Criteria::Competency { competency: competency("a"), level: Level { base: 1, by_role } };
    let cases = [
        (at("a", 0), vec!["criteria.level.base"]),
        (at("a", 101), vec!["criteria.level.base"]),
        (role, vec!["criteria.level.by_role[Head teacher]", "criteria.level.by_role"]),
        (Criteria::All(vec![]), vec!["criteria.all"]),
        (Criteria::All(vec![at("a", 1), Criteria::Any(vec![])]), vec!["criteria.all[1].any"]),
        (Criteria::AtLeast { k: 0, of: vec![at("a", 1)] }, vec!["criteria.k"]),
        (Criteria::AtLeast { k: 2, of: vec![at("a", 1)] }, vec!["criteria.k"]),
        (Criteria::Any(vec![at("a", 1), at("b", 1), at("a", 1)]), vec!["criteria.any[2]"]),
        (fact("", 1), vec!["criteria.name"]),
        (fact("Credits", 0), vec!["criteria.name", "criteria.at_least"]),
    ];
    for (criteria, paths) in cases {
        let flaws = Rule::define(criteria).expect_err(paths[0]);
        let found: Vec<_> = flaws.iter().map(|flaw| flaw.field.as_str()).collect();
        assert_eq!(found, paths);
    }
}

#[test]
fn criteria_have_bounds() {
    assert!(Rule::define(nested(DEEPEST)).is_ok());
    let deep = Rule::define(nested(DEEPEST + 1)).expect_err("too deep");
    assert!(deep[0].description.contains("more than 8 deep"), "{deep:?}");
    let wide = |n: usize| Criteria::All((1..n).map(|i| fact("credits", i as u32)).collect());
    assert!(Rule::define(wide(MOST_PARTS)).is_ok());
    let flaws = Rule::define(wide(MOST_PARTS + 1)).expect_err("too many");
    assert_eq!(flaws[0].description, "must have at most 500 parts in all");
}

#[test]
fn an_achievement_requires_only_what_can_be_earned_first() {
    let needs = |key: &str| rule(Criteria::Achievement(achievement(key)));
    let known = BTreeMap::from([
        (achievement("a"), rule(at("x", 1))),
        (achievement("b"), needs("a")),
        (achievement("c"), needs("b")),
    ]);
    assert_eq!(stacking_flaws(achievement("d"), &needs("c"), &known), []);
    for (key, needed) in [("a", "a"), ("a", "b"), ("a", "c"), ("d", "d")] {
        let flaws = stacking_flaws(achievement(key), &needs(needed), &known);
        assert_eq!(flaws.len(), 1, "{key} needs {needed}");
        assert!(flaws[0].description.contains("by way of another"), "{flaws:?}");
    }
    let flaws = stacking_flaws(achievement("d"), &needs("unknown"), &known);
    assert!(flaws[0].description.ends_with("is not defined"), "{flaws:?}");
}

fn any_criteria() -> impl Strategy<Value = Criteria> {
    let keys = prop::sample::select(vec!["a", "b", "c", "d"]);
    let leaf = prop_oneof![
        (keys.clone(), 1..5_u32).prop_map(|(key, level)| at(key, level)),
        keys.clone().prop_map(|key| Criteria::Achievement(achievement(key))),
        (keys, 1..4_u32).prop_map(|(key, n)| fact(key, n)),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let parts = vec(inner, 1..5);
        prop_oneof![
            parts.clone().prop_map(Criteria::All),
            parts.clone().prop_map(Criteria::Any),
            (parts, 1..5_u32).prop_map(|(of, k)| Criteria::AtLeast { k, of }),
        ]
    })
}

fn any_holdings() -> impl Strategy<Value = Holdings> {
    let key = || prop::sample::select(vec!["a", "b", "c", "d"]);
    let standings = btree_map(key(), (any::<bool>(), 0..5_u32), 0..4);
    (standings, vec(key(), 0..4), btree_map(key(), 0..4_u32, 0..4)).prop_map(
        |(standings, achievements, facts)| Holdings {
            roles: BTreeSet::new(),
            standings: standings
                .into_iter()
                .map(|(key, (at_mastery, level))| (competency(key), Standing { at_mastery, level }))
                .collect(),
            achievements: achievements.into_iter().map(achievement).collect(),
            facts: facts.into_iter().map(|(key, n)| (key.to_owned(), n)).collect(),
        },
    )
}

/// Whether criteria are met, as they read.
fn reads(criteria: &Criteria, held: &Holdings) -> bool {
    let met = |parts: &[Criteria]| parts.iter().filter(|part| reads(part, held)).count();
    match criteria {
        Criteria::Competency { competency, level } => held
            .standings
            .get(competency)
            .is_some_and(|standing| standing.at_mastery && standing.level >= level.base),
        Criteria::Achievement(id) => held.achievements.contains(id),
        Criteria::Fact { name, at_least } => held.facts.get(name) >= Some(at_least),
        Criteria::All(parts) => met(parts) == parts.len(),
        Criteria::Any(parts) => met(parts) > 0,
        Criteria::AtLeast { k, of } => met(of) >= *k as usize,
    }
}

/// Brings all that is missing.
fn bring(missing: &Missing, held: &mut Holdings) {
    match missing {
        Missing::Level { competency, needed, .. } => {
            let level = held.standings.get(competency).map_or(0, |standing| standing.level);
            held.standings.insert(*competency, mastered(level.max(*needed)));
        }
        Missing::Achievement(id) => drop(held.achievements.insert(*id)),
        Missing::Fact { name, needed, .. } => {
            let stated = held.facts.entry(name.clone()).or_default();
            *stated = (*stated).max(*needed);
        }
        Missing::All(parts) => parts.iter().for_each(|part| bring(part, held)),
        Missing::Some { more, of } => {
            of.iter().take(*more as usize).for_each(|part| bring(part, held))
        }
    }
}

proptest! {
    #[test]
    fn criteria_are_met_as_they_read_and_what_is_missing_is_enough(
        criteria in any_criteria(), mut held in any_holdings(),
    ) {
        let Ok(rule) = Rule::define(criteria.clone()) else { return Ok(()) };
        let outcome = rule.evaluate(&held);
        prop_assert_eq!(outcome == Outcome::Met, reads(&criteria, &held));
        if let Outcome::Missing(missing) = outcome {
            bring(&missing, &mut held);
            prop_assert_eq!(rule.evaluate(&held), Outcome::Met);
        }
    }
}
