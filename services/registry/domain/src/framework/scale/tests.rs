use northstar_kernel::TenantId;

use super::*;
use crate::framework::build::{competency_id, levels, package};

const FOUR: &[(i64, &str)] =
    &[(1, "Beginning"), (2, "Developing"), (3, "Proficient"), (4, "Beyond")];

fn scale_of(package: &Package, key: &str) -> Vec<Level> {
    package.competencies[&competency_id(key)].scale.clone()
}

fn assigned(mut package: Package) -> Package {
    assign(&mut package);
    package
}

fn rung(key: &str, score_milli: i64, place: i64) -> Rung {
    let id = LevelId::derive(TenantId::COMMONS, key);
    Rung { id, quality: key.into(), score_milli, place, description: String::new() }
}

#[test]
fn the_lowest_score_is_the_bottom_from_whichever_end_places_are_numbered() {
    let best_first = vec![rung("best", 4000, 1), rung("good", 2500, 2), rung("poor", 1000, 3)];
    let order: Vec<_> =
        bottom_first(best_first).into_iter().map(|level| (level.quality, level.position)).collect();
    assert_eq!(order, [("poor".into(), 1), ("good".into(), 2), ("best".into(), 3)]);
}

#[test]
fn places_decide_between_equal_scores() {
    let tied = vec![rung("b", 1000, 2), rung("a", 1000, 1)];
    assert_eq!(bottom_first(tied)[0].quality, "a");
}

#[test]
fn a_competency_is_judged_at_the_levels_of_its_own_criterion() {
    let package = package("f").competency("a").competency("b").judged("r", "a", FOUR);
    let package = assigned(package);
    assert_eq!(scale_of(&package, "a"), levels("r", FOUR));
    assert!(scale_of(&package, "b").is_empty());
}

#[test]
fn a_parent_takes_the_scale_its_descendants_agree_on_without_their_words() {
    let package = package("f")
        .competency("top")
        .competency("middle")
        .competency("a")
        .competency("b")
        .below("middle", "top")
        .below("a", "middle")
        .below("b", "middle")
        .judged("ra", "a", FOUR)
        .judged("rb", "b", &[(1, "Beginning"), (2, "Developing"), (3, "Good"), (4, "Beyond")]);
    let package = assigned(package);
    let top = scale_of(&package, "top");
    assert_eq!(top, scale_of(&package, "middle"));
    let scores: Vec<_> = top.iter().map(|level| level.score_milli).collect();
    assert_eq!(scores, [1000, 2000, 3000, 4000]);
    assert_eq!((top[0].quality.as_str(), top[2].quality.as_str()), ("Beginning", ""));
    assert!(top.iter().all(|level| level.description.is_empty()));
}

#[test]
fn a_parent_of_children_with_different_scores_has_no_scale() {
    let package = package("f")
        .competency("top")
        .competency("a")
        .competency("b")
        .below("a", "top")
        .below("b", "top")
        .judged("ra", "a", FOUR)
        .judged("rb", "b", &[(1, "No"), (2, "Yes")]);
    assert!(scale_of(&assigned(package), "top").is_empty());
}

#[test]
fn its_own_criterion_counts_even_where_its_children_differ() {
    let package = package("f")
        .competency("top")
        .competency("a")
        .below("a", "top")
        .judged("rt", "top", &[(1, "No"), (2, "Yes")])
        .judged("ra", "a", FOUR);
    assert_eq!(scale_of(&assigned(package), "top").len(), 2);
}

#[test]
fn two_criteria_of_its_own_must_agree_too() {
    let agreeing = package("f").competency("a").judged("r1", "a", FOUR).judged("r2", "a", FOUR);
    assert_eq!(scale_of(&assigned(agreeing), "a").len(), 4);
    let differing =
        package("f").competency("a").judged("r1", "a", FOUR).judged("r2", "a", &[(1, "Yes")]);
    assert!(scale_of(&assigned(differing), "a").is_empty());
}

#[test]
fn a_child_of_two_parents_counts_for_both() {
    let package = package("f")
        .competency("p")
        .competency("q")
        .competency("a")
        .below("a", "p")
        .below("a", "q")
        .judged("ra", "a", FOUR);
    let package = assigned(package);
    assert_eq!(scale_of(&package, "p").len(), 4);
    assert_eq!(scale_of(&package, "q"), scale_of(&package, "p"));
}

#[test]
fn a_very_deep_hierarchy_needs_no_stack() {
    let mut deep = package("f").competency("0").judged("r", "0", FOUR);
    for depth in 1..5_000 {
        deep = deep.competency(&depth.to_string());
        deep = deep.below(&(depth - 1).to_string(), &depth.to_string());
    }
    assert_eq!(scale_of(&assigned(deep), "4999").len(), 4);
}
