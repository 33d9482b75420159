//! Which policy holds for whom, and when.

use crate::support::{draft, march, policy};
use northstar_kernel::{ClassId, OrganizationId, TenantId};
use northstar_mastery_domain::{
    Outcome, PolicyDraft, PolicyPublished, Question, Resolution, Scope, chosen, names, resolve,
};

fn school() -> Scope {
    Scope::Organization(OrganizationId::derive(TenantId::from_slug("front-range"), "school"))
}

fn class(key: &str) -> Scope {
    Scope::Class(ClassId::derive(TenantId::from_slug("front-range"), key))
}

fn path() -> [Scope; 3] {
    [class("algebra"), school(), Scope::Network]
}

/// Published for `scope` from a day of March on; its threshold tells it from others.
fn from(day: i64, scope: Scope, mastery_milli: i64) -> PolicyPublished {
    published(day, scope, PolicyDraft { mastery_milli, ..draft() })
}

fn published(day: i64, scope: Scope, draft: PolicyDraft) -> PolicyPublished {
    let policy = policy(draft);
    let effective_from = march(day);
    PolicyPublished { hash: policy.hash(), policy, scope, effective_from, retroactive: false }
}

/// The threshold of the policy that holds on a day.
fn holds(published: &[PolicyPublished], day: i64) -> Option<i64> {
    let question = Question { name: "", path: &path(), at: march(day), began: None };
    chosen(published, &question).map(|chosen| chosen.policy.mastery_milli())
}

fn outcomes(published: &[PolicyPublished], question: &Question<'_>) -> Vec<(i64, Outcome)> {
    let Resolution { chosen: holder, considered } = resolve(published, question);
    assert_eq!(chosen(published, question), holder);
    considered.iter().map(|c| (c.published.policy.mastery_milli(), c.outcome)).collect()
}

#[test]
fn given_no_policy_then_none_holds() {
    assert_eq!(holds(&[], 5), None);
    assert_eq!(holds(&[from(1, class("biology"), 3_000)], 5), None);
}

#[test]
fn a_policy_holds_from_its_day_on() {
    let all = [from(3, Scope::Network, 3_000)];
    assert_eq!([2, 3, 4].map(|day| holds(&all, day)), [None, Some(3_000), Some(3_000)]);
}

#[test]
fn the_more_specific_scope_wins_even_if_it_is_older() {
    let all = [
        from(1, class("algebra"), 1_000),
        from(2, school(), 2_000),
        from(3, Scope::Network, 3_000),
    ];
    assert_eq!(holds(&all, 5), Some(1_000));
    assert_eq!(holds(&all[1..], 5), Some(2_000));
    // Before the class has one, the school's holds.
    let all = [from(4, class("algebra"), 1_000), from(1, school(), 2_000)];
    assert_eq!([3, 4].map(|day| holds(&all, day)), [Some(2_000), Some(1_000)]);
}

#[test]
fn in_a_scope_the_later_day_wins_and_then_the_later_word() {
    let all = [from(3, Scope::Network, 3_000), from(1, Scope::Network, 1_000)];
    assert_eq!([1, 2, 3].map(|day| holds(&all, day)), [1_000, 1_000, 3_000].map(Some));
    let all = [from(1, Scope::Network, 3_000), from(1, Scope::Network, 1_000)];
    assert_eq!(holds(&all, 5), Some(1_000));
}

#[test]
fn everything_that_was_looked_at_is_shown_with_its_outcome() {
    let all = [
        from(1, Scope::Network, 1_000),
        from(1, class("biology"), 1_100),
        from(1, school(), 1_200),
        from(2, school(), 1_300),
        from(9, class("algebra"), 1_400),
    ];
    let question = Question { name: "", path: &path(), at: march(5), began: None };
    let expected = [
        (1_400, Outcome::NotYet),
        (1_300, Outcome::Chosen),
        (1_200, Outcome::Replaced(march(2))),
        (1_000, Outcome::LessSpecific(school())),
        (1_100, Outcome::OutOfScope),
    ];
    assert_eq!(outcomes(&all, &question), expected);
}

#[test]
fn a_learner_stays_under_the_banked_policy_they_began_with() {
    let banked = PolicyDraft { banked: true, mastery_milli: 1_000, ..draft() };
    let all = [published(1, Scope::Network, banked), from(5, Scope::Network, 3_000)];
    let path = path();
    let began = |day| Question { name: "", path: &path, at: march(9), began: day };
    let expected = [(3_000, Outcome::OtherBanked), (1_000, Outcome::Banked(march(2)))];
    assert_eq!(outcomes(&all, &began(Some(march(2)))), expected);
    let threshold = |question: &Question<'_>| {
        resolve(&all, question).chosen.map(|chosen| chosen.policy.mastery_milli())
    };
    // Who began after the change, or has not begun, is under the new one.
    for day in [Some(march(5)), Some(march(7)), Some(march(10)), None] {
        assert_eq!(threshold(&began(day)), Some(3_000), "{day:?}");
    }
    // Who began before there was any is under none that is banked.
    assert_eq!(threshold(&began(Some(march(0)))), Some(3_000));
}

#[test]
fn a_policy_that_is_not_banked_gives_way_for_everybody() {
    let all = [from(1, Scope::Network, 1_000), from(5, Scope::Network, 3_000)];
    let question = Question { name: "", path: &path(), at: march(9), began: Some(march(2)) };
    let expected = [(3_000, Outcome::Chosen), (1_000, Outcome::Replaced(march(5)))];
    assert_eq!(outcomes(&all, &question), expected);
}

#[test]
fn policies_of_different_names_stand_side_by_side() {
    let honours = PolicyDraft { name: "honours".to_owned(), mastery_milli: 3_500, ..draft() };
    let all = [from(1, Scope::Network, 3_000), published(2, Scope::Network, honours)];
    assert_eq!(names(&all).into_iter().collect::<Vec<_>>(), ["", "honours"]);
    assert_eq!(holds(&all, 5), Some(3_000));
    let question = Question { name: "honours", path: &path(), at: march(5), began: None };
    assert_eq!(outcomes(&all, &question), [(3_500, Outcome::Chosen)]);
}

#[test]
fn outcomes_read_as_the_end_of_a_sentence() {
    let said = [
        Outcome::Chosen,
        Outcome::Banked(march(1)),
        Outcome::NotYet,
        Outcome::OutOfScope,
        Outcome::LessSpecific(Scope::Network),
        Outcome::Replaced(march(2)),
        Outcome::OtherBanked,
    ]
    .map(|outcome| outcome.to_string());
    let expected = [
        "holds",
        "holds, as it did when the learner began at 2026-03-01T00:00:00Z",
        "is not in force yet",
        "is for others",
        "gives way to that of network",
        "was replaced by that from 2026-03-02T00:00:00Z on",
        "gives way to the one the learner began with",
    ];
    assert_eq!(said, expected);
}
